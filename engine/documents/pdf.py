"""PDF. Reads the text layer page by page, in reading order, as paragraphs.

Left out, and said: running heads and page numbers, pages that are only pictures. It does no OCR,
and forms, notes in the margin and attachments are not read.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.pdf_lines import Line, reading_order
from engine.documents.pdf_outline import Entry, found_in, outline
from engine.documents.pdf_paragraphs import (
    Joiner,
    Paragraph,
    is_heading,
    line_spacing,
    may_join_pages,
    paragraphs,
)
from engine.documents.pdf_words import MAX_PAGE_CHARACTERS, page_fragments
from engine.errors import (
    DocumentDamagedError,
    DocumentNoTextError,
    DocumentPasswordError,
)
from engine.types import Document

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MAX_PAGES = 5_000
_PASSWORD_ERRORS = (4, 5)  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
_MIN_REPEATS = 3
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")
_PAGE_NUMBER = re.compile(
    r"\W{0,5}(?:(?:page|seite|p\.?)\s*)?#(?:\s*(?:/|of|von|–|-)\s*#)?\W{0,5}|第\s*#\s*[页頁]"
)


class PdfFormat(DocumentFormat):
    format_id = "pdf"
    title = "PDF"
    suffixes = (".pdf",)

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        pdf = _open(path.read_bytes(), builder.name)
        try:
            pages = _read_pages(pdf, builder, abort)
            entries = outline(pdf)
        finally:
            pdf.close()
        _check_text(pages, builder)
        _leave_out_running_heads(pages, builder)
        _add_pages(pages, entries, builder, abort)
        return builder.build(page_count=len(pages))


def _open(data: bytes, name: str) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        pdf = PdfDocument(data)
        count = len(pdf)
    except PdfiumError as error:
        if error.err_code in _PASSWORD_ERRORS:
            raise DocumentPasswordError(f"“{name}” is protected with a password.") from error
        raise DocumentDamagedError(
            f"“{name}” is damaged or cut short: it is not a PDF that can be read."
        ) from error
    if count < 1:
        raise DocumentDamagedError(f"“{name}” is damaged: it has no pages.")
    return pdf


def _read_pages(pdf: PdfDocument, builder: DocumentBuilder, abort: AbortFlag) -> list[list[Line]]:
    """The lines of each page; an unreadable page is empty and gets a remark."""
    from pypdfium2 import PdfiumError

    pages: list[list[Line]] = []
    damaged: list[int] = []
    if len(pdf) > MAX_PAGES:
        builder.remarks.append(f"Only the first {MAX_PAGES:,} of {len(pdf):,} pages were read.")
    for number in range(min(len(pdf), MAX_PAGES)):
        abort.raise_if_set()
        try:
            page = pdf[number]
            fragments, characters = page_fragments(page.get_textpage())
            page.close()
        except PdfiumError:
            damaged.append(number + 1)
            fragments, characters = [], 0
        if characters > MAX_PAGE_CHARACTERS:
            builder.remarks.append(f"Page {number + 1} holds too much text; its end was left out.")
        pages.append(reading_order(fragments))
    if damaged:
        builder.remarks.append(f"{_page_list(damaged)} damaged and left out.")
    if len(damaged) == len(pages):
        raise DocumentDamagedError(f"“{builder.name}” is damaged: none of its pages can be read.")
    return pages


def _check_text(pages: list[list[Line]], builder: DocumentBuilder) -> None:
    empty = [number for number, lines in enumerate(pages, start=1) if not lines]
    if len(empty) == len(pages):
        raise DocumentNoTextError(
            f"“{builder.name}” is a scan: its pages are pictures without a text layer.",
            hint="Run it through an OCR program first, then open the result.",
        )
    if empty:
        builder.remarks.append(
            f"{_page_list(empty)} without text (a picture, a scan or blank); not read."
        )


def _page_list(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10])) + (", …" if len(numbers) > 10 else "")
    noun = "Page" if len(numbers) == 1 else "Pages"
    return f"{noun} {shown}:"


def _leave_out_running_heads(pages: list[list[Line]], builder: DocumentBuilder) -> None:
    """Drop page numbers, and lines that come back at the same edge of many pages."""
    edges = [_edge_lines(lines) for lines in pages]
    repeats = Counter(key for page in edges for key in set(page.values()))
    examples: list[str] = []
    for number, (lines, page) in enumerate(zip(pages, edges, strict=True)):
        outer: set[int] = set()
        for index, key in page.items():
            if _PAGE_NUMBER.fullmatch(key[1]):
                outer.add(index)
            elif number and repeats[key] >= _MIN_REPEATS:  # on the first page it is a letterhead
                outer.add(index)
                examples.append(" ".join(lines[index].text.split())[:60])
        if len(outer) < len(lines):
            lines[:] = [line for index, line in enumerate(lines) if index not in outer]
        else:
            examples = examples[: -len(outer)] if outer else examples
    if examples:
        builder.remarks.append(f"Running heads left out (“{examples[0]}” and the like).")


def _edge_lines(lines: list[Line]) -> dict[int, tuple[int, str]]:
    """The two topmost and the two lowest lines: index to (rough height, text without numbers)."""
    by_height = sorted(range(len(lines)), key=lambda index: -lines[index].baseline)
    return {
        index: (
            round(lines[index].baseline / 12),
            _DIGITS.sub("#", " ".join(lines[index].text.lower().split())),
        )
        for index in by_height[:2] + by_height[2:][-2:]
    }


def _add_pages(
    pages: list[list[Line]], entries: list[Entry], builder: DocumentBuilder, abort: AbortFlag
) -> None:
    joiner = Joiner(line.text for lines in pages for line in lines)
    body_size, body_is_bold = _body(pages)
    spacing = line_spacing([line for lines in pages for line in lines])
    texts: list[tuple[int, list[Paragraph]]] = []
    for number, lines in enumerate(pages, start=1):
        abort.raise_if_set()
        if lines:
            texts.append((number, paragraphs(lines, joiner, body_size, spacing)))
    levels = _by_outline(texts, entries) or _by_type(texts, body_size, body_is_bold)
    joint = "\n\n"
    for index, (number, page) in enumerate(texts):
        following = texts[index + 1][1][0] if index + 1 < len(texts) else None
        first_joint, joint = joint, "\n\n"
        for place, paragraph in enumerate(page):
            text = paragraph.text
            is_last = place == len(page) - 1
            if is_last and following and may_join_pages(paragraph, following):
                text, joint = _page_joint(joiner.join(text, following.text), following.text)
            if place == 0:
                builder.begin_page(f"p. {number}")
            if level := levels.get((number, place)):
                builder.add_heading(text, level)
            else:
                builder.add(text, first_joint if place == 0 else "\n\n")


def _by_outline(
    texts: list[tuple[int, list[Paragraph]]], entries: list[Entry]
) -> dict[tuple[int, int], int] | None:
    """Levels of headings by (page from 1, paragraph), as the outline has them; None without one."""
    pages = {
        number - 1: ["" if paragraph.is_table else paragraph.text for paragraph in page]
        for number, page in texts
    }
    found = found_in(entries, pages) if entries else None
    return found and {(page + 1, place): level for (page, place), level in found.items()}


def _by_type(
    texts: list[tuple[int, list[Paragraph]]], body_size: float, body_is_bold: bool
) -> dict[tuple[int, int], int]:
    """The same by type size and weight."""
    headings = {
        (number, place): _rank_size(paragraph)
        for number, page in texts
        for place, paragraph in enumerate(page)
        if is_heading(paragraph, body_size, body_is_bold)
    }
    ranks = sorted(set(headings.values()), reverse=True)
    return {place: ranks.index(size) + 1 for place, size in headings.items()}


def _page_joint(joined: str, following: str) -> tuple[str, str]:
    """What stays on this page of two joined paragraphs, and what stands between them."""
    head = joined.removesuffix(following)
    return head.rstrip(), " " if head.endswith(" ") else ""


def _rank_size(paragraph: Paragraph) -> float:
    return round(paragraph.size * 2) / 2


def _body(pages: list[list[Line]]) -> tuple[float, bool]:
    """The size and weight of most of the text."""
    sizes: Counter[tuple[float, bool]] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size * 2) / 2, line.is_bold] += len(line.text)
    return sizes.most_common(1)[0][0]
