"""Names a passage the way a person would point to it: "p. 12, Methods", or "¶ 3"."""

from __future__ import annotations

import re

from engine.types import Document

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_MAX_LABEL_CHARACTERS = 60


def name_passage(document: Document, start: int, end: int) -> str:
    """Page and heading where known; else the number of the paragraph, counted by blank lines."""
    names = [name for name in (_page(document, start, end), _heading(document, start)) if name]
    return ", ".join(names) if names else f"¶ {_paragraph(document.text, start)}"


def _page(document: Document, start: int, end: int) -> str:
    pages = [
        section.label
        for section in document.sections
        if section.kind == "page" and section.start < max(end, start + 1) and start < section.end
    ]
    if len(pages) < 2:
        return "".join(pages)
    # "p. 3" and "p. 5" are "pp. 3–5", "slide 3" and "slide 5" are "slides 3–5".
    kind, space, first = pages[0].partition(" ")
    plural = "pp." if kind == "p." else f"{kind}s"
    return f"{plural}{space}{first}–{pages[-1].removeprefix(kind + space)}"


def _heading(document: Document, start: int) -> str:
    """The innermost heading that the passage's beginning stands under."""
    label = ""
    for section in document.sections:  # in order of start, so the last one is the innermost
        if section.kind == "heading" and section.start <= start < section.end:
            label = section.label
    if len(label) <= _MAX_LABEL_CHARACTERS:
        return label
    return label[: _MAX_LABEL_CHARACTERS - 1].rstrip() + "…"


def _paragraph(text: str, start: int) -> int:
    begin = len(text) - len(text.lstrip())
    return 1 + sum(1 for _ in _BLANK_LINES.finditer(text, begin, max(start, begin)))
