"""Takes a document's text apart: sentences, parts of about one prompt, names of passages.

It knows offsets and characters; it knows no model, no file and no storage.
"""
