"""The first tables: conversations as trees of messages, documents, and what was found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m001_first_tables(db: Database) -> None:
    """SQL rather than `create()`, because sqlite-utils cannot ask for AUTOINCREMENT.

    - AUTOINCREMENT: an id is never given twice, not even after the newest row was purged.
    - STRICT: `integrity_check` then also finds values whose type was damaged.
    - `activity` grows with every use and orders the lists: clocks jump, counters do not.
    - `parent_id` does not cascade: a long chat would recurse deeper than SQLite allows. Messages go
      only together with their conversation.
    - Long texts come last in a row, so that reading what stands before them does not read them.
    """
    db.executescript("""
        CREATE TABLE conversations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            activity INTEGER NOT NULL,
            pinned INTEGER NOT NULL DEFAULT 0,
            deleted_at TEXT,
            current_message_id INTEGER REFERENCES messages (id) ON DELETE SET NULL
        ) STRICT;
        CREATE TABLE messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            parent_id INTEGER REFERENCES messages (id),
            role TEXT NOT NULL,
            status TEXT NOT NULL,
            created_at TEXT NOT NULL,
            made_by TEXT,
            error TEXT,
            content TEXT NOT NULL
        ) STRICT;
        CREATE TABLE documents (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            format TEXT NOT NULL,
            path TEXT,
            page_count INTEGER,
            characters INTEGER NOT NULL,
            text_sha256 TEXT NOT NULL,
            added_at TEXT NOT NULL,
            activity INTEGER NOT NULL,
            deleted_at TEXT,
            remarks TEXT NOT NULL,
            sections TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
        CREATE TABLE tool_runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
            text_tool TEXT NOT NULL,
            seconds REAL NOT NULL,
            created_at TEXT NOT NULL,
            options TEXT NOT NULL,
            model TEXT,
            result TEXT NOT NULL
        ) STRICT;
    """)
    for table, columns in (
        ("conversations", ["activity"]),
        ("conversations", ["current_message_id"]),  # foreign keys are checked from both ends
        ("messages", ["conversation_id", "parent_id"]),
        ("messages", ["parent_id"]),
        ("documents", ["activity"]),
        ("documents", ["text_sha256"]),
        ("tool_runs", ["document_id", "text_tool"]),
    ):
        db.table(table).create_index(columns)
    # At most one row or two: what the last session left unfinished is found without a scan.
    db.execute("CREATE INDEX idx_messages_streaming ON messages (id) WHERE status = 'streaming'")
