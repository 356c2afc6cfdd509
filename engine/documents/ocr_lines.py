"""From the words that OCR found in a picture to lines in reading order, as those of a PDF's page.

A scan lies a little askew, and a box tells a word's height but not its type's size: both are
estimated here. Knows geometry only.
"""

from __future__ import annotations

import math
import re
import statistics
from itertools import groupby

from engine.documents.ocr import Word
from engine.documents.pdf_lines import Line, page_lines
from engine.documents.pdf_words import PageText, joined_words

# Shares of the type's size that letters rise above the baseline and reach below it.
_CAPITAL, _SMALL, _BELOW = 0.71, 0.5, 0.21
_RISING = frozenset("bdfhkltiß0123456789!?()[]{}/\\|@#$%&")
_FALLING = frozenset("gjpqyçş,;()[]{}/|Q")
_AIR = 0.13  # of the size, off each word: words are words, however close their boxes are
_BETWEEN_IDEOGRAPHS = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef]) (?=[\u2e80-\u9fff\uff00-\uffef])"
)
_STEP = 1.25  # sizes come in such steps: boxes tell them roughly
_MAX_SLOPE = 0.05  # three degrees: more is no scan that lies askew


def lines_of(words: list[Word], resolution: int) -> list[Line]:
    """`resolution` in pixels per inch; places become points."""
    if not words:
        return []
    point = 72 / resolution
    rows = [list(row) for _, row in groupby(words, key=lambda word: word.line)]
    slope = _slope(rows)
    sizes = [_size(row) * point for row in rows]
    usual = statistics.median(
        size for size, row in zip(sizes, rows, strict=True) for word in row for _ in word.text
    )
    placed = []
    for row, estimate in zip(rows, sizes, strict=True):
        size = usual * _STEP ** round(math.log(max(estimate / usual, 0.01), _STEP))
        height = statistics.median(
            word.bottom * point - _below(word.text) * size - slope * word.left * point
            for word in row
        )
        for number, word in enumerate(row):
            shift = slope * word.bottom * point  # a page turned a little is turned back
            left = word.left * point + shift
            right = max(left + 1, word.right * point + shift - _AIR * size)
            placed.append((word.text, left, right, -height, size, False, False, not number))
    fragments = [one._replace(text=_unspaced(one.text)) for one in joined_words(placed)]
    lines = page_lines(PageText(fragments, [], len(words)))
    return [line if line.cells else line._replace(text=_unspaced(line.text)) for line in lines]


def _unspaced(text: str) -> str:
    """Chinese and Japanese words stand side by side."""
    return text if text.isascii() else _BETWEEN_IDEOGRAPHS.sub("", text)


def _size(row: list[Word]) -> float:
    """The type size of a line in pixels, by what its letters should reach of it."""
    found = []
    for word in row:
        height = _above(word.text) + _below(word.text)
        if any(letter.isalnum() for letter in word.text):
            found.append((word.bottom - word.top) / height)
    return statistics.median(found) if found else float(row[0].bottom - row[0].top)


def _above(text: str) -> float:
    if any("\u2e80" <= letter <= "\uffef" for letter in text):
        return 0.85  # ideographs fill their square
    is_high = any(letter.isupper() or letter in _RISING for letter in text)
    return _CAPITAL if is_high else _SMALL


def _below(text: str) -> float:
    if any("\u2e80" <= letter <= "\uffef" for letter in text):
        return 0.1
    return _BELOW if any(letter in _FALLING for letter in text) else 0.0


def _slope(rows: list[list[Word]]) -> float:
    """How far lines fall for each step to the right: the median of the long ones."""
    slopes = []
    for row in rows:
        flat = [word for word in row if not _below(word.text)]
        if len(flat) > 3 and (length := flat[-1].left - flat[0].left) > 0:
            slopes.append((flat[-1].bottom - flat[0].bottom) / length)
    slope = statistics.median(slopes) if len(slopes) > 2 else 0.0
    return slope if abs(slope) < _MAX_SLOPE else 0.0
