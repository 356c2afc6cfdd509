"""Looks at a database file without changing a byte of it, before anything is trusted to it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from engine.errors import StorageDamagedError, StorageNewerError
from engine.storage import migrations
from engine.storage.faults import explained

# How long to wait for another Carrel that is just closing.
LOCK_SECONDS = 1.0


def lenient_text(raw: bytes) -> str:
    """A damaged letter shall not hide the rest of its text."""
    return raw.decode("utf-8", "replace")


def inspect(path: Path, mode: str) -> tuple[str, ...]:
    """`check` a file that is not open, and leave every byte of it and of its log as it is.

    `mode=ro` asks for a lock and, while there is a log, for 32 kB of disk; `immutable=1` for
    neither: it is for files that nobody else can have open.
    """
    uri = f"{path.resolve().as_uri()}?{mode}"
    with (
        explained(),
        contextlib.closing(sqlite3.connect(uri, uri=True, timeout=LOCK_SECONDS)) as connection,
    ):
        return check(connection)


def check(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The migrations that the file has run; none for a new file.

    Raises `StorageNewerError` for a file from the future and `StorageDamagedError` for one that is
    broken or not Carrel's. Reads the whole file, about 0.6 s per gigabyte once it is cached.
    `integrity_check` rather than `quick_check`, which takes four fifths of the time, since only it
    finds indexes that contradict their tables. A letter changed inside a text is not found.
    """
    connection.text_factory = lenient_text
    connection.execute("PRAGMA trusted_schema = OFF").close()
    connection.execute("PRAGMA cell_size_check = ON").close()
    with _wrong_sql_means_damage():
        applied = migrations.applied_names(connection)
        known = migrations.known_names()
        # Migrations are only ever appended: a newer file has run all of ours, and then some.
        if set(applied) > set(known):
            raise StorageNewerError("The conversations were written by a newer version of Carrel.")
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok" or applied != known[: len(applied)]:
            raise StorageDamagedError(
                "The conversations file is damaged.", detail=f"{verdict}; migrations: {applied}"
            )
        if applied == known:
            check_schema(connection)
        tables = set(migrations.table_names(connection)) - {"_sqlite_migrations"}
        if tables and not applied:
            raise StorageDamagedError(
                "The conversations file is not one that Carrel wrote.", detail=f"tables: {tables}"
            )
    return applied


def check_schema(connection: sqlite3.Connection) -> None:
    """Raise `StorageDamagedError` if tables, columns or links that Carrel uses are missing."""
    connection.execute("PRAGMA foreign_keys = ON").close()
    with _wrong_sql_means_damage():
        for table, columns in migrations.COLUMNS.items():
            # Nothing runs: compiling alone finds what is missing, also at the end of a link.
            connection.execute(f"EXPLAIN SELECT {columns} FROM {table}").close()
            key = columns.partition(",")[0]
            connection.execute(f"EXPLAIN INSERT INTO {table} ({key}) VALUES (0)").close()
            connection.execute(f"EXPLAIN DELETE FROM {table}").close()


@contextlib.contextmanager
def _wrong_sql_means_damage() -> Iterator[None]:
    """For statements that every sound file understands: here the file is wrong, not the code."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) != sqlite3.SQLITE_ERROR:
            raise
        raise StorageDamagedError(
            "The conversations file is damaged.", detail=str(error)
        ) from error
