"""The tables of the library, made by sqlite-utils' migrations as those of the conversations are."""

from __future__ import annotations

import importlib
import sqlite3
import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite_utils

MIGRATION_SET = "carrel-library"


def m001_library(database: sqlite_utils.Database) -> None:
    """Sources are what the user chose, with the device they were on; documents the files found in
    them; passages what is searched.

    `vector` and `sentence_vectors` are float16, rows of unit length; `sentences` are pairs of offsets in
    the document, as JSON. `passages_fts` holds the terms of a passage, with the same rowid. `encoded`
    has what is done of the long document that is being indexed.
    """
    for sql in (
        "CREATE TABLE sources (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, "
        "added_at TEXT NOT NULL, device TEXT)",
        "CREATE TABLE documents (id INTEGER PRIMARY KEY, "
        "source_id INTEGER NOT NULL REFERENCES sources(id) ON DELETE CASCADE, "
        "path TEXT NOT NULL UNIQUE, name TEXT NOT NULL, size INTEGER NOT NULL, "
        "modified_ns INTEGER NOT NULL, state TEXT NOT NULL, error TEXT, format TEXT, text TEXT, "
        "characters INTEGER NOT NULL DEFAULT 0, text_sha256 TEXT, sections TEXT, page_count INTEGER, "
        "remarks TEXT, indexed_at TEXT)",
        "CREATE INDEX documents_source ON documents(source_id)",
        "CREATE TABLE passages (id INTEGER PRIMARY KEY, "
        "document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE, "
        "start INTEGER NOT NULL, end INTEGER NOT NULL, text_sha256 TEXT NOT NULL, "
        "vector BLOB NOT NULL, sentences TEXT NOT NULL, sentence_vectors BLOB NOT NULL)",
        "CREATE INDEX passages_document ON passages(document_id)",
        "CREATE INDEX passages_text ON passages(text_sha256)",
        "CREATE TABLE encoded (text_sha256 TEXT PRIMARY KEY, vector BLOB NOT NULL, "
        "sentence_vectors BLOB NOT NULL)",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "CREATE VIRTUAL TABLE passages_fts USING fts5(terms, "
        "tokenize = 'unicode61 remove_diacritics 0')",
        "CREATE VIRTUAL TABLE passages_terms USING fts5vocab(passages_fts, 'row')",
        # A cascade from documents would leave the terms behind.
        "CREATE TRIGGER passages_gone AFTER DELETE ON passages BEGIN "
        "DELETE FROM passages_fts WHERE rowid = old.id; END",
    ):
        database.conn.execute(sql)


MIGRATIONS = (m001_library,)


def migrate(connection: sqlite3.Connection) -> None:
    sqlite_utils = _sqlite_utils()
    known = sqlite_utils.Migrations(MIGRATION_SET)
    for migration in MIGRATIONS:
        known()(migration)
    known.apply(sqlite_utils.Database(connection, execute_plugins=False))


def unknown_migrations(connection: sqlite3.Connection) -> list[str]:
    """What a newer Carrel has done to this file."""
    try:
        rows = connection.execute(
            "SELECT name FROM _sqlite_migrations WHERE migration_set = ?", [MIGRATION_SET]
        ).fetchall()
    except sqlite3.OperationalError:
        return []
    ours = {migration.__name__ for migration in MIGRATIONS}
    return [name for (name,) in rows if name not in ours]


def _sqlite_utils() -> ModuleType:
    return sys.modules.get("sqlite_utils") or importlib.import_module("sqlite_utils")
