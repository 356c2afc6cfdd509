"""From a tree of HTML elements to blocks of text: headings, paragraphs, lists, tables, code.

Understands HTML's tags and those of trafilatura's bodies (head, list, item, row, cell, lb). Where
the tree comes from, and what of it is worth reading, is decided elsewhere.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol", "list", "menu", "dir"})
_ITEMS = frozenset({"li", "item"})
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "lb"})
_VERBATIM = frozenset({"pre"})
_SKIPPED = _words(
    "script style noscript template svg canvas iframe object embed audio video select textarea "
    "button input datalist map meta link title"
)
_BLOCKS = (
    _words(
        "address article aside blockquote body caption center dd details dialog div dl dt "
        "fieldset figcaption figure footer form header hr html legend main nav p quote "
        "section summary table tbody tfoot thead"
    )
    | _LISTS
    | _ITEMS
    | _ROWS
    | _CELLS
)
# What makes a list item or a table a page layout rather than a list or a table.
_STRUCTURE = HEADINGS | _VERBATIM | {"table", "head", "figure", "form"}
_MAX_CELL_CHARACTERS = 400
_SPACES = re.compile(r"[ \t\r\n\f\u200b\xad]+")


class Block(NamedTuple):
    """A piece of text on its own; `level` 1-6 for headings, 0 for everything else."""

    text: str
    level: int = 0


def read_blocks(root: Any) -> list[Block]:
    reader = _BlockReader()
    reader.walk(root)
    reader.flush()
    return reader.blocks


class _BlockReader:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._inline: list[str] = []

    def flush(self) -> None:
        """What has been gathered so far is a paragraph."""
        text = collapse("".join(self._inline))
        self._inline.clear()
        if text:
            self.blocks.append(Block(text))

    def walk(self, element: Any) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            return
        if level := heading_level(element):
            self._push(Block(collapse(inline_text(element)), level))
        elif tag in _BREAKS:
            self._inline.append("\v")
        elif tag in _VERBATIM or (tag == "code" and "\n" in (verbatim := inline_text(element))):
            self._push(Block((verbatim if tag == "code" else inline_text(element)).strip("\n")))
        elif tag in _LISTS and not _holds(element, _STRUCTURE):
            self._push(Block("\n".join(list_lines(element))))
        elif tag == "table" and (rows := table_lines(element)):
            self._push(Block("\n".join(rows)))
        else:
            self._walk_children(element, tag in _BLOCKS)

    def _walk_children(self, element: Any, is_block: bool) -> None:
        if is_block:
            self.flush()
        self._inline.append(element.text or "")
        for child in element:
            self.walk(child)
            self._inline.append(child.tail or "")
        if is_block:
            self.flush()

    def _push(self, block: Block) -> None:
        self.flush()
        if block.text.strip():
            self.blocks.append(block)


def heading_level(element: Any) -> int:
    """1-6, or 0; trafilatura's `head` says its rank in `rend`."""
    name = element.get("rend", "h2") if element.tag == "head" else element.tag
    return int(name[1]) if name in HEADINGS else 0


def collapse(text: str) -> str:
    """White space as a browser shows it: one space, and a newline only where a break stands."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\v"))
    return "\n".join(line for line in lines if line)


def inline_text(element: Any) -> str:
    """All text below an element; blocks inside it are kept apart by a space."""
    pieces: list[str] = []
    _gather(element, pieces, frozenset())
    return "".join(pieces)


def _gather(element: Any, pieces: list[str], left_out: frozenset[str]) -> None:
    pieces.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED | left_out:
            apart = "\v" if child.tag in _BREAKS else " " if child.tag in _BLOCKS else ""
            pieces.append(apart)
            _gather(child, pieces, left_out)
            pieces.append(apart if apart == " " else "")
        pieces.append(child.tail or "")


def list_lines(element: Any, depth: int = 0) -> list[str]:
    """One line per item, nested lists indented."""
    lines: list[str] = []
    ordered = element.tag == "ol" or element.get("rend") == "ol"
    for number, item in enumerate((one for one in element if one.tag in _ITEMS), start=1):
        pieces: list[str] = []
        _gather(item, pieces, _LISTS)
        text = collapse("".join(pieces)).replace("\n", " ")
        if text:
            lines.append("  " * depth + (f"{number}. " if ordered else "- ") + text)
        for nested in item.iterdescendants(*_LISTS):
            if next(nested.iterancestors(*_ITEMS), None) is item:
                lines.extend(list_lines(nested, depth + 1))
    return lines


def table_lines(table: Any) -> list[str]:
    """One line per row, cells joined by " | "; [] if the table only lays out a page."""
    if _holds(table, _STRUCTURE):
        return []
    lines: list[str] = []
    for row in table.iter(*_ROWS):
        cells = [
            collapse(inline_text(cell)).replace("\n", " ") for cell in row if cell.tag in _CELLS
        ]
        if any(len(cell) > _MAX_CELL_CHARACTERS for cell in cells):
            return []
        if any(cells):
            lines.append(" | ".join(cells).rstrip(" |"))
    return lines


def _holds(element: Any, tags: frozenset[str]) -> bool:
    return next(element.iterdescendants(*tags), None) is not None
