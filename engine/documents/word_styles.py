"""What Word's styles say of a paragraph: is it a heading, is it a list item, is it hidden?

Knows the rules of inheritance (`w:basedOn`); it counts nothing and knows no text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from engine.documents.word_numbering import WordNumbering, small_number

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(r"heading (\d)", re.IGNORECASE)
_MAX_INHERITANCE = 20  # a style may be based on itself in a broken file
_OFF = ("0", "false", "off")


class WordStyles:
    """Looks up headings and list markers; for markers ask in order, once for each paragraph."""

    def __init__(self, word: WordDocument) -> None:
        styles = word.styles.element
        self._styles = {style.get(_W + "styleId"): style for style in styles.iter(_W + "style")}
        self._numbering = WordNumbering(word)

    def heading_level(self, paragraph: Any) -> int:
        """1-6, or 0 for body text."""
        outline = self._inherited(paragraph, "outlineLvl")
        if outline is not None and (number := small_number(outline)) < 9:
            return min(number + 1, 6)
        for style in self._chain(paragraph.find(f"{_W}pPr/{_W}pStyle")):
            name = style.find(_W + "name")
            label = name.get(_W + "val", "") if name is not None else ""
            if label.lower() == "title":
                return 1
            if match := _HEADING_NAME.fullmatch(label):
                return min(int(match[1]), 6)
        return 0

    def list_marker(self, paragraph: Any) -> str:
        """`"- "`, `"3. "` with indentation by level, or "" for what is no list item."""
        list_id, level = self._list_place(paragraph)
        return "  " * level + self._numbering.marker(list_id, level) if list_id else ""

    def heading_number(self, paragraph: Any) -> str:
        """`"2.1 "`, or "" for a heading without a number."""
        list_id, level = self._list_place(paragraph)
        if not list_id or not self._numbering.is_numbered(list_id, level):
            return ""
        return self._numbering.marker(list_id, level)

    def is_hidden(self, run: Any) -> bool:
        """Text with the font effect "hidden", set on the run or by its styles."""
        paragraph = next(run.iterancestors(_W + "p"), None)
        styles = self._chain(run.find(f"{_W}rPr/{_W}rStyle"))
        if paragraph is not None:
            styles += self._chain(paragraph.find(f"{_W}pPr/{_W}pStyle"))
        for element in (run, *styles):
            mark = element.find(f"{_W}rPr/{_W}vanish")
            if mark is not None:
                return mark.get(_W + "val", "1") not in _OFF
        return False

    def _list_place(self, paragraph: Any) -> tuple[str, int]:
        """The id of the list that a paragraph is in and its level; "" for none."""
        number_id = self._inherited(paragraph, "numPr/" + _W + "numId")
        list_id = number_id.get(_W + "val", "0") if number_id is not None else "0"
        if list_id == "0":
            return "", 0
        depth = self._inherited(paragraph, "numPr/" + _W + "ilvl")
        if depth is not None:
            return list_id, min(small_number(depth), 8)
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = style.get(_W + "val", "") if style is not None else ""
        return list_id, min(self._numbering.level_of_style(list_id, name), 8)

    def _chain(self, reference: Any) -> list[Any]:
        """The style that is referred to and those it is based on."""
        found: list[Any] = []
        while reference is not None and len(found) < _MAX_INHERITANCE:
            style = self._styles.get(reference.get(_W + "val"))
            if style is None:
                break
            found.append(style)
            reference = style.find(_W + "basedOn")
        return found

    def _inherited(self, paragraph: Any, tag: str) -> Any:
        for element in (paragraph, *self._chain(paragraph.find(f"{_W}pPr/{_W}pStyle"))):
            found = element.find(f"{_W}pPr/{_W}{tag}")
            if found is not None:
                return found
        return None
