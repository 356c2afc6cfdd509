"""Checks a zip package (.docx, .pptx, .xlsx, .odt, .epub) before any parser sees it.

It must be a sound zip of a sane size, and its XML must define no entities: a few kilobytes can unpack
to gigabytes (a zip bomb), and entities in an XML DOCTYPE can do the same.
"""

from __future__ import annotations

import fnmatch
import io
import posixpath
import zipfile
import zlib
from typing import Any, NamedTuple
from urllib.parse import unquote

from engine.errors import DocumentDamagedError, DocumentPasswordError, DocumentTooLargeError

MAX_UNPACKED_BYTES = 500 * 1024 * 1024
MAX_XML_BYTES = 64 * 1024 * 1024
MAX_PARTS = 20_000
_MAX_RATIO = 150  # Office XML packs 5-30 times
_RATIO_FREE_BYTES = 16 * 1024 * 1024
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_ENTITIES = tuple("<!ENTITY".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


class PackageKind(NamedTuple):
    """`title` as in "a Word document"; `main` names the part without which it is none.

    An XHTML chapter of an e-book begins with a DOCTYPE, which nothing that an office program writes
    does: `doctypes` lets those pass that define no entities.
    """

    title: str
    main: str
    doctypes: bool = False
    xml_factor: int = 1  # how many times `MAX_XML_BYTES` it may have


WORD = PackageKind("a Word document", "word/document*.xml")
SLIDES = PackageKind("a PowerPoint file", "ppt/presentation*.xml")
SHEETS = PackageKind("an Excel file", "xl/workbook*.xml", xml_factor=4)
OPEN_DOCUMENT = PackageKind("an OpenDocument text", "content.xml", doctypes=True)
EBOOK = PackageKind("an e-book", "META-INF/container.xml", doctypes=True)


def check_package(data: bytes, name: str, kind: PackageKind) -> None:
    """Raise a `DocumentError` if this is not a package of this kind that may be parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if any(part.flag_bits & 1 for part in package.infolist()):
                raise DocumentPasswordError(f"“{name}” is protected with a password.")
            _check_sizes(package, name, kind)
            _check_parts(package, name, kind)
    except zipfile.BadZipFile as error:
        raise DocumentDamagedError(
            f"“{name}” is not {kind.title}: it is not a zip package, or it is cut short."
        ) from error
    except (zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise DocumentDamagedError(f"“{name}” is damaged and cannot be unpacked.") from error


def parsed(data: bytes, name: str) -> Any:
    """The root of a part's XML tree; nothing outside the text is ever loaded."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentDamagedError(
            f"“{name}” is damaged: its content cannot be read.", detail=str(error)
        ) from error


def member(package: zipfile.ZipFile, name: str, base: str = "") -> bytes | None:
    """A part's bytes by its name or a link relative to `base`; None if it is not there or broken."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(name)))
    try:
        return package.read(path.lstrip("/"))
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        return None


def refuse_entities(data: bytes, name: str, kind: PackageKind | None = None) -> None:
    """XML that defines entities, or a DOCTYPE where the kind has none, is nothing to be parsed."""
    strict = kind is not None and not kind.doctypes
    refused, what = (_DOCTYPES, "a DOCTYPE") if strict else (_ENTITIES, "entities")
    if any(mark in data for mark in refused):
        raise DocumentDamagedError(
            f"“{name}” was refused: its XML holds {what}, which no office program writes."
        )


def _check_sizes(package: zipfile.ZipFile, name: str, kind: PackageKind) -> None:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    suspicious = any(
        part.file_size > _RATIO_FREE_BYTES
        and part.file_size > _MAX_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    too_large = len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES or suspicious
    xml = 0 if too_large else sum(part.file_size for part in parts if _is_xml(package, part))
    if too_large or xml > kind.xml_factor * MAX_XML_BYTES:
        raise DocumentTooLargeError(
            f"“{name}” unpacks to {unpacked >> 20} MB, more than {kind.title} may.",
            hint="Split it into smaller files, or save its text as .txt.",
        )


def _check_parts(package: zipfile.ZipFile, name: str, kind: PackageKind) -> None:
    names = package.namelist()
    if "encrypted-package" in names:  # OpenDocument 1.4: all of it in one encrypted part
        raise DocumentPasswordError(f"“{name}” is protected with a password.")
    if not fnmatch.filter(names, kind.main):
        raise DocumentDamagedError(f"“{name}” is not {kind.title}: its main part is missing.")
    for part in package.infolist():
        if _is_xml(package, part):
            refuse_entities(package.read(part), name, kind)


def _is_xml(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """By name or by content: a package may declare any part to be XML."""
    if part.filename.lower().endswith((".xml", ".rels", ".vml", ".opf", ".ncx", ".xhtml")):
        return True
    with package.open(part) as content:
        return content.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")
