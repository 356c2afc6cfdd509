"""E-books (.epub): the chapters in the order of their spine, through the reader of web pages.

Method: EPUB 3.3 (W3C): META-INF/container.xml names the package document, whose `spine` orders the
items of its `manifest`. What is in `linear="no"` (notes, answers) comes where it stands.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.html_blocks import read_blocks
from engine.documents.packages import EBOOK, check_package, member, parsed
from engine.errors import DocumentDamagedError, DocumentPasswordError
from engine.types import Document

_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_FONT_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


class EpubFormat(DocumentFormat):
    format_id = "epub"
    title = "E-book"
    suffixes = (".epub",)

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        data = path.read_bytes()
        check_package(data, builder.name, EBOOK)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _refuse_locked(package, builder.name)
            opf_path, opf = _package_document(package, builder.name)
            if title := _text_of(opf, "title"):
                builder.add_heading(title, 1)
            missing = 0
            for href in _spine(opf):
                abort.raise_if_set()
                page = member(package, href, opf_path)
                if page is None:
                    missing += 1
                else:
                    _add_chapter(builder, page, title)
        if missing:
            noun = "chapter is" if missing == 1 else "chapters are"
            builder.remarks.append(f"{missing} {noun} missing in the file.")
        return builder.build()


def _refuse_locked(package: zipfile.ZipFile, name: str) -> None:
    """A shop's copy protection; what hides only fonts does not matter."""
    encryption = member(package, "META-INF/encryption.xml")
    if encryption is None:
        return
    for method in parsed(encryption, name).iter("{*}EncryptionMethod"):
        if method.get("Algorithm") not in _FONT_ONLY:
            raise DocumentPasswordError(
                f"“{name}” is protected against copying (DRM).",
                hint="Only the program of the shop that sold it can open it.",
            )


def _package_document(package: zipfile.ZipFile, name: str) -> tuple[str, Any]:
    container = member(package, EBOOK.main)
    for rootfile in parsed(container or b"", name).iter("{*}rootfile"):
        path = rootfile.get("full-path", "")
        if (data := member(package, path)) is not None:
            return path, parsed(data, name)
    raise DocumentDamagedError(f"“{name}” is damaged: it does not say what its chapters are.")


def _text_of(opf: Any, tag: str) -> str:
    found = next(opf.iter("{*}" + tag), None)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def _spine(opf: Any) -> list[str]:
    """The paths of the chapters, relative to the package document."""
    items = {
        item.get("id"): (item.get("href", ""), item.get("media-type", ""), item.get("properties"))
        for item in opf.iter("{*}item")
    }
    chapters = []
    for reference in opf.iter("{*}itemref"):
        href, kind, properties = items.get(reference.get("idref"), ("", "", None))
        if href and kind in _PAGES and "nav" not in (properties or "").split():
            chapters.append(href.partition("#")[0])
    return chapters


def _add_chapter(builder: DocumentBuilder, page: bytes, book: str) -> None:
    from lxml import etree, html

    parser = html.HTMLParser(encoding=_encoding(page), remove_comments=True, no_network=True)
    try:
        tree = html.document_fromstring(page, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError, ValueError):
        return  # an empty page, such as a cover's
    for block in read_blocks(tree):
        if block.level and block.text.casefold() != book.casefold():
            builder.add_heading(block.text, min(block.level + 1, 6))
        elif not block.level:
            builder.add(block.text)


def _encoding(page: bytes) -> str:
    return "utf-16" if page[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
