"""Tells what a file is from its first bytes. It parses nothing; names are only hints."""

from __future__ import annotations

import fnmatch
import re
import zipfile
from pathlib import Path
from typing import Literal

FileKind = Literal[
    "pdf", "docx", "pptx", "xlsx", "odt", "epub", "zip", "ole", "ole-encrypted", "rtf", "image",
    "binary", "html", "text",
]  # fmt: skip
# By the members that only one kind has. Online editors name the main part "document2.xml".
_PACKAGES: tuple[tuple[tuple[str, ...], FileKind], ...] = (
    (("word/document*.xml",), "docx"),
    (("ppt/presentation*.xml",), "pptx"),
    (("xl/workbook*.xml",), "xlsx"),
    (("META-INF/container.xml",), "epub"),
    (("content.xml", "META-INF/manifest.xml"), "odt"),
    (("content.xml", "mimetype"), "odt"),
    (("encrypted-package", "mimetype"), "odt"),
)

_HEAD_BYTES = 64 * 1024
_TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF87a", b"GIF89a")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article)[\s>]", re.IGNORECASE)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))


def file_kind(path: Path) -> FileKind:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.lstrip().startswith(b"%PDF-"):
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package_kind(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole-encrypted" if _holds_encrypted_package(path) else "ole"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    is_bitmap = head.startswith(b"BM") and head[6:10] == bytes(4)
    if head.startswith(_IMAGES) or is_bitmap or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    if _is_binary(head):
        return "binary"
    return "html" if _HTML.search(head[:2048]) else "text"


def _package_kind(path: Path) -> FileKind:
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "zip"
    return next(
        (kind for wanted, kind in _PACKAGES if all(fnmatch.filter(names, one) for one in wanted)),
        "zip",
    )


def _holds_encrypted_package(path: Path) -> bool:
    """Word keeps a password-protected .docx inside an OLE file, under this name."""
    with path.open("rb") as file:
        return "EncryptedPackage".encode("utf-16-le") in file.read(8 * 1024 * 1024)


def _is_binary(head: bytes) -> bool:
    """More than a tenth control characters, and not UTF-16."""
    if head.startswith(_TEXT_MARKS):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls * 10 <= len(head):
        return False
    evens, odds = head[::2].count(0), head[1::2].count(0)
    return not (controls == evens + odds and min(evens, odds) == 0)
