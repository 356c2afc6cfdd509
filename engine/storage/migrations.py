"""The steps that lead from an empty file to today's tables, in order.

To change the tables: write `mNNN_what_it_does.py` with one function of that name, whose docstring
says why, and append it to `MIGRATIONS`. Never edit or remove one that has been released: old files
have run it. Keep a file of the version before in `tests/files` and test that it opens.
"""

from __future__ import annotations

import importlib
import sqlite3
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

from engine.storage.m001_first_tables import m001_first_tables
from engine.storage.m002_prompts import m002_prompts
from engine.storage.m003_runs_of_several import m003_runs_of_several
from engine.storage.m004_file_tables import m004_file_tables
from engine.storage.m005_attachments import m005_attachments

if TYPE_CHECKING:
    import sqlite_utils

MIGRATION_SET = "carrel"
MIGRATIONS: tuple[Callable[[sqlite_utils.Database], None], ...] = (
    m001_first_tables,
    m002_prompts,
    m003_runs_of_several,
    m004_file_tables,
    m005_attachments,
)

# What the code uses, by table, in the order in which it reads them. A file that lacks any of it
# has a damaged schema.
COLUMNS = {
    "conversations": "id, title, created_at, updated_at, pinned, current_message_id, "
    "activity, deleted_at",
    "messages": "id, conversation_id, parent_id, role, status, created_at, made_by, error, content, "
    "reasoning, uses_library",
    "documents": "id, name, text, format, path, sections, page_count, remarks, added_at, "
    "characters, text_sha256, activity, deleted_at",
    "tool_runs": "id, document_id, text_tool, options, result, model, seconds, created_at, further",
    "prompts": "message_id, base_id, base_length, text",
    "scores": "message_id, tokens",
    "file_tables": "id, name, spec, created_at, activity, deleted_at",
    "file_table_rows": "table_id, position, path, row",
    "attachments": "message_id, position, document_id",
    "given_texts": "message_id, texts",
}


def known_names() -> tuple[str, ...]:
    return tuple(migration.__name__ for migration in MIGRATIONS)


def applied_names(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The migrations that this file has run, read as sqlite-utils writes them."""
    if not any(name == "_sqlite_migrations" for name in table_names(connection)):
        return ()
    rows = connection.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", [MIGRATION_SET]
    )
    return tuple(name for (name,) in rows)


def table_names(connection: sqlite3.Connection) -> tuple[str, ...]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return tuple(name for (name,) in rows)


def apply_pending(connection: sqlite3.Connection) -> None:
    """Run what has not been run yet, each in a transaction of its own."""
    sqlite_utils = _import_sqlite_utils()

    migrations = sqlite_utils.Migrations(MIGRATION_SET)
    for migration in MIGRATIONS:
        migrations()(migration)
    migrations.apply(sqlite_utils.Database(connection, execute_plugins=False))


def _import_sqlite_utils() -> ModuleType:
    """sqlite-utils without NumPy, which it takes if it can: 15 MB that the window has no use for."""
    is_there = "numpy" in sys.modules
    if not is_there:
        sys.modules["numpy"] = None  # type: ignore[assignment]  # an import of it fails now
    try:
        return importlib.import_module("sqlite_utils")
    finally:
        if not is_there:
            del sys.modules["numpy"]
