"""What Word's styles and numbering say of a paragraph: is it a heading, is it a list item?

Knows the rules of inheritance (`w:basedOn`) and how to count lists; it knows no text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(r"heading (\d)", re.IGNORECASE)
_NUMBERING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
_MAX_INHERITANCE = 20  # a style may be based on itself in a broken file


class WordStyles:
    """Looks up headings and list markers. It counts list items: ask in order, once for each."""

    def __init__(self, word: WordDocument) -> None:
        styles = word.styles.element
        self._styles = {style.get(_W + "styleId"): style for style in styles.iter(_W + "style")}
        self._formats = _number_formats(word)
        self._counters: dict[tuple[str, int], int] = {}

    def heading_level(self, paragraph: Any) -> int:
        """1-6, or 0 for body text."""
        outline = self._inherited(paragraph, "outlineLvl")
        if outline is not None and (number := _integer(outline)) < 9:
            return min(number + 1, 6)
        for style in self._chain(paragraph):
            name = style.find(_W + "name")
            label = name.get(_W + "val", "") if name is not None else ""
            if label.lower() == "title":
                return 1
            if match := _HEADING_NAME.fullmatch(label):
                return min(int(match[1]), 6)
        return 0

    def list_marker(self, paragraph: Any) -> str:
        """`"- "`, `"3. "` with indentation by level, or "" for what is no list item."""
        number_id = self._inherited(paragraph, "numPr/" + _W + "numId")
        list_id = number_id.get(_W + "val", "0") if number_id is not None else "0"
        if list_id == "0":
            return ""
        depth = self._inherited(paragraph, "numPr/" + _W + "ilvl")
        level = min(_integer(depth), 8) if depth is not None else 0
        number_format, start = self._formats.get((list_id, level), ("bullet", 1))
        for key in [key for key in self._counters if key[0] == list_id and key[1] > level]:
            del self._counters[key]
        count = self._counters.get((list_id, level), start - 1) + 1
        self._counters[list_id, level] = count
        return "  " * level + _marker(number_format, count)

    def _chain(self, paragraph: Any) -> list[Any]:
        """The paragraph's style and those it is based on."""
        reference = paragraph.find(f"{_W}pPr/{_W}pStyle")
        found: list[Any] = []
        while reference is not None and len(found) < _MAX_INHERITANCE:
            style = self._styles.get(reference.get(_W + "val"))
            if style is None:
                break
            found.append(style)
            reference = style.find(_W + "basedOn")
        return found

    def _inherited(self, paragraph: Any, tag: str) -> Any:
        for element in (paragraph, *self._chain(paragraph)):
            found = element.find(f"{_W}pPr/{_W}{tag}")
            if found is not None:
                return found
        return None


def _number_formats(word: WordDocument) -> dict[tuple[str, int], tuple[str, int]]:
    """(list id, level) to (number format, first number)."""
    try:
        root: Any = word.part.part_related_by(_NUMBERING).element
    except (KeyError, AttributeError):
        return {}
    levels: dict[str, dict[int, tuple[str, int]]] = {}
    for abstract in root.iter(_W + "abstractNum"):
        levels[abstract.get(_W + "abstractNumId", "")] = {
            _integer(level, _W + "ilvl"): (_value(level, "numFmt", "bullet"), _start(level))
            for level in abstract.iter(_W + "lvl")
        }
    return {
        (number.get(_W + "numId", ""), level): found
        for number in root.iter(_W + "num")
        for level, found in levels.get(_value(number, "abstractNumId", ""), {}).items()
    }


def _value(element: Any, child: str, default: str) -> str:
    found = element.find(_W + child)
    return default if found is None else str(found.get(_W + "val", default))


def _start(level: Any) -> int:
    text = _value(level, "start", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _integer(element: Any, attribute: str = _W + "val") -> int:
    """A small non-negative number; 9 (no heading, no list level) for anything else."""
    text = element.get(attribute, "9")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 9


def _marker(number_format: str, count: int) -> str:
    if number_format in ("bullet", "none"):
        return "- "
    if number_format in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26)
        return (letter if number_format == "lowerLetter" else letter.upper()) + ". "
    if number_format in ("lowerRoman", "upperRoman"):
        roman = _roman(count)
        return (roman if number_format == "lowerRoman" else roman.upper()) + ". "
    return f"{count}. "


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    ones = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    digits = [int(digit) for digit in f"{number:04}"]
    letters = (str.maketrans("", ""), str.maketrans("ivx", "xlc"), str.maketrans("ivx", "cdm"))
    thousands, hundreds, tens, units = digits
    return (
        "m" * thousands
        + ones[hundreds].translate(letters[2])
        + ones[tens].translate(letters[1])
        + ones[units]
    )
