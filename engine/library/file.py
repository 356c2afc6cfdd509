"""The library's file as its other modules read and write it: one connection under a lock.

SQLite's errors become `LibraryError`s that say what to do. Knows no table.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import LibraryError
from engine.library.opening import is_damage, open_database

_ELSEWHERE = (
    "The library is open in another Carrel.",
    "Use it there, or close that window or command and try again.",
)
_UNREADABLE = ("The library could not be read or written.", "Check the disk, then try again.")
_ERRORS = {
    sqlite3.SQLITE_BUSY: _ELSEWHERE,
    sqlite3.SQLITE_LOCKED: _ELSEWHERE,
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
}


class LibraryFile:
    """Thread-safe. `remark` says what was found and done while opening, "" if nothing.

    Once something is met that is `is_damaged`, the file is to be opened `anew`.
    """

    def __init__(self, path: Path, *, anew: bool = False) -> None:
        self.path = path
        self.is_damaged = False
        self._lock = threading.RLock()
        with self._told():
            self._connection, self.remark = open_database(path, anew=anew)

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
                with contextlib.suppress(sqlite3.Error):  # the first error is what is told
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else writes while the block reads."""
        with self._lock:
            yield

    @contextlib.contextmanager
    def trusted(self) -> Iterator[None]:
        """What the block reads and cannot make sense of is damage."""
        try:
            yield
        except UnicodeEncodeError:  # of what was asked
            raise
        except (ValueError, TypeError, msgspec.MsgspecError) as error:
            raise self._damage(error) from error

    def wipe(self, *, whole: bool = False) -> None:
        """Have nothing left on the disk of what was deleted; `whole` also gives the space back."""
        with self._lock:
            # Full-text search keeps the words of deleted rows until it merges.
            self.write("INSERT INTO passages_fts (passages_fts) VALUES ('optimize')")
            if whole:
                self.write("VACUUM")
            self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LibraryError(
                f"The library's folder cannot be written: {error.strerror or error}.",
                hint="Check its permissions and the space on the disk.",
            ) from error
        except UnicodeDecodeError as error:
            raise self._damage(error) from error
        except sqlite3.Error as error:
            if is_damage(error):
                raise self._damage(error) from error
            code = getattr(error, "sqlite_errorcode", None)
            message, hint = _ERRORS.get(code & 0xFF if code is not None else -1, _UNREADABLE)
            raise LibraryError(message, hint=hint, detail=str(error)) from error

    def _damage(self, error: Exception) -> LibraryError:
        self.is_damaged = True
        return LibraryError(
            "The library's file is damaged.",
            hint="Try again: it is then made anew of the same files and folders.",
            detail=repr(error),
        )
