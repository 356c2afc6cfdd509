"""Which files the library's sources have now. Knows nothing of what is in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection

import msgspec

from engine.documents.stamps import file_stamp
from engine.errors import DocumentError
from engine.library.file import LibraryFile

Find = Callable[[str], tuple[str, ...]]
Stamp = tuple[int, int]  # size in bytes, time of the last change in nanoseconds


class Listing(msgspec.Struct, frozen=True):
    """`refused` says in a line each which sources are there and could not be looked into; `is_less`
    whether documents left."""

    refused: tuple[str, ...]
    is_less: bool


def list_files(file: LibraryFile, find: Find) -> Listing:
    """Note which files there are now: new and changed ones wait, missing ones leave.

    A source that cannot be looked into (a drive that is not there) keeps its documents.
    """
    refused: list[str] = []
    is_less = False
    for source_id, source, device in file.rows("SELECT id, path, device FROM sources ORDER BY id"):
        try:
            paths = find(source)
        except DocumentError as error:
            if os.path.lexists(source):
                refused.append(f"{source}: {error.info().one_line()}")
            continue
        here = _device(source)
        if not os.access(source, os.R_OK) or (not paths and device not in (None, here)):
            continue  # an empty folder where a drive was
        stamps = {path: file_stamp(path) for path in paths}
        is_less |= _note(file, source_id, stamps)
        if here != device:
            file.write("UPDATE sources SET device = ? WHERE id = ?", here, source_id)
    if is_less:
        file.wipe()
    return Listing(tuple(refused), is_less)


def _note(file: LibraryFile, source_id: int, stamps: dict[str, Stamp]) -> bool:
    """Whether documents left."""
    with file.transaction():
        if not file.rows("SELECT 1 FROM sources WHERE id = ?", source_id):
            return False  # removed meanwhile
        known = {
            row[0]: row[1:]
            for row in file.rows("SELECT path, id, source_id, size, modified_ns FROM documents")
        }
        for path, (size, modified) in stamps.items():
            if path not in known:
                file.write(
                    "INSERT INTO documents (source_id, path, name, size, modified_ns, state) "
                    "VALUES (?, ?, ?, ?, ?, 'waiting')",
                    *(source_id, path, os.path.basename(path), size, modified),
                )
            elif known[path][2:] != (size, modified):
                file.write(
                    "UPDATE documents SET state = 'waiting', error = NULL, size = ?, "
                    "modified_ns = ? WHERE id = ?",
                    *(size, modified, known[path][0]),
                )
        gone = [
            number
            for path, (number, source, *_) in known.items()
            if source == source_id and path not in stamps
        ]
        for number in gone:
            file.write("DELETE FROM documents WHERE id = ?", number)
    return bool(gone)


def source_of(path: str, sources: Collection[tuple[int, str]]) -> int | None:
    """The first of these sources that the file lies in."""
    for number, source in sources:
        if path == source or path.startswith(source.rstrip(os.sep) + os.sep):
            return number
    return None


def _device(path: str) -> str | None:
    try:
        return str(os.stat(path).st_dev)
    except OSError:
        return None
