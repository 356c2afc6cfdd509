"""Opens the library's database for one process, and begins anew where it is damaged.

What the user chose, the sources, is saved from a damaged file, or else from the list beside it; all
the rest is made of the documents again. The damaged file is kept. Knows nothing of what is indexed.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from engine.errors import LibraryError
from engine.library.tables import migrate, unknown_migrations

Sources = list[tuple[str, str]]  # path, and when it was added

_LOCK_SECONDS = 2.0
# SQLITE_ERROR: tables or columns that are not there.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_PRAGMAS = (
    "locking_mode = EXCLUSIVE",
    "journal_mode = WAL",
    "synchronous = NORMAL",  # what a power cut takes is indexed again
    "foreign_keys = ON",
    "recursive_triggers = ON",
    "secure_delete = ON",  # what is forgotten is not left on the disk
    "journal_size_limit = 16777216",
)


class Damaged(sqlite3.DatabaseError):
    """What SQLite itself only says when it is asked to check."""


def is_damage(error: sqlite3.Error) -> bool:
    if isinstance(error, Damaged) or "decode to UTF-8" in str(error):  # which has no code
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _DAMAGED and "no such module" not in str(error)


def open_database(path: Path, *, anew: bool = False) -> tuple[sqlite3.Connection, str]:
    """The connection, and what there is to say about it; `anew` sets the file that is there aside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if anew:
            raise Damaged("found while it was read")
        return _opened(path), ""
    except UnicodeDecodeError:  # of an error message that names a garbled table
        pass
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
    aside = _set_aside(path)
    sources = _sources_of(aside) or _listed(path)
    connection = _opened(path)
    with connection:
        connection.executemany("INSERT INTO sources (path, added_at) VALUES (?, ?)", sources)
    return (
        connection,
        f"The library was damaged and is made anew. The old file is kept as {aside.name}.",
    )


def list_sources(path: Path, sources: Sequence[tuple[str, str]]) -> None:
    """Write the list beside the library at `path`. A disk that is full costs this copy only."""
    place = _list_of(path)
    part = place.with_name(f"{place.name}.part")
    with contextlib.suppress(OSError):
        part.write_text(json.dumps(sources, indent=1), "utf-8")
        os.replace(part, place)


def remove_files(path: Path) -> None:
    """The library itself and all beside it."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", _list_of(path).name):
        path.with_name(name).unlink(missing_ok=True)
    remove_asides(path)


def remove_asides(path: Path) -> None:
    """The damaged files that were kept hold texts, too."""
    for aside in path.parent.glob(f"{path.name}.damaged*"):
        aside.unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_LOCK_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()
        connection.execute("BEGIN IMMEDIATE")  # takes the lock now
        connection.execute("COMMIT")
        (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if sound != "ok":
            raise Damaged(sound)
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


def _set_aside(path: Path) -> Path:
    """With its journal, which may hold the newest of it."""
    aside, number = path.with_name(f"{path.name}.damaged"), 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{number}")
    path.rename(aside)
    journal = path.with_name(f"{path.name}-wal")
    if journal.exists():
        journal.rename(aside.with_name(f"{aside.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return aside


def _sources_of(damaged: Path) -> Sources:
    try:
        with contextlib.closing(sqlite3.connect(damaged)) as connection:
            return connection.execute("SELECT path, added_at FROM sources ORDER BY id").fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        return []


def _listed(path: Path) -> Sources:
    try:
        return [(str(one), str(when)) for one, when in json.loads(_list_of(path).read_bytes())]
    except (OSError, ValueError, TypeError):
        return []


def _list_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}.sources.json")
