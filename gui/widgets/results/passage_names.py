"""Short names of passages for source chips, fast for long documents: "p. 12", "¶ 3".

They say the same as `engine.retrieval.naming`, which counts paragraphs anew each time.
"""

from __future__ import annotations

import bisect
import re

import msgspec

from engine.retrieval.naming import name_passage
from engine.types import Document

_BLANK_LINES = re.compile(r"(\n[^\S\n]*\n)\s*")


class PassageNames:
    """Of one document."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._outline = msgspec.structs.replace(document, text="")
        pages = tuple(section for section in document.sections if section.kind == "page")
        # Of a single page, its number tells nothing.
        pages = pages if len(pages) > 1 else ()
        self._pages = msgspec.structs.replace(self._outline, sections=pages)
        self._breaks: list[int] | None = None

    def full(self, start: int, end: int) -> str:
        """Page and heading, or the number of the paragraph."""
        if self._outline.sections:
            name = name_passage(self._outline, start, end)
            if not name.startswith("¶"):
                return name
        return f"¶ {self._paragraph(start)}"

    def short(self, start: int, end: int) -> str:
        """For a chip: the page where there is one, else the paragraph; never a long heading."""
        page = name_passage(self._pages, start, end) if self._pages.sections else "¶"
        return f"¶ {self._paragraph(start)}" if page.startswith("¶") else page

    def _paragraph(self, start: int) -> int:
        if self._breaks is None:
            begin = len(self._text) - len(self._text.lstrip())
            self._breaks = [found.end(1) for found in _BLANK_LINES.finditer(self._text, begin)]
        return 1 + bisect.bisect_right(self._breaks, start)
