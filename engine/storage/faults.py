"""Turns SQLite's errors into the ones that a person can act on.

Only errors that SQLite itself reports are translated. Anything else, wrong SQL above all, is a bug
and passes through unchanged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import StorageDamagedError, StorageError, StorageReadOnlyError

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}


@contextmanager
def explained() -> Iterator[None]:
    """Let a block raise `StorageError` or one of its kinds in place of `sqlite3.Error`."""
    try:
        yield
    except sqlite3.Error as error:
        known = explain(error)
        if known is None:
            raise
        raise known from error
    except UnicodeDecodeError as error:
        # SQLite quoted a damaged name in its message, and Python could not read the message.
        raise _damaged(str(error)) from error


def explain(error: sqlite3.Error) -> StorageError | None:
    """The error for the user, or None if this one is a bug."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    detail = f"{getattr(error, 'sqlite_errorname', code)}: {error}"
    primary = code & 0xFF  # the upper bits say more exactly where, which only a report needs
    if primary in _DAMAGED:
        return _damaged(detail)
    if primary in _BUSY:
        return StorageError(
            "The conversations are already open in another Carrel window.",
            hint="Use that window, or close it and try again.",
            detail=detail,
        )
    if primary in _READ_ONLY:
        return StorageReadOnlyError("The conversations file cannot be written.", detail=detail)
    if primary == sqlite3.SQLITE_FULL:
        return StorageError(
            "The disk is full, so this was not saved.",
            hint="Free some space, then try again.",
            detail=detail,
        )
    if primary in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS}:
        return StorageError(
            "The disk could not be read or written, so this was not saved.",
            hint="Check that the disk is connected and not full, then try again.",
            detail=detail,
        )
    if primary == sqlite3.SQLITE_CANTOPEN:
        return StorageError("The conversations file cannot be opened.", detail=detail)
    if primary == sqlite3.SQLITE_TOOBIG:
        return StorageError(
            "This text is too long to be saved.", hint="Split it into parts.", detail=detail
        )
    return None


def _damaged(detail: str) -> StorageDamagedError:
    return StorageDamagedError(
        "The conversations file is damaged.",
        hint="Start Carrel again: it sets the damaged file aside and keeps it.",
        detail=detail,
    )
