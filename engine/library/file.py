"""Opens the library's file, and makes a new one of the same sources if it is damaged.

One connection, shared by the worker's threads under a lock; exclusive, so that there is one writer.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.errors import LibraryError
from engine.library.tables import migrate, unknown_migrations

_LOCK_SECONDS = 2.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_ERRORS = {
    sqlite3.SQLITE_BUSY: (
        "The library is open in another Carrel.",
        "Use it there, or close that window or command and try again.",
    ),
    sqlite3.SQLITE_LOCKED: ("The library is open in another Carrel.", "Close it and try again."),
    sqlite3.SQLITE_FULL: (
        "The disk is full: the library could not be written.",
        "Free some space; indexing then goes on where it was.",
    ),
    sqlite3.SQLITE_READONLY: (
        "The library's file cannot be written.",
        "Give yourself permission to write it.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The library's file cannot be opened.",
        "Check the folder's permissions and the disk.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The library could not be read or written.",
        "Check the disk, then try again.",
    ),
}


class LibraryFile:
    """Thread-safe. `remark` says what was found and done while opening, "" if nothing."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self.remark = ""
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._told():
            try:
                self._connection = _opened(path)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                sources = _sources_of(path)
                aside = _set_aside(path)
                self._connection = _opened(path)
                self.remark = (
                    f"The library was damaged and is made anew. The old file is kept as {aside}."
                )
                with self.transaction():
                    for name, added in sources:
                        self.write(
                            "INSERT INTO sources (path, added_at) VALUES (?, ?)", name, added
                        )

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with self._lock, self._told():
            return self._connection.execute(sql, parameters).fetchall()

    def write(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        with self._lock, self._told():
            return self._connection.execute(sql, parameters)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block's writes or none. Nobody else reads or writes meanwhile."""
        with self._lock, self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", None)
            known = _ERRORS.get(code & 0xFF) if code is not None else None
            if _is_damage(error):
                known = (
                    "The library's file is damaged.",
                    "Start Carrel again: the library is then made anew of the same folders.",
                )
            if known is None:
                raise
            raise LibraryError(known[0], hint=known[1], detail=str(error)) from error


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_LOCK_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in (
            "locking_mode = EXCLUSIVE",
            "journal_mode = WAL",
            "synchronous = NORMAL",  # what a power cut takes is indexed again
            "foreign_keys = ON",
            "recursive_triggers = ON",
            "journal_size_limit = 16777216",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        connection.execute("BEGIN IMMEDIATE")  # takes the lock now
        connection.execute("COMMIT")
        (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if sound != "ok":
            raise _Damaged(sound)
        if newer := unknown_migrations(connection):
            raise LibraryError(
                "The library was made by a newer Carrel.",
                hint="Use that one, or move the library's file away to begin anew.",
                detail=", ".join(newer),
            )
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


class _Damaged(sqlite3.DatabaseError):
    pass


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, _Damaged) or (code is not None and code & 0xFF in _DAMAGED)


def _sources_of(path: Path) -> list[tuple[str, str]]:
    """What the user chose is worth saving from a damaged file; everything else is made of it."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as damaged:
            return damaged.execute("SELECT path, added_at FROM sources").fetchall()
    except sqlite3.Error:
        return []


def _set_aside(path: Path) -> str:
    aside = path.with_name(f"{path.name}.damaged")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{number}")
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return aside.name
