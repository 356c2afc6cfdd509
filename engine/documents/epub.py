"""E-books (.epub): the chapters in the order of their spine, through the reader of web pages.

Method: EPUB 3.3 (W3C): META-INF/container.xml names the package document, whose `spine` orders the
items of its `manifest`. A chapter without a heading gets that of the table of contents, which itself
is not read.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.html_blocks import Block, read_blocks
from engine.documents.packages import EBOOK, check_package, member, parsed
from engine.errors import DocumentDamagedError, DocumentPasswordError
from engine.types import Document

_PAGES = frozenset(
    {"application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml"}
)
_FONT_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_TYPE = "{http://www.idpf.org/2007/ops}type"
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")  # says what it was, before it was decoded
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding=["']([\w.-]{2,40})""")


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
            book = _Book(package, builder.name)
            title = book.title()
            missing = 0
            chapters: list[list[Block]] = []
            for chapter in book.chapters():
                abort.raise_if_set()
                page = member(package, chapter)
                missing += page is None
                chapters.append(_blocks(page or b"", book.contents.get(chapter, "")))
        if title and any(chapters):  # a book's title alone is no text
            builder.add_heading(title, 1)
        for block in (one for blocks in chapters for one in blocks):
            if block.level and block.text.casefold() != title.casefold():
                builder.add_heading(block.text, block.level + 1)
            elif not block.level:
                builder.add(block.text)
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


class _Item(NamedTuple):
    path: str  # in the zip
    kind: str
    is_contents: bool


class _Book:
    """The package document: what belongs to the book, in which order."""

    def __init__(self, package: zipfile.ZipFile, name: str) -> None:
        self._package = package
        self._path, self._root = _package_document(package, name)
        self._items = {
            item.get("id", ""): _Item(
                _joined(self._path, item.get("href", "")),
                item.get("media-type", "").lower(),
                "nav" in item.get("properties", "").split(),
            )
            for item in self._root.iter("{*}item")
        }
        self.contents = self._contents()

    def title(self) -> str:
        found = next(self._root.iter("{*}title"), None)
        return "" if found is None else " ".join("".join(found.itertext()).split())

    def chapters(self) -> list[str]:
        """The paths of the chapters in reading order; all pages where none is told."""
        spine = [self._items.get(one.get("idref", "")) for one in self._root.iter("{*}itemref")]
        items = [item for item in spine if item] or list(self._items.values())
        pages = (item for item in items if item.kind in _PAGES and not item.is_contents)
        return list(dict.fromkeys(item.path for item in pages))

    def _contents(self) -> dict[str, str]:
        """What the table of contents calls the chapters, by their path."""
        found: dict[str, str] = {}
        for item in self._items.values():
            if not item.is_contents and item.kind != "application/x-dtbncx+xml":
                continue
            try:
                root = parsed(member(self._package, item.path) or b"", item.path)
            except DocumentDamagedError:
                continue
            for href, label in (*_nav_links(root), *_ncx_links(root)):
                found.setdefault(_joined(item.path, href), " ".join(label.split()))
        return found


def _package_document(package: zipfile.ZipFile, name: str) -> tuple[str, Any]:
    container = member(package, EBOOK.main)
    for rootfile in parsed(container or b"", name).iter("{*}rootfile"):
        path = rootfile.get("full-path", "")
        if (data := member(package, path)) is not None:
            return path, parsed(data, name)
    raise DocumentDamagedError(f"“{name}” is damaged: it does not say what its chapters are.")


def _nav_links(root: Any) -> list[tuple[str, str]]:
    return [
        (link.get("href", ""), "".join(link.itertext()))
        for nav in root.iter("{*}nav")
        if nav.get(_TYPE, "toc") == "toc"
        for link in nav.iter("{*}a")
    ]


def _ncx_links(root: Any) -> list[tuple[str, str]]:
    return [
        (target.get("src", ""), "".join(label.itertext()))
        for point in root.iter("{*}navPoint")
        if (target := point.find("{*}content")) is not None
        and (label := point.find("{*}navLabel")) is not None
    ]


def _joined(base: str, href: str) -> str:
    """The path in the zip of what a part links to."""
    path = posixpath.join(posixpath.dirname(base), unquote(href.partition("#")[0]))
    return posixpath.normpath(path).lstrip("/")


def _blocks(page: bytes, label: str) -> list[Block]:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, no_network=True)
    try:
        tree = html.document_fromstring(_decoded(page).encode("utf-8"), parser=parser)
        blocks = read_blocks(tree)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError, ValueError):
        return []  # an empty page, such as a cover's
    if label and blocks and not any(block.level for block in blocks):
        same = blocks[0].text.casefold() == label.casefold()
        return [Block(label, 1), *blocks[same:]]
    return blocks


def _decoded(page: bytes) -> str:
    if page[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return page.decode("utf-16", "replace")
    declared = _DECLARED.match(page.lstrip(b"\xef\xbb\xbf \r\n\t"))
    try:
        text = page.decode(declared[1].decode("ascii") if declared else "utf-8", "replace")
    except (LookupError, ValueError):  # it names no encoding, or a strange one
        text = page.decode("utf-8", "replace")
    return _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)
