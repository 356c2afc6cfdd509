"""Web pages saved as files. The article is read, the menus around it are not; nothing is fetched.

trafilatura finds the article. Where it finds none, or the page is too big for it, all visible text
is read instead.
"""

from __future__ import annotations

import logging
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.contracts import AbortFlag
from engine.documents.base import MAX_CHARACTERS, DocumentFormat, too_many_characters
from engine.documents.builder import DocumentBuilder
from engine.documents.encodings import decode
from engine.documents.html_blocks import Block, collapse, inline_text, read_blocks
from engine.errors import DocumentDamagedError
from engine.text import clean_text, replaced_remark
from engine.types import Document

if TYPE_CHECKING:
    from lxml.html import HtmlElement

logger = logging.getLogger(__name__)

# trafilatura takes about a second for each of these megabytes, and more on odd pages.
_MAX_ARTICLE_CHARACTERS = 3_000_000
_MAX_ARTICLE_ELEMENTS = 60_000
_MIN_ARTICLE_CHARACTERS = 120
_MIN_ARTICLE_SHARE = 0.25
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_TAG = re.compile(r"</?(?:(a|abbr|b|cite|code|em|font|i|small|span|strong|sub|sup|u)\b)?[^<>]*>")
_UNSEEN = re.compile(r"<(script|style|head)\b[^>]{0,2000}>[^<]*(?:<(?!/\1)[^<]*)*", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[^<>]{20000,}")
_ATTRIBUTE = re.compile(r"""[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']*))?""")
_MAX_ATTRIBUTES = 5_000
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")


class HtmlFormat(DocumentFormat):
    format_id = "html"
    title = "Web page"
    suffixes = (".html", ".htm", ".xhtml")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        source, guess_remark = _decode(path.read_bytes())
        source, replaced = clean_text(source)
        if len(source) > 4 * MAX_CHARACTERS:
            raise too_many_characters(builder.name)
        _check_tags(source, builder.name)
        tree, is_whole = _parse(source, builder.name)
        abort.raise_if_set()
        if is_whole:
            blocks, left_out = _article_or_page(tree, read_blocks(tree), len(source))
        else:
            blocks = _stripped(source)
            left_out = "The page is nested too deeply: its plain text was read, menus included."
        _add_blocks(builder, tree, blocks)
        if left_out:
            builder.remarks.append(left_out)
        if guess_remark:
            builder.remarks.append(guess_remark)
        if replaced:
            builder.remarks.append(replaced_remark(replaced))
        return builder.build()


def _decode(data: bytes) -> tuple[str, str]:
    """A page that declares its encoding is believed, unless it is UTF-8 all the same."""
    declared = _CHARSET.search(data[:4096])
    text, remark = decode(data)
    if not remark or not declared:
        return text, remark
    try:
        return data.decode(declared[1].decode("ascii"), "replace"), ""
    except LookupError:
        return text, remark


def _check_tags(source: str, name: str) -> None:
    """libxml2 compares each attribute of a tag with all others."""
    for tag in _LONG_TAG.finditer(source):
        if sum(1 for _ in _ATTRIBUTE.finditer(tag[0])) > _MAX_ATTRIBUTES:
            raise DocumentDamagedError(f"“{name}” is damaged: a tag has thousands of attributes.")


def _parse(source: str, name: str) -> tuple[HtmlElement, bool]:
    """The tree, and whether it holds the whole page: libxml2 stops where tags nest too deeply."""
    from lxml import etree, html

    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    body = _XML_DECLARATION.sub("", source, count=1) if source[:200].count("<?xml") else source
    try:
        tree = html.document_fromstring(body.encode("utf-8"), parser=parser)
        return tree, not any("depth" in entry.message for entry in parser.error_log)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        if not source.strip():
            return html.document_fromstring("<p></p>"), True
        raise DocumentDamagedError(
            f"“{name}” is not a web page that can be read.",
            hint="Open it in a browser and save it again, or copy and paste its text.",
        ) from error


def _stripped(source: str) -> list[Block]:
    """What is left when all tags are taken away; tags that stand between blocks end a line."""
    text = _TAG.sub(lambda tag: tag[0] if tag[1] else "\n", _UNSEEN.sub("\n", source))
    return [Block(" ".join(unescape(_TAG.sub("", line)).split())) for line in text.split("\n")]


def _article_or_page(tree: HtmlElement, page: list[Block], size: int) -> tuple[list[Block], str]:
    """The blocks to read, and a remark about what was not."""
    whole = _characters(page)
    if size > _MAX_ARTICLE_CHARACTERS or sum(1 for _ in tree.iter()) > _MAX_ARTICLE_ELEMENTS:
        return page, "The page is very large: all its text was read, menus included."
    article = _article(tree)
    read = _characters(article)
    if read < min(_MIN_ARTICLE_CHARACTERS, whole) or read < _MIN_ARTICLE_SHARE * whole:
        return page, ""
    share = round(100 * read / whole) if whole else 100
    if share >= 98:
        return article, ""
    return article, f"Read as an article: {share}% of the page's text; menus and the like left out."


def _article(tree: HtmlElement) -> list[Block]:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # "discarding data" is no news
    try:
        found = trafilatura.bare_extraction(
            tree, include_comments=False, include_tables=True, favor_recall=True
        )
    except Exception:  # a page that its heuristics stumble over is still a page with text
        logger.info("trafilatura failed; reading the whole page", exc_info=True)
        return []
    body: Any = getattr(found, "body", None)
    return read_blocks(body) if body is not None else []


def _characters(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _add_blocks(builder: DocumentBuilder, tree: HtmlElement, blocks: list[Block]) -> None:
    title = _title(tree)
    if title and not any(block.level and _same(block.text, title) for block in blocks[:5]):
        builder.add_heading(title, 1)
    for block in blocks:
        if block.level:
            builder.add_heading(block.text, block.level)
        else:
            builder.add(block.text)


def _title(tree: HtmlElement) -> str:
    """The page's own heading if it has exactly one, else what stands in the window's title."""
    headings = [collapse(inline_text(one)) for one in tree.iter("h1")]
    if len(headings) == 1 and headings[0]:
        return " ".join(headings[0].split())
    for one in tree.iter("title"):
        return " ".join((one.text or "").split())
    return ""


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
