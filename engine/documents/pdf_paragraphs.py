"""From lines to paragraphs: which line goes on, which one starts anew, how two lines are joined.

Knows spacing, indents, list marks, hyphens and headings; the reading order is settled before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from engine.documents.pdf_lines import Line
from engine.documents.pdf_tables import table_text
from engine.documents.pdf_words import HYPHENS

_ENDS_SENTENCE = tuple(".!?…:;。！？：；؟")
_CLOSERS = "\"'”’»)]}」』）】"
_BULLET = re.compile(r"[•▪◦●○■□‣⁃·∙\uf0b7][\s\S]|[–—*-]\s")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s|\[\d{1,3}\]\s?")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD = re.compile(r"([^\W\d_]+)[" + HYPHENS + r"]$")
_NAME = re.compile(r"[^\W\d_]{3}|[\u2e80-\u9fff\uac00-\ud7af]{2}")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_SUSPENDED = frozenset({"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e"})
_MAX_HEADING_CHARACTERS = 160
_LEADER = re.compile(r"(?:[.·…]\s?){5,}")  # the dots between a title and its page number
_MAX_CODE_SPACES = 40
_FEW_LINES = 10  # too few to tell a page's own line spacing from


class Paragraph(NamedTuple):
    """`size` and `is_bold` of its first line; `is_table` if its lines are rows of cells."""

    text: str
    size: float
    is_bold: bool
    is_table: bool
    may_continue: bool  # its last line is full and ends in the middle of a sentence


class Joiner:
    """Joins two lines; knows the document's words, to tell a hyphenation from a hyphen."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: set[str] = set()
        was_hyphenated = False
        for line in lines:
            words = _WORD.findall(line)
            is_hyphenated = line[-1:] in HYPHENS and len(words) > 0
            # The two halves of a divided word are no words that this document knows.
            known = words[int(was_hyphenated) : -1 if is_hyphenated else None]
            self._words.update(word.lower() for word in known)
            was_hyphenated = is_hyphenated

    def join(self, text: str, following: str) -> str:
        if text[-1:] in HYPHENS and (first := _FIRST_WORD.match(following)):
            return self._join_hyphenated(text, following, first[0])
        if _is_ideograph(text[-1:]) and _is_ideograph(following[:1]):
            return text + following
        return f"{text} {following}"

    def _join_hyphenated(self, text: str, following: str, right: str) -> str:
        match = _LAST_WORD.search(text)
        if not match:
            return text + following if text[-2:-1].isalnum() else f"{text} {following}"
        left = match[1]
        if text[-1] == "\xad" or (left + right).lower() in self._words:
            return text[:-1] + following
        if right.lower() in _SUSPENDED:
            return f"{text} {following}"
        is_compound = f"{left}-{right}".lower() in self._words or (
            min(len(left), len(right)) > 2 and {left.lower(), right.lower()} <= self._words
        )
        if is_compound or right[0].isupper():
            return text[:-1] + "-" + following
        return text[:-1] + following


def paragraphs(
    lines: list[Line], joiner: Joiner, body_size: float, usual_spacing: float
) -> list[Paragraph]:
    """The paragraphs of one page; size and spacing are those of most of the document."""
    spacing = line_spacing(lines) if len(lines) > _FEW_LINES else usual_spacing
    groups: list[list[Line]] = []
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if groups and not _starts_anew(groups[-1], line, following, spacing):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_paragraph(group, joiner, body_size) for group in groups]


def line_spacing(lines: list[Line]) -> float:
    """The usual distance between two lines of a paragraph: the lower quartile; 0 if unknown."""
    distances = sorted(
        above.baseline - below.baseline
        for above, below in pairwise(lines)
        if 0.5 * below.size < above.baseline - below.baseline < 4 * below.size
    )
    return distances[len(distances) // 4] if distances else 0.0


def _starts_anew(group: list[Line], line: Line, following: Line | None, spacing: float) -> bool:
    above = group[-1]
    size = min(above.size, line.size)
    distance = above.baseline - line.baseline
    if above.is_turned != line.is_turned or above.is_fixed != line.is_fixed:
        return True
    if line.is_fixed and distance > 0:
        return distance > 2.5 * max(spacing, 1.1 * size)
    if _is_row(above) and _is_row(line) and distance > 0:
        return distance > 3 * size
    if abs(above.size - line.size) > 0.1 * size or above.is_bold != line.is_bold:
        return not (_is_open(above) and line.text[:1].islower())
    if distance < 0 or line.region_left != above.region_left:  # the top of the next column
        return not (_is_open(above) and _goes_on(above, line))
    if distance > 1.35 * max(spacing, 1.1 * size) or _is_row(above) != _is_row(line):
        return True
    return _indent_starts_anew(group, line, following) or (
        _ends_sentence(above.text) and _is_short(above)
    )


def _indent_starts_anew(group: list[Line], line: Line, following: Line | None) -> bool:
    """A first-line indent, or the end of a stretch of hanging indents."""
    above, em = group[-1], line.size
    step = line.left - above.left
    if _starts_item(line, above):
        return True
    if len(group) > 1 and step < -0.8 * em and abs(above.left - group[-2].left) < 0.3 * em:
        return True
    if not 0.8 * em <= step <= 6 * em or not _ends_sentence(above.text):
        return False
    if _BULLET.match(group[0].text) or _NUMBERED.match(group[0].text):
        return False  # what is indented below an item belongs to it
    return following is None or following.left < line.left - 0.5 * em


def _starts_item(line: Line, above: Line) -> bool:
    if _BULLET.match(line.text):
        return line.text[0] not in "–—-" or _ends_sentence(above.text) or _is_short(above)
    return bool(_NUMBERED.match(line.text)) and (_ends_sentence(above.text) or _is_short(above))


def _paragraph(group: list[Line], joiner: Joiner, body_size: float) -> Paragraph:
    if group[0].is_fixed:
        text = "\n".join(_as_typed(line, group) for line in group)
        return Paragraph(text, group[0].size, group[0].is_bold, True, False)
    if all(_is_row(line) for line in group):
        text = table_text([line.cells for line in group])
        return Paragraph(text, group[0].size, group[0].is_bold, True, False)
    text = group[0].text
    is_large = group[0].size > 1.25 * body_size
    edge = max([line.right for line in group])  # of a narrow block, too, that fills its lines
    is_block = sum(abs(line.right - edge) < 1 for line in group) > max(2, len(group) // 2)
    for above, line in pairwise(group):
        own_line = _is_row(line) or (
            _is_short(above)
            and not is_large
            and not (is_block and edge - above.right < 2 * above.size)
            and above.text[-1:] not in HYPHENS
            and (not line.text[:1].islower() or _had_room(above, line))
        )
        if not own_line and "." in above.text and (leader := _LEADER.search(above.text)):
            own_line = leader.end() > len(above.text) - 8
        text = f"{text}\n{line.text}" if own_line else joiner.join(text, line.text)
    text = _LEADER.sub("… ", text)
    return Paragraph(text, group[0].size, group[0].is_bold, _is_row(group[0]), _is_open(group[-1]))


def _as_typed(line: Line, group: list[Line]) -> str:
    """A line of program text with the spaces that its place on the page shows."""
    width = (line.right - line.left) / len(line.text) if not line.cells else 0.6 * line.size
    text, end = "", min(one.left for one in group)
    for left, right, part, *_ in line.cells or ((line.left, line.right, line.text),):
        text += " " * min(max(round((left - end) / width), int(bool(text))), _MAX_CODE_SPACES)
        text, end = text + part, right
    return text


def may_join_pages(paragraph: Paragraph, following: Paragraph) -> bool:
    """Does a paragraph go on at the top of the next page?"""
    return (
        paragraph.may_continue
        and not following.is_table
        and abs(paragraph.size - following.size) < 0.1 * following.size
        and paragraph.is_bold == following.is_bold
        and (following.text[:1].islower() or _is_ideograph(following.text[:1]))
    )


def is_heading(paragraph: Paragraph, body_size: float, body_is_bold: bool) -> bool:
    """Larger than the text, or bold where the text is not; short, and no sentence."""
    text = paragraph.text
    stands_out = paragraph.size >= 1.12 * body_size or (
        paragraph.is_bold and not body_is_bold and paragraph.size >= 0.95 * body_size
    )
    return (
        stands_out
        and not paragraph.is_table
        and len(text) <= _MAX_HEADING_CHARACTERS
        and text.count("\n") < 3
        and bool(_NAME.search(text))
        and not text.endswith((".", ",", ";", "。"))
        and not _BULLET.match(text)
    )


def _is_row(line: Line) -> bool:
    return bool(line.cells)


def _is_short(line: Line) -> bool:
    """Ends well before the right edge of its column."""
    width = line.region_right - line.region_left
    return line.right < line.region_right - max(0.12 * width, 2 * line.size)


def _had_room(above: Line, line: Line) -> bool:
    """The break was meant: the next word would have had twice the room it needs."""
    word = len(line.text.split(" ", 1)[0]) * (line.right - line.left) / max(len(line.text), 1)
    free = above.region_right - above.right
    return free > 0.4 * (above.region_right - above.region_left) and free > 2 * word


def _is_open(line: Line) -> bool:
    return not _is_short(line) and not _ends_sentence(line.text) and not _is_row(line)


def _goes_on(above: Line, line: Line) -> bool:
    first = line.text[:1]
    return not _is_row(line) and (
        first.islower() or _is_ideograph(first) or above.text[-1:] in HYPHENS or not first.isupper()
    )


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSERS).endswith(_ENDS_SENTENCE)


def _is_ideograph(character: str) -> bool:
    return (
        "\u2e80" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or ("\uff00" <= character <= "\uffef")
    )
