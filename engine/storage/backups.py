"""Dated copies of the database in `backups/` beside it.

At most one a day, plus one before each upgrade of the tables. Kept are the newest of each of the
last 12 days, 10 weeks and 9 months that have one. Days are taken from the names and counted by
what is there, not from today, so that a clock that jumps throws nothing away. Copies made before
an upgrade are few and stay.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from pathlib import Path

from engine.errors import StorageError
from engine.storage import files
from engine.storage.faults import explained
from engine.storage.inspection import inspect

KEPT: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
    (12, lambda taken: taken.date()),
    (10, lambda taken: taken.isocalendar()[:2]),
    (9, lambda taken: (taken.year, taken.month)),
)
_STAMP = re.compile(r"-(\d{8}T\d{6}Z)")


def folder(database: Path) -> Path:
    return database.parent / "backups"


def existing(database: Path) -> list[Path]:
    """All backups, newest first."""
    found = [path for path in folder(database).glob(f"*{database.suffix}") if taken_at(path)]
    return sorted(found, key=lambda path: (taken_at(path), path.name), reverse=True)


def taken_at(path: Path) -> datetime | None:
    """When a backup was made, by its name; None for files that are not backups."""
    match = _STAMP.search(path.stem)
    if match is None:
        return None
    try:
        return datetime.fromisoformat(match[1])
    except ValueError:
        return None


def is_due(database: Path) -> bool:
    """Whether there is none of today yet."""
    today = files.stamp()[:8]
    return not any(f"-{today}T" in path.stem for path in existing(database))


def back_up(connection: sqlite3.Connection, database: Path, label: str = "") -> Path:
    """Copy the open database, which must have passed its check: damage is not worth keeping.

    Works while the connection is in use. A copy that was cut off never gets a backup's name.
    """
    partial = folder(database) / f"{database.stem}.part"
    try:
        files.prepare_folder(folder(database))
        partial.unlink(missing_ok=True)  # of a copy that was cut off
        files.prepare_file(partial)
        with explained(), contextlib.closing(sqlite3.connect(partial)) as copy:
            connection.backup(copy)
        files.sync(partial)
        name = f"{database.stem}-{files.stamp()}{label}{database.suffix}"
        target = files.unused(folder(database) / name)
        partial.rename(target)
        thin(existing(database))
    except OSError as error:
        raise StorageError("The backup could not be written.", detail=str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return target


def thin(backups: Iterable[Path]) -> None:
    """Remove what `KEPT` does not ask for; `backups` come newest first."""
    daily = [path for path in backups if "-before-" not in path.stem]
    keep: set[Path] = set()
    for count, bucket_of in KEPT:
        newest: dict[Hashable, Path] = {}
        for path in daily:
            taken = taken_at(path)
            if taken is not None:
                newest.setdefault(bucket_of(taken), path)
        keep.update(list(newest.values())[:count])
    for path in daily:
        if path not in keep:
            path.unlink(missing_ok=True)


def newest_good(database: Path) -> Path | None:
    """The newest backup that passes every check; it is only read."""
    for path in existing(database):
        with contextlib.suppress(StorageError):
            if inspect(path, "immutable=1"):
                return path
    return None


def copy_back(backup: Path, database: Path) -> Path:
    """Put a copy of a backup beside the database, ready to be renamed; return the copy."""
    copy = files.unused(database.with_name(f"{database.stem}.restored{database.suffix}"))
    try:
        files.prepare_file(copy)
        shutil.copyfile(backup, copy)
        files.sync(copy)
    except OSError as error:
        copy.unlink(missing_ok=True)
        raise StorageError(
            f"The backup {backup} could not be copied back.",
            hint="Free some space on the disk, then start Carrel again. Nothing was changed.",
            detail=str(error),
        ) from error
    return copy
