"""Collects a document block by block and keeps the offsets of its sections exact.

Each block is cleaned before it is added, so cleaning can never move an offset afterwards.
"""

from __future__ import annotations

from pathlib import Path

from engine.documents.base import MAX_CHARACTERS, nothing_inside, too_many_characters
from engine.text import clean_text, replaced_remark
from engine.types import Document, Section


class DocumentBuilder:
    """Blocks of text in reading order, with headings and pages marked as they come."""

    def __init__(self, path: Path, format_id: str) -> None:
        self.name = clean_text(path.name)[0]
        self._path = path
        self._format_id = format_id
        self._pieces: list[str] = []
        self._length = 0
        self._replaced = 0
        self._headings: list[tuple[int, str, int]] = []
        self._pages: list[tuple[int, str]] = []
        self._next_page = ""
        self.remarks: list[str] = []

    def add(self, text: str, separator: str = "\n\n") -> int:
        """Append a block after `separator`; return where it starts. Blank blocks are dropped."""
        text, replaced = clean_text(text)
        text = text.strip("\n").rstrip()
        if not text.strip():
            return self._length
        self._replaced += replaced
        if self._pieces and separator:
            self._pieces.append(separator)
            self._length += len(separator)
        start = self._length
        if self._next_page:
            self._pages.append((start, self._next_page))
            self._next_page = ""
        self._pieces.append(text)
        self._length += len(text)
        if self._length > MAX_CHARACTERS:
            raise too_many_characters(self.name)
        return start

    def add_heading(self, text: str, level: int) -> None:
        label = " ".join(clean_text(text)[0].split())
        if label:
            start = self.add(label)
            self._headings.append((start, label, min(max(level, 1), 6)))

    def begin_page(self, label: str) -> None:
        """The next block is the first of a page; a page without blocks has no section."""
        self._next_page = label

    def build(self, page_count: int | None = None) -> Document:
        text = "".join(self._pieces)
        if not text:
            raise nothing_inside(self.name)
        if self._replaced:
            self.remarks.append(replaced_remark(self._replaced))
        sections = page_sections(self._pages, len(text))
        sections += heading_sections(self._headings, len(text))
        sections.sort(key=lambda section: (section.start, section.kind == "heading", section.level))
        return Document(
            name=self.name,
            text=text,
            format=self._format_id,
            path=path_text(self._path),
            sections=tuple(sections),
            page_count=page_count,
            remarks=tuple(self.remarks),
        )


def page_sections(pages: list[tuple[int, str]], length: int) -> list[Section]:
    """Pages reach to the start of the next; (start, label) pairs in order."""
    ends = [*(start for start, _ in pages[1:]), length]
    return [
        Section(start, end, label, kind="page")
        for (start, label), end in zip(pages, ends, strict=False)
    ]


def heading_sections(headings: list[tuple[int, str, int]], length: int) -> list[Section]:
    """A heading reaches to the next one of its own or a higher rank; (start, label, level)."""
    sections: list[Section] = []
    ends: dict[int, int] = {}
    for start, label, level in reversed(headings):
        end = min((ends[rank] for rank in ends if rank <= level), default=length)
        sections.append(Section(start, end, label, level=level))
        ends[level] = start
    return sections[::-1]


def path_text(path: Path) -> str | None:
    """The path as text, or None where its name is not Unicode and could not be sent anywhere."""
    text = str(path)
    return text if clean_text(text)[1] == 0 else None
