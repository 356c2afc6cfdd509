"""Conversations and documents on disk: one SQLite file, one connection, one thread.

To add a table or a column: one `mNNN_….py` beside this file and one line in `migrations.py`.
Opening a database imports sqlite-utils only when there is something to migrate: it costs some
50-100 ms and, with the NumPy it pulls in, 10-22 MB in the window's process.
"""
