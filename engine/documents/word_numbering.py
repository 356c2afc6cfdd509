"""Counts Word's lists: which number or bullet stands before a paragraph.

Knows numbering definitions (ECMA-376, part 1, 17.9): lists of one abstract definition count on
together unless one of them starts anew. Which list a paragraph is in, it is told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBERING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
_PLACE = re.compile(r"%([1-9])")
_UNNUMBERED = ("bullet", "none")


class _Level(NamedTuple):
    number_format: str = "bullet"
    start: int = 1
    pattern: str = ""  # "%1.%2" for the second level of "2.1"
    style: str = ""  # the paragraph style that stands for this level


class WordNumbering:
    """Ask for each list item once, in document order: asking counts."""

    def __init__(self, word: WordDocument) -> None:
        self._abstract_of: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        self._counters: dict[tuple[str, int], int] = {}
        try:
            root: Any = word.part.part_related_by(_NUMBERING).element
        except (KeyError, AttributeError):
            return
        for abstract in root.iter(_W + "abstractNum"):
            self._levels[abstract.get(_W + "abstractNumId", "")] = {
                small_number(level, _W + "ilvl"): _level(level)
                for level in abstract.iter(_W + "lvl")
            }
        for number in root.iter(_W + "num"):
            self._add_list(number)

    def marker(self, list_id: str, level: int) -> str:
        """`"- "`, `"3. "`, `"2.1 "`: without indentation."""
        abstract = self._abstract_of.get(list_id, list_id)
        found = self._levels.get(abstract, {}).get(level, _Level())
        for key in [key for key in self._counters if key[0] == abstract and key[1] > level]:
            del self._counters[key]
        restart = self._restarts.pop((list_id, level), None)
        last = found.start - 1 if restart is None else restart - 1
        if restart is None:
            last = self._counters.get((abstract, level), last)
        self._counters[abstract, level] = last + 1
        if found.number_format in _UNNUMBERED:
            return "- "
        return self._numbered(abstract, level, found)

    def is_numbered(self, list_id: str, level: int) -> bool:
        found = self._levels.get(self._abstract_of.get(list_id, ""), {}).get(level, _Level())
        return found.number_format not in _UNNUMBERED

    def level_of_style(self, list_id: str, style_id: str) -> int:
        """The level that a definition gives to a paragraph style; 0 if it names none."""
        levels = self._levels.get(self._abstract_of.get(list_id, ""), {})
        return next((number for number, one in levels.items() if one.style == style_id), 0)

    def _add_list(self, number: Any) -> None:
        list_id = number.get(_W + "numId", "")
        self._abstract_of[list_id] = _value(number, "abstractNumId", "")
        for override in number.iter(_W + "lvlOverride"):
            if override.find(_W + "startOverride") is not None:
                level = small_number(override, _W + "ilvl")
                self._restarts[list_id, level] = _start(override, "startOverride")

    def _numbered(self, abstract: str, level: int, found: _Level) -> str:
        def shown(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            other = self._levels[abstract].get(at, _Level("decimal"))
            return _number(other.number_format, self._counters.get((abstract, at), other.start))

        text = _PLACE.sub(shown, found.pattern) if _PLACE.search(found.pattern) else ""
        return (
            text.strip() or _number(found.number_format, self._count(abstract, level)) + "."
        ) + " "

    def _count(self, abstract: str, level: int) -> int:
        return self._counters[abstract, level]


def small_number(element: Any, attribute: str = _W + "val") -> int:
    """A small non-negative number; 9 (no heading, no list level) for anything else."""
    text = element.get(attribute, "9")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 9


def roman(number: int) -> str:
    """In lower case; numbers that have none stay as they are."""
    if not 0 < number < 4000:
        return str(number)
    ones = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    thousands, hundreds, tens, units = (int(digit) for digit in f"{number:04}")
    return (
        "m" * thousands
        + ones[hundreds].translate(str.maketrans("ivx", "cdm"))
        + ones[tens].translate(str.maketrans("ivx", "xlc"))
        + ones[units]
    )


def _level(level: Any) -> _Level:
    return _Level(
        _value(level, "numFmt", "bullet"),
        _start(level, "start"),
        _value(level, "lvlText", ""),
        _value(level, "pStyle", ""),
    )


def _value(element: Any, child: str, default: str) -> str:
    found = element.find(_W + child)
    return default if found is None else str(found.get(_W + "val", default))


def _start(element: Any, child: str) -> int:
    text = _value(element, child, "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _number(number_format: str, count: int) -> str:
    if number_format in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 9)
        return letters if number_format == "lowerLetter" else letters.upper()
    if number_format in ("lowerRoman", "upperRoman"):
        return roman(count) if number_format == "lowerRoman" else roman(count).upper()
    if number_format == "decimalZero":
        return f"{count:02}"
    return str(count)
