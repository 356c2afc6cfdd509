"""Checks a .docx package before any parser sees it: a sound zip, of a sane size, without a DOCTYPE.

A few kilobytes can unpack to gigabytes (a zip bomb), and an XML DOCTYPE can define entities that
do the same; Word writes neither.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from engine.errors import DocumentDamagedError, DocumentPasswordError, DocumentTooLargeError

MAX_UNPACKED_BYTES = 500 * 1024 * 1024
MAX_XML_BYTES = 64 * 1024 * 1024
MAX_PARTS = 20_000
_MAX_RATIO = 150  # Word's XML packs 5-30 times
_RATIO_FREE_BYTES = 4 * 1024 * 1024
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def check_package(data: bytes, name: str) -> None:
    """Raise a `DocumentError` if this is not a package that may be parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if any(part.flag_bits & 1 for part in package.infolist()):
                raise DocumentPasswordError(f"“{name}” is protected with a password.")
            _check_sizes(package, name)
            _check_parts(package, name)
    except zipfile.BadZipFile as error:
        raise DocumentDamagedError(
            f"“{name}” is not a Word document: it is not a zip package, or it is cut short."
        ) from error
    except (zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise DocumentDamagedError(f"“{name}” is damaged and cannot be unpacked.") from error


def _check_sizes(package: zipfile.ZipFile, name: str) -> None:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    suspicious = any(
        part.file_size > _RATIO_FREE_BYTES
        and part.file_size > _MAX_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    too_large = len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES or suspicious
    xml = 0 if too_large else sum(part.file_size for part in parts if _is_xml(package, part))
    if too_large or xml > MAX_XML_BYTES:
        raise DocumentTooLargeError(
            f"“{name}” unpacks to {unpacked >> 20} MB, more than a Word document may.",
            hint="Split it into smaller files, or save its text as .txt.",
        )


def _check_parts(package: zipfile.ZipFile, name: str) -> None:
    if "word/document.xml" not in package.namelist():
        raise DocumentDamagedError(f"“{name}” is not a Word document: it has no text part.")
    for part in package.infolist():
        if _is_xml(package, part):
            content = package.read(part)
            if any(mark in content for mark in _DOCTYPES):
                raise DocumentDamagedError(
                    f"“{name}” was refused: it holds an XML DOCTYPE, which Word never writes."
                )


def _is_xml(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """By name or by content: a package may declare any part to be XML."""
    if part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return True
    with package.open(part) as content:
        return content.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")
