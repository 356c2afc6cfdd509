"""Cuts a text into pieces small enough to lay out in a blink. Pure: knows no Qt.

Every character is in exactly one piece. Cuts fall behind blank lines where they can, then behind line
ends; a line without end is cut between sentences or words. Where right-to-left letters stand,
every line is a piece, since each may run in its own direction.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator

from engine.types import Document

TARGET, MOST, MOST_LINES = 1200, 4000, 80
_LINE_ENDS = re.compile("\n*")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff]")
_STICKS_TO_THE_LEFT = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
SAMPLE = 20_000  # characters from which is told how a text is set
# The first word of a line, unless the line begins a list or is indented.
_NEXT_WORD = re.compile(r"(?![-*•·–#>|]\s|\d+[.)]\s)\S+")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
MAX_HEADING = 200  # characters; a longer "heading" is a paragraph in disguise


def cut_pieces(text: str) -> Iterator[int]:
    """The end of each piece, in order; the last is `len(text)`."""
    position, length = 0, len(text)
    while position < length:
        position = _piece_end(text, position, length)
        yield position


def _piece_end(text: str, start: int, length: int) -> int:
    limit = _before_many_lines(text, start, min(start + TARGET, length))
    if RIGHT_TO_LEFT.search(text, start, limit):
        line_end = text.find("\n", start, start + MOST) + 1
        if line_end:
            return _past_line_ends(text, line_end)
    if limit == length:
        return length
    for mark in ("\n\n", "\n"):
        if (found := text.rfind(mark, start, limit)) > start:
            return _past_line_ends(text, found + len(mark))
    if (found := text.find("\n", limit, start + MOST)) >= 0:
        return _past_line_ends(text, found + 1)
    if start + MOST >= length:
        return length
    return _between_words(text, start + MOST // 2, start + MOST)


def _before_many_lines(text: str, start: int, limit: int) -> int:
    if text.count("\n", start, limit) > MOST_LINES:
        for _ in range(MOST_LINES):
            limit = start = text.find("\n", start) + 1
    return limit


def _past_line_ends(text: str, end: int) -> int:
    run = _LINE_ENDS.match(text, end)
    return run.end() if run else end


def _between_words(text: str, low: int, high: int) -> int:
    for mark in (". ", "。", "！", "？", " "):
        if (found := text.rfind(mark, low, high)) > 0:
            return found + len(mark)
    end = high
    while end > low and (_sticks(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return end if end > low else high


def _sticks(char: str) -> bool:
    """Whether `char` is drawn together with the one before it."""
    return unicodedata.combining(char) != 0 or bool(_STICKS_TO_THE_LEFT.match(char))


def wrap_width(text: str) -> int:
    """How long the lines of a text are that was wrapped by hand or program; 0 if it was not.

    Such a text has many lines of nearly the same length, far from the end of their paragraph.
    """
    lines = [line for line in text[:SAMPLE].split("\n") if line]
    lengths = sorted(map(len, lines))
    if len(lengths) < 12:
        return 0
    most = lengths[len(lengths) * 95 // 100]
    near = sum(1 for length in lengths if 0.75 * most <= length <= most)
    return most if 40 <= most <= 100 and near > 0.5 * len(lengths) else 0


def unwrapped(text: str, width: int) -> str:
    """`text` with a space where a line was wrapped; as long as before, so that offsets stay."""
    if not width:
        return text
    lines = text.split("\n")
    shown = [lines[0]]
    for before, line in itertools.pairwise(lines):
        word = _NEXT_WORD.match(line)
        wrapped = word and before.strip() and len(before) + 1 + len(word[0]) > width
        glue = "\n" if not wrapped or not word else "\u200b" if _WIDE.match(word[0]) else " "
        shown += [glue, line]
    return "".join(shown)


def heading_lines(document: Document) -> list[tuple[int, int, int]]:
    """(start, end, level) of each heading's own line."""
    lines = []
    for section in document.sections:
        if section.kind == "heading":
            end = document.text.find("\n", section.start)
            end = len(document.text) if end < 0 else end
            if 0 < end - section.start <= MAX_HEADING:
                lines.append((section.start, end, section.level))
    return sorted(set(lines))
