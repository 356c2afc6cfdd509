"""A PDF's outline (its bookmarks) as headings, found again in the text of the pages they point to.

An author's outline is better than a guess by type size; an outline whose titles are hardly in the text
(scans' page names, leftovers of a print job) is not one. Knows PDFium's bookmarks only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.text import clean_text

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MAX_ENTRIES = 5_000
_MIN_ENTRIES = 2
_MIN_FOUND = 0.5  # of all entries
_MAX_DEPTH = 6
_LETTERS = re.compile(r"[\W_]+")


class Entry(NamedTuple):
    """`page` counts from 0; `level` from 1."""

    title: str
    level: int
    page: int


def outline(pdf: PdfDocument) -> list[Entry]:
    """The entries that lead to a page, in the author's order; broken ones are passed over."""
    from pypdfium2 import PdfiumError

    entries: list[Entry] = []
    try:
        for number, mark in enumerate(pdf.get_toc(max_depth=_MAX_DEPTH)):
            if number >= MAX_ENTRIES:
                break
            target = mark.get_dest()
            page = target.get_index() if target else None
            title = " ".join(clean_text(mark.get_title())[0].split())
            if title and page is not None and page >= 0:
                entries.append(Entry(title[:200], mark.level + 1, page))
    except (PdfiumError, UnicodeError, ValueError):
        pass  # what was read so far is kept
    return entries


def found_in(
    entries: Sequence[Entry], pages: Mapping[int, Sequence[str]]
) -> dict[tuple[int, int], int] | None:
    """Level of each paragraph that an entry names, by (page, paragraph); None if most are not there.

    `pages` has the paragraphs of each page, which counts from 0.
    """
    found: dict[tuple[int, int], int] = {}
    keys = {page: [_key(text) for text in texts] for page, texts in pages.items()}
    matched = 0
    for entry in entries:
        wanted = _key(entry.title)
        for place, key in enumerate(keys.get(entry.page, ())):
            if (entry.page, place) not in found and wanted and _is_same(key, wanted):
                found[entry.page, place] = entry.level
                matched += 1
                break
    enough = matched >= _MIN_ENTRIES and matched >= _MIN_FOUND * len(entries)
    return found if enough else None


def _key(text: str) -> str:
    return _LETTERS.sub("", text[:400]).casefold()


def _is_same(key: str, wanted: str) -> bool:
    """Equal, but for a number or the word "chapter" that only one of them has in front."""
    shorter, longer = sorted((key, wanted), key=len)
    return longer.endswith(shorter) and len(shorter) >= 3 and len(longer) - len(shorter) <= 10
