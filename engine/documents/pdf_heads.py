"""Finds what is printed at the edge of every page: running heads and page numbers. Knows lines only."""

from __future__ import annotations

import re
from collections import Counter

from engine.documents.builder import DocumentBuilder
from engine.documents.pdf_lines import Line

_MIN_REPEATS = 3
_MAX_RUNNING_HEAD = 120  # characters
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")
_PAGE_NUMBER = re.compile(
    r"\W{0,5}(?:(?:page|seite|p\.?)\s*)?#(?:\s*(?:/|of|von|–|-)\s*#)?\W{0,5}|第\s*#\s*[页頁]"
)


def leave_out_running_heads(pages: list[list[Line]], builder: DocumentBuilder) -> None:
    """Drop page numbers, and lines that come back at the same edge of many pages."""
    edges = [_edge_lines(lines) for lines in pages]
    numbers = _page_numbers(pages, edges)
    repeats = Counter(key for page in edges for key in set(page.values()))
    examples: list[str] = []
    for number, (lines, page) in enumerate(zip(pages, edges, strict=True)):
        outer: set[int] = set()
        for index, key in page.items():
            if _PAGE_NUMBER.fullmatch(key[1]):
                outer.add(index)
            elif index in numbers[number] or (
                number and repeats[key] >= _MIN_REPEATS  # on the first page it is a letterhead
            ):
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
    upright = [index for index, line in enumerate(lines) if not line.is_turned]
    turned = [index for index, line in enumerate(lines) if line.is_turned]
    upright.sort(key=lambda index: -lines[index].baseline)
    return {
        index: (
            round(lines[index].baseline / 12),
            _DIGITS.sub("#", " ".join(lines[index].text.lower().split())),
        )
        for index in upright[:2] + upright[2:][-2:] + turned[:4]
    }


def _page_numbers(
    pages: list[list[Line]], edges: list[dict[int, tuple[int, str]]]
) -> list[set[int]]:
    """Of each page, the lines at its edge that begin or end with its number: "10 | 1.3 Methods"."""
    named: list[
        dict[int, set[int]]
    ] = []  # a line to the numbers at its ends, less the page's place
    for place, (lines, page) in enumerate(zip(pages, edges, strict=True)):
        named.append({})
        for index in page:
            ends = [cell.text for cell in (lines[index].cells[:1] + lines[index].cells[-1:])]
            found = {int(text) - place for text in ends if text.isdecimal() and len(text) < 5}
            if found and len(lines[index].text) < _MAX_RUNNING_HEAD:
                named[-1][index] = found
    counts = Counter(shift for page in named for shift in set().union(*page.values()))
    usual, count = counts.most_common(1)[0] if counts else (0, 0)
    if count < max(_MIN_REPEATS, len(pages) // 4):
        return [set() for _ in pages]
    return [{index for index, shifts in page.items() if usual in shifts} for page in named]
