"""A flow of Rich Text: paragraphs, list items, headings and table rows, put together as they end.

The text itself is one flow; each note, comment, text box and page header is one of its own.
"""

from __future__ import annotations

from typing import NamedTuple

_BULLETS = frozenset("•·-–—*oo§▪■□●○◦‣⁃➢✓\uf0b7\uf0a7\uf0a8\uf06e\uf076\uf0d8\uf0fc")


class Block(NamedTuple):
    """`kind` is "paragraph", "heading", "item" or "row"; `level` is that of a heading."""

    kind: str
    text: str
    level: int = 0
    cells: tuple[str, ...] = ()


class Flow:
    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.blocks: list[Block] = []
        self.boxes: list[Block] = []  # text boxes that are anchored in the current paragraph
        self._pieces: list[str] = []
        self._marker: list[str] = []
        self._cell: list[str] = []  # the paragraphs of the current table cell
        self._cells: list[str] = []

    def put(self, text: str, is_marker: bool = False) -> None:
        (self._marker if is_marker else self._pieces).append(text)

    def end_paragraph(self, heading: int = 0, depth: int = 0, in_table: bool = False) -> None:
        text = whole_characters("".join(self._pieces)).strip()
        marker = _list_marker(whole_characters("".join(self._marker)))
        self._pieces.clear()
        self._marker.clear()
        if in_table:
            self._cell.append(marker.lstrip() + text)
            return
        self._end_row()  # a row that its table never ended
        if text and heading:
            self.blocks.append(Block("heading", marker.replace("- ", "") + text, heading))
        elif text:
            kind = "item" if marker else "paragraph"
            self.blocks.append(Block(kind, "  " * (depth if marker else 0) + marker + text))
        self.blocks += self.boxes
        self.boxes = []

    def end_cell(self) -> None:
        self.end_paragraph(in_table=True)
        self._cells.append("\n".join(filter(None, self._cell)))
        self._cell = []

    def end_row(self) -> None:
        if self._pieces or self._cell:
            self.end_cell()
        self._end_row()
        self.blocks += self.boxes
        self.boxes = []

    def end(self) -> None:
        self.end_row() if self._cell or self._cells else self.end_paragraph()

    def line(self) -> str:
        """All of it on one line."""
        self.end()
        parts = (" ".join(block.cells) or block.text for block in self.blocks)
        return " ".join(" ".join(parts).split())

    def _end_row(self) -> None:
        if self._cell:
            self._cells.append("\n".join(filter(None, self._cell)))
        if any(self._cells):
            self.blocks.append(Block("row", "", cells=tuple(self._cells)))
        self._cell, self._cells = [], []


def whole_characters(text: str) -> str:
    """Halves of characters beyond the basic plane, written as two numbers, become one."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _list_marker(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    return "- " if len(text) == 1 and text in _BULLETS else f"{text} "
