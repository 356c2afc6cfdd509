"""Folders and zip archives: which files in them can be read, and one file out of an archive.

A file inside an archive is named by the archive's path and its own name in it. It is unpacked into
memory and read as if it lay alone; an archive in an archive is listed, one level deep.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from engine.contracts import AbortFlag
from engine.documents.base import MAX_FILE_BYTES
from engine.errors import (
    DocumentDamagedError,
    DocumentError,
    DocumentFormatError,
    DocumentNoTextError,
    DocumentNotFoundError,
    DocumentPasswordError,
    DocumentTooLargeError,
    EngineError,
)
from engine.protocol import FoundDocuments, RefusedFile
from engine.text import clean_text

ARCHIVE_SUFFIXES = (".zip",)
MAX_FILES = 20_000
MAX_MEMBERS = 20_000
MAX_MEMBER_BYTES = MAX_FILE_BYTES
_MAX_RATIO = 200
_RATIO_FREE_BYTES = 10 * 1024 * 1024
_HIDDEN = re.compile(
    r"^(?:\.|~\$|__MACOSX$|__pycache__$|node_modules$|\$RECYCLE\.BIN$|System Volume Information$"
    r"|lost\+found$|Thumbs\.db$|desktop\.ini$)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d+)")


def find(paths: Iterable[str], suffixes: frozenset[str], abort: AbortFlag) -> FoundDocuments:
    """The files with these suffixes in folders and archives; a file that is named is always taken."""
    found: dict[str, None] = {}
    refused: list[RefusedFile] = []
    for name in paths:
        try:
            for path in _inside(Path(name), suffixes, abort):
                found.setdefault(path)
                if len(found) > MAX_FILES:
                    raise DocumentTooLargeError(
                        f"There are more than {MAX_FILES:,} files.", hint="Choose smaller folders."
                    )
        except DocumentTooLargeError:
            raise
        except EngineError as error:
            refused.append(RefusedFile(name, error.info()))
    return FoundDocuments(tuple(found), tuple(refused))


def _inside(path: Path, suffixes: frozenset[str], abort: AbortFlag) -> Iterator[str]:
    shown = clean_text(path.name or str(path))[0]
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise DocumentNotFoundError(f"“{shown}” is not there.") from error
    except OSError as error:
        raise DocumentError(
            f"“{shown}” cannot be opened: {error.strerror or error}.",
            hint="Give yourself permission to read it.",
        ) from error
    if stat.S_ISDIR(kind):
        files = list(_files(path, suffixes, abort))
        if not files:
            raise DocumentNoTextError(
                f"The folder “{shown}” has no files that Carrel reads.", hint="Choose another one."
            )
        yield from files
    elif path.suffix.lower() in ARCHIVE_SUFFIXES:
        members = [f"{path}/{name}" for name in _members(path, shown, suffixes)]
        if not members:
            raise DocumentNoTextError(
                f"The archive “{shown}” has no files that Carrel reads.", hint="Choose another one."
            )
        yield from members
    else:
        yield str(path)


def _files(folder: Path, suffixes: frozenset[str], abort: AbortFlag) -> Iterator[str]:
    """In the order a person expects; links are not followed into folders, so there are no loops."""
    abort.raise_if_set()
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: natural(entry.name))
    except OSError:  # a folder that may not be looked into is passed over
        return
    for entry in entries:
        if _HIDDEN.match(entry.name) or not _is_text(entry.name):
            continue
        path = folder / entry.name
        if _is(entry, stat.S_ISDIR, follow=False):
            yield from _files(path, suffixes, abort)
        elif _is(entry, stat.S_ISREG, follow=True):
            suffix = path.suffix.lower()
            if suffix in suffixes:
                yield str(path)
            elif suffix in ARCHIVE_SUFFIXES:
                try:
                    yield from (f"{path}/{name}" for name in _members(path, entry.name, suffixes))
                except DocumentError:  # said when it is opened by itself
                    continue


def _is_text(name: str) -> bool:
    """Some systems let a name be any bytes: no message could tell which file is meant."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def _is(entry: os.DirEntry[str], kind: Callable[[int], bool], *, follow: bool) -> bool:
    try:
        return kind(entry.stat(follow_symlinks=follow).st_mode)
    except OSError:  # gone meanwhile, or a link in a circle
        return False


def _members(archive: Path, shown: str, suffixes: frozenset[str]) -> list[str]:
    with _opened(archive, shown) as package:
        names = [
            member.filename
            for member in package.infolist()
            if not member.is_dir()
            and not stat.S_ISLNK(member.external_attr >> 16)
            and is_sound(member.filename)
            and PurePosixPath(member.filename).suffix.lower() in suffixes
            and not any(_HIDDEN.match(part) for part in member.filename.split("/"))
        ]
    return sorted(names, key=natural)


def archive_of(path: Path) -> tuple[Path, str] | None:
    """The archive and the member's name if the path leads into one."""
    for parent in path.parents:
        if parent.suffix.lower() in ARCHIVE_SUFFIXES and parent.is_file():
            return parent, path.relative_to(parent).as_posix()
    return None


class ArchiveMember(type(Path())):  # type: ignore[misc]
    """A path that leads into an archive, and the file's bytes, for formats that read a path."""

    data: bytes = b""

    @classmethod
    def of(cls, archive: Path, name: str) -> ArchiveMember:
        member = cls(archive, name)
        member.data = member_bytes(archive, name)
        return member

    def read_bytes(self) -> bytes:
        return self.data

    def open(self, *_: object, **__: object) -> io.BytesIO:
        return io.BytesIO(self.data)

    def stat(self, **_: object) -> os.stat_result:
        return os.stat_result((stat.S_IFREG | 0o400, 0, 0, 1, 0, 0, len(self.data), 0, 0, 0))


def member_bytes(archive: Path, name: str) -> bytes:
    """A file out of an archive, of a sane size."""
    shown = clean_text(PurePosixPath(name).name)[0]
    with _opened(archive, clean_text(archive.name)[0]) as package:
        try:
            member = package.getinfo(name)
        except KeyError as error:
            raise DocumentNotFoundError(f"“{shown}” is not in “{archive.name}”.") from error
        if member.flag_bits & 1:
            raise DocumentPasswordError(
                f"“{shown}” is protected with a password in “{archive.name}”.",
                hint="Unpack the archive and open the files.",
            )
        packed = max(member.compress_size, 1)
        if member.file_size > MAX_MEMBER_BYTES or (
            member.file_size > _RATIO_FREE_BYTES and member.file_size > _MAX_RATIO * packed
        ):
            raise DocumentTooLargeError(
                f"“{shown}” unpacks to {member.file_size >> 20} MB, more than a document may."
            )
        try:
            with package.open(member) as packed_file:
                data = packed_file.read(member.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise DocumentDamagedError(f"“{shown}” is damaged in “{archive.name}”.") from error
        except (NotImplementedError, RuntimeError) as error:
            raise DocumentFormatError(
                f"“{shown}” is packed in a way that Carrel cannot unpack.",
                hint="Unpack the archive and open the files.",
            ) from error
    return data


def is_sound(name: str) -> bool:
    """A member's name that stays inside its archive."""
    path = PurePosixPath(name)
    return (
        not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name
    )


def natural(name: str) -> list[object]:
    """Sorts "letter 2" before "letter 10"."""
    return [int(part) if part.isdecimal() else part.casefold() for part in _NUMBER.split(name)]


def _opened(archive: Path, shown: str) -> zipfile.ZipFile:
    try:
        package = zipfile.ZipFile(io.BytesIO(archive.read_bytes()))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise DocumentDamagedError(
            f"The archive “{shown}” is damaged.",
            hint="Make it anew, or unpack it with a repair tool.",
        ) from error
    if len(package.infolist()) > MAX_MEMBERS:
        package.close()
        raise DocumentTooLargeError(f"The archive “{shown}” holds more than {MAX_MEMBERS:,} files.")
    return package
