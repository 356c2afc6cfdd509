"""Tables with a row for every file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m004_file_tables(db: Database) -> None:
    """What was asked of many files, and what was found in each.

    - `spec` and `row` are JSON as the engine makes them; storage looks into neither.
    - A row is there from the beginning, with `row` NULL until something was found, so that a table
      that was interrupted knows which files it was about.
    """
    db.executescript("""
        CREATE TABLE file_tables (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            spec TEXT NOT NULL,
            created_at TEXT NOT NULL,
            activity INTEGER NOT NULL,
            deleted_at TEXT
        ) STRICT;
        CREATE TABLE file_table_rows (
            table_id INTEGER NOT NULL REFERENCES file_tables (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            path TEXT NOT NULL,
            row TEXT,
            PRIMARY KEY (table_id, path)
        ) STRICT;
    """)
