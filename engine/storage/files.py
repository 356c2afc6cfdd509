"""The database as files: who may read them, what they are called, and moving them as one.

Knows nothing of what is inside.
"""

from __future__ import annotations

import contextlib
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.errors import StorageError, StorageReadOnlyError

# The write-ahead log holds what is not in the main file yet: the two belong together.
COMPANIONS = ("-wal", "-shm")
STAMP_FORMAT = "%Y%m%dT%H%M%SZ"
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    return datetime.now(UTC).strftime(TIME_FORMAT)


def days_ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).strftime(TIME_FORMAT)


def stamp() -> str:
    """The time as it stands in file names."""
    return datetime.now(UTC).strftime(STAMP_FORMAT)


def unused(path: Path) -> Path:
    """`path`, or the first of `name-2`, `name-3`, … that does not exist."""
    candidate, number = path, 2
    while candidate.exists():
        candidate = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return candidate


def prepare_folder(folder: Path) -> None:
    """Make the folder readable by its owner alone, and check that it can be written."""
    try:
        if folder.exists():
            _make_private(folder)
        else:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except PermissionError as error:
        raise StorageReadOnlyError(
            f"The folder {folder} cannot be made.", detail=str(error)
        ) from error
    except OSError as error:
        raise StorageError(f"The folder {folder} cannot be made.", detail=str(error)) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StorageReadOnlyError(f"Carrel may not write in the folder {folder}.")


def _make_private(folder: Path) -> None:
    # A folder that everybody writes in, like /tmp, is somebody else's choice. The database in it
    # is private all the same, by its own permissions.
    if folder.stat().st_mode & (stat.S_IWOTH | stat.S_ISVTX):
        return
    with contextlib.suppress(PermissionError):  # another owner's
        folder.chmod(0o700)


def prepare_file(path: Path) -> None:
    """Create the file if need be. SQLite gives its companions the permissions of the main file."""
    try:
        # An existing file is not opened here: closing it again would, by POSIX rules, drop the
        # locks that a connection in this process holds on it.
        if path.exists():
            if not path.is_file():
                raise StorageError(f"{path} is not a file.", hint="Move it away, then try again.")
            if not os.access(path, os.R_OK | os.W_OK):
                raise StorageReadOnlyError(f"Carrel may not read and write the file {path}.")
            with contextlib.suppress(PermissionError):
                path.chmod(0o600)
        else:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except PermissionError as error:
        raise StorageReadOnlyError(f"The file {path} cannot be made.", detail=str(error)) from error
    except OSError as error:
        raise StorageError(f"The file {path} cannot be made.", detail=str(error)) from error


def has_log(path: Path) -> bool:
    """Whether it was not closed properly: closing empties the log and removes it."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def set_aside(path: Path) -> Path:
    """Rename a damaged database, companions and all; return its new name."""
    target = unused(path.with_name(f"{path.stem}.damaged-{stamp()}{path.suffix}"))
    # The main file goes last: a log that stayed behind would be replayed into the next database.
    for ending in (*COMPANIONS, ""):
        source = path.with_name(path.name + ending)
        if source.exists():
            source.rename(target.with_name(target.name + ending))
    return target


def sync(path: Path) -> None:
    """Wait until the file is on the disk, not only in its cache."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
