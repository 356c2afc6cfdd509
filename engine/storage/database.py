"""Opens the one SQLite file, keeps it safe, and lends its connection.

Not for several threads: whoever opens it uses and closes it. Knows no table by name.

`locking_mode=EXCLUSIVE` rather than a lock file, since the lock then ends with the process however
that ends, holds on every system, keeps other programs than Carrel out as well, and leaves a single
connection: SQLite before 3.51.3 can lose rows in WAL mode when two of them write and checkpoint.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from engine.errors import StorageDamagedError, StorageError
from engine.storage import backups, files, migrations
from engine.storage.faults import explain, explained
from engine.storage.inspection import LOCK_SECONDS, check, check_schema, inspect

SMALLEST_PAGE = 512  # bytes


class Database:
    """`remarks` are sentences for the user about what was found and done while opening."""

    def __init__(self, path: Path, connection: sqlite3.Connection, remarks: list[str]) -> None:
        self.path = path
        self.remarks = tuple(remarks)
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or create the database; a damaged one is set aside, never deleted.

        Raises `StorageNewerError` (file untouched), `StorageReadOnlyError`, or `StorageError`,
        among others when another Carrel has it open.
        """
        path = Path(path).absolute()
        remarks: list[str] = []
        files.prepare_folder(path.parent)
        try:
            _check_present(path, remarks)
            files.prepare_file(path)
            connection = _open_checked(path, remarks)
        except StorageDamagedError as damage:
            remarks.append(_replace(path, damage))
            files.prepare_file(path)
            connection = _open_checked(path, remarks)
        return cls(path, connection, remarks)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with explained():
            return self._connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, *parameters: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        rows = self.rows(sql, *parameters)
        return rows[0] if rows else None

    def write(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        """Run one statement that changes rows: durable on return, unless inside `transaction`."""
        with explained():
            return self._connection.execute(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block's writes or none. Durable when the block has ended. Does not nest."""
        with explained():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite may have rolled back by itself, as it does when the disk is full.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _check_present(path: Path, remarks: list[str]) -> None:
    """Tell a new database from one that was lost.

    SQLite takes a file shorter than its smallest page for a new one, and deletes a log that has
    no main file. Here both are damage, so that everything is kept.
    """
    has_log = files.has_log(path)
    earlier = backups.existing(path)
    if not path.exists() and not has_log:
        if earlier:
            remarks.append(
                f"There was no conversations file at {path}, so Carrel started a new one. "
                f"Earlier backups are in {backups.folder(path)}."
            )
        return
    size = path.stat().st_size if path.is_file() else 0
    if size < SMALLEST_PAGE and (size or has_log or earlier):
        raise StorageDamagedError("The conversations file was missing or cut off.")


def _open_checked(path: Path, remarks: list[str]) -> sqlite3.Connection:
    if files.has_log(path):
        # Closing a connection that may write would put the log into the file. A file that is
        # newer or damaged is to stay as it is.
        inspect(path, "mode=ro")
    with explained():
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=rw",
            uri=True,
            timeout=LOCK_SECONDS,
            isolation_level=None,  # transactions begin and end where the code says so
        )
        try:
            # Before the first access, or WAL would share memory through one more file.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE").close()
            applied = check(connection)
            _configure(connection)
            _migrate(connection, path, applied)
            if applied and backups.is_due(path):
                _back_up_daily(connection, path, remarks)
        except BaseException:
            connection.close()
            raise
    return connection


def _configure(connection: sqlite3.Connection) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # a commit survives a power cut, not only the end of the process
        "fullfsync = ON",  # macOS: through the drive's own cache as well
        "foreign_keys = ON",
        "journal_size_limit = 16777216",  # one long paste need not leave a long log for good
    ):
        connection.execute(f"PRAGMA {pragma}").close()
    connection.execute("BEGIN IMMEDIATE")  # takes the lock now, not at the first message
    connection.execute("COMMIT")
    connection.execute("PRAGMA busy_timeout = 5000").close()


def _migrate(connection: sqlite3.Connection, path: Path, applied: tuple[str, ...]) -> None:
    pending = [name for name in migrations.known_names() if name not in applied]
    if not pending:
        return
    if applied:
        backups.back_up(connection, path, f"-before-{pending[0]}")
    try:
        migrations.apply_pending(connection)
    except sqlite3.Error as error:
        if explain(error):
            raise
        raise StorageError(
            "The conversations file could not be brought up to date.",
            hint=f"It was left as it was; a copy is in {backups.folder(path)}.",
            detail=str(error),
        ) from error
    check_schema(connection)


def _back_up_daily(connection: sqlite3.Connection, path: Path, remarks: list[str]) -> None:
    """A backup that fails is no reason to keep the user from the conversations."""
    try:
        backups.back_up(connection, path)
    except StorageError as error:
        remarks.append(f"Today's backup was not made. {error.message} {error.hint}")


def _replace(path: Path, damage: StorageDamagedError) -> str:
    """Set a damaged database aside, put the newest good backup in its place, and say so."""
    backup = backups.newest_good(path)
    # Copied first: with a full disk this fails while everything is still where it was.
    restored = backups.copy_back(backup, path) if backup else None
    try:
        aside = files.set_aside(path)
        if restored:
            restored.rename(path)
    except OSError as error:
        raise StorageDamagedError(
            damage.message, hint=f"It could not be renamed: {path}.", detail=str(error)
        ) from error
    story = f"{damage.message} It was kept as {aside}. "
    if backup is None:
        return story + "There was no good backup, so Carrel started with an empty one."
    taken = backups.taken_at(backup)
    return story + (
        f"The backup of {taken:%Y-%m-%d %H:%M} UTC was put in its place; "
        "what was written after that is only in the file that was kept."
    )
