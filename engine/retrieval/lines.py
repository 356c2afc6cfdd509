"""Finds where a text's lines force a sentence to end: blank lines, list items, titles, table rows.

A newline inside a paragraph is only a line that was full, and ends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_ITEM = re.compile(
    r"[ \t>]{0,12}(?:[-*+–—•▪◦●○■□‣⁃·]|\(?\d{1,3}[.)、]|\(?[a-zA-Z][.)]|\[\d{1,3}\]|"
    r"[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)(?:\s|(?<=[、）]))"
)
_OWN_LINE = re.compile(r" {0,3}(?:#{1,6}[ \t]|```|~~~|={3,}|-{3,}|\*{3,}|_{3,}|\|)")
_LABELLED = re.compile(r"\s{0,8}[^\W\d_][\w /&.-]{0,30}[:：]\s?\S")
_FIRST_WORD = re.compile(r"\s{0,40}(\S{1,40})")
_GOES_ON = tuple(",;，、；-–—(（")
_MAX_TITLE_CHARACTERS = 80
_ROOM = 0.6  # of the paragraph's widest line


def split_blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that no sentence crosses, in order; blank lines belong to none of them."""
    lines: list[tuple[int, int]] = []
    position = 0
    while position <= len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if text[position:end].strip():
            lines.append((position, end))
        elif lines:
            yield from _split_paragraph(text, lines)
            lines = []
        position = end + 1
    if lines:
        yield from _split_paragraph(text, lines)


def _split_paragraph(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    width = max(end - start for start, end in lines)
    first = lines[0][0]
    for (start, end), (next_start, next_end) in pairwise(lines):
        if _ends_between(text[start:end], text[next_start:next_end], width):
            yield first, end
            first = next_start
    yield first, lines[-1][1]


def _ends_between(line: str, following: str, width: int) -> bool:
    """Two lines without a blank one between them: does something new begin?"""
    if _ITEM.match(following) or _OWN_LINE.match(following) or _OWN_LINE.match(line):
        return True
    if _is_row(line) or _is_row(following):
        return True
    if _LABELLED.match(line) and _LABELLED.match(following):
        return True
    return _is_title(line.rstrip(), following, width)


def _is_row(line: str) -> bool:
    return "\t" in line.strip() or " | " in line


def _is_title(line: str, following: str, width: int) -> bool:
    """Short though there was room for the next line's first word, which is no lower-case one."""
    word = _FIRST_WORD.match(following)
    return (
        word is not None
        and len(line) <= _MAX_TITLE_CHARACTERS
        and len(line) + 1 + len(word[1]) <= _ROOM * width
        and not line.endswith(_GOES_ON)
        and not word[1][0].islower()
    )
