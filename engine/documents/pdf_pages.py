"""From the lines of all pages to the document: paragraphs, headings, and where each page begins.

Headings are those of the outline, if it is one, and else what is larger or bolder than the text.
"""

from __future__ import annotations

from collections import Counter

from engine.contracts import AbortFlag
from engine.documents.builder import DocumentBuilder
from engine.documents.pdf_lines import Line
from engine.documents.pdf_outline import Entry, found_in
from engine.documents.pdf_paragraphs import (
    Joiner,
    Paragraph,
    is_heading,
    line_spacing,
    may_join_pages,
    paragraphs,
)


def add_pages(
    pages: list[list[Line]], entries: list[Entry], builder: DocumentBuilder, abort: AbortFlag
) -> None:
    joiner = Joiner(line.text for lines in pages for line in lines)
    body_size, body_is_bold, body_is_fixed = _body(pages)
    if body_is_fixed:  # typewritten: its lines are no program text
        pages = [[line._replace(is_fixed=False) for line in lines] for lines in pages]
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
    ranks: list[float] = []
    for size in sorted(set(headings.values()), reverse=True):
        if not ranks or size < 0.96 * ranks[-1]:  # less is the same size on another page
            ranks.append(size)
    return {
        place: sum(size < 0.96 * rank for rank in ranks) + 1 for place, size in headings.items()
    }


def _page_joint(joined: str, following: str) -> tuple[str, str]:
    """What stays on this page of two joined paragraphs, and what stands between them."""
    head = joined.removesuffix(following)
    return head.rstrip(), " " if head.endswith(" ") else ""


def _rank_size(paragraph: Paragraph) -> float:
    return round(paragraph.size * 2) / 2


def _body(pages: list[list[Line]]) -> tuple[float, bool, bool]:
    """The size of most of the text, whether it is bold, and of fixed pitch."""
    sizes: Counter[tuple[float, bool, bool]] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size * 2) / 2, line.is_bold, line.is_fixed] += len(line.text)
    return sizes.most_common(1)[0][0]
