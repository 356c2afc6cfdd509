"""What the user chose to have in the library, and how it leaves. Knows nothing of search."""

from __future__ import annotations

import datetime
import os
from collections.abc import Collection

from engine.errors import LibraryError
from engine.library.file import LibraryFile
from engine.library.listing import source_of
from engine.library.opening import list_sources, remove_asides


def add_sources(file: LibraryFile, paths: Collection[str]) -> None:
    """All of them or, if one is not there, none."""
    for path in paths:
        if "\0" in path or not os.path.exists(os.path.expanduser(path)):
            raise LibraryError(
                f"“{os.path.basename(path.rstrip(os.sep)) or path}” is not there.",
                hint="Check that it has not been moved, renamed or deleted.",
            )
        if not _is_text(path):
            raise LibraryError(
                "The name of this file or folder is no readable text.", hint="Rename it."
            )
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    with file.transaction():
        for path in paths:
            whole = os.path.abspath(os.path.expanduser(path))
            file.write("INSERT OR IGNORE INTO sources (path, added_at) VALUES (?, ?)", whole, now)
    _list(file)


def remove_sources(file: LibraryFile, numbers: Collection[int]) -> None:
    """With all that was indexed of them, but what lies in another source too."""
    with file.transaction():
        others = [
            (number, path)
            for number, path in file.rows("SELECT id, path FROM sources ORDER BY id")
            if number not in numbers
        ]
        for source in numbers:
            for number, path in file.rows(
                "SELECT id, path FROM documents WHERE source_id = ?", source
            ):
                if (other := source_of(path, others)) is not None:
                    file.write("UPDATE documents SET source_id = ? WHERE id = ?", other, number)
            file.write("DELETE FROM documents WHERE source_id = ?", source)
            file.write("DELETE FROM sources WHERE id = ?", source)
    file.wipe()
    _list(file)


def remove_all(file: LibraryFile) -> None:
    """Nothing of any text stays on the disk."""
    with file.transaction():
        for table in ("documents", "sources", "encoded"):
            file.write(f"DELETE FROM {table}")
    file.wipe(whole=True)
    _list(file)
    remove_asides(file.path)


def _list(file: LibraryFile) -> None:
    list_sources(file.path, file.rows("SELECT path, added_at FROM sources ORDER BY id"))


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
