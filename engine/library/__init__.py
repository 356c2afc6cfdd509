"""The library: documents and watched folders, searched by words and by meaning.

It is a SQLite file of its own (`library.sqlite3`) that only the worker opens. Everything in it but the
list of sources is made from the documents and can be made again, so that a damaged file costs time and
no text. `file` opens it, `indexing` fills it, `search` looks things up, `library` is what others use.
"""
