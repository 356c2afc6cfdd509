"""From a PDF page to fragments: stretches of words on one baseline, with their place on the page.

Speaks to PDFium's text API only; what the places mean (columns, paragraphs) is decided elsewhere.
PDFium is not thread-safe: one thread at a time. Coordinates are points, y grows upwards, and the
page is turned so that most of its text reads from left to right.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, NamedTuple

from engine.documents.pdf_calls import TextPage
from engine.documents.pdf_glyphs import in_reading_order, readable

MAX_PAGE_CHARACTERS = 200_000
HYPHENS = "-\u2010\xad"
# Spaces are not matched. PDFium puts U+0002 or U+FFFE for a hyphen at the end of a line.
_TOKEN = re.compile(
    "([\n\x0b\x0c\r\u2028\u2029])|([\x02\ufffe])"
    "|[^\n\x0b\x0c\r\u2028\u2029\x02\ufffe\t \xa0\u2000\u2002\u2003\u2009\u202f\u3000]+"
)
_HYPHEN = 2  # the group of that
_DROPPED = re.compile("[\0-\x08\x0e-\x1f\x7f\u200b\ufeff]+")
# Which sides of a box, given as left, top, right, bottom, begin and end a line of text turned by so
# many quarters, and whether their numbers fall along the line.
_AXES = {0: (0, 2, 1), 1: (3, 1, 1), 2: (2, 0, -1), 3: (1, 3, -1)}
_Place = tuple[
    str, int, int, bool
]  # a word, its first and last character, whether it starts a line
_JOIN_GAP = 0.8  # of the font size: wider gaps may be the space between two columns


class Fragment(NamedTuple):
    """Words on one baseline. `size` is the font size in points as seen on the page."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    is_bold: bool


class _Word(NamedTuple):
    text: str
    left: float
    right: float
    y: float
    size: float
    is_bold: bool
    starts_line: bool


def page_fragments(textpage: Any) -> tuple[list[Fragment], int]:
    """The fragments of a page in the file's own order, and how many characters were read."""
    page = TextPage(textpage)
    places = _places(page.text(MAX_PAGE_CHARACTERS))
    if not places:
        return [], page.count
    return _joined(_words(page, places)), page.count


def _places(text: str) -> list[_Place]:
    places: list[_Place] = []
    has_dropped = _DROPPED.search(text) is not None
    starts_line = True
    for token in _TOKEN.finditer(text):
        if token.lastindex is None:
            first, last = token.span()
            word = token[0]
            if has_dropped:
                if dropped := _DROPPED.match(word):
                    first += dropped.end()
                word = _DROPPED.sub("", word)
            if word:
                places.append((word, first, last - 1, starts_line))
                starts_line = False
        elif token.lastindex == _HYPHEN and places and places[-1][2] == token.start() - 1:
            word, first, last, began = places[-1]  # the mark stands for "-" and the end of the line
            places[-1] = (word + "-", first, last, began)
            starts_line = True
        elif token.lastindex != _HYPHEN:
            starts_line = True
    return places


def _words(page: TextPage, places: list[_Place]) -> list[_Word]:
    """The words that read in the direction of most of the page's text, turned upright."""
    style_of = page.style
    styles = [style_of(first) for _, first, _, _ in places]
    angles: Counter[int] = Counter()
    for place, style in zip(places, styles, strict=True):
        angles[style.angle] += len(place[0])
    turns = angles.most_common(1)[0][0]
    firsts = page.boxes([first for _, first, _, _ in places])
    lasts = page.boxes([last for _, _, last, _ in places])
    origins = page.origins([first for _, first, _, _ in places])
    low, high, sign = _AXES.get(turns, _AXES[0])
    words: list[_Word] = []
    for number, ((text, _, _, starts_line), (size, angle, is_bold)) in enumerate(
        zip(places, styles, strict=True)
    ):
        if angle != turns:
            continue
        box = 4 * number
        left = min(sign * firsts[box + low], sign * lasts[box + low])
        right = max(sign * firsts[box + high], sign * lasts[box + high])
        if not text.isascii():
            text = in_reading_order(readable(text), right - left, size)
        y = _height(origins[2 * number], origins[2 * number + 1], turns)
        words.append(_Word(text, left, right, y, size, is_bold, starts_line))
    return words


def _height(x: float, y: float, turns: int) -> float:
    return (y, -x, -y, x)[turns] if turns > 0 else y


def _joined(words: list[_Word]) -> list[Fragment]:
    runs: list[list[_Word]] = []
    before: _Word | None = None
    for word in words:
        if before is not None and not word.starts_line and _continues(before, word):
            runs[-1].append(word)
        else:
            runs.append([word])
        before = word
    return [_fragment(run) for run in runs]


def _fragment(run: list[_Word]) -> Fragment:
    if len(run) == 1:
        text, left, right, y, size, is_bold, _ = run[0]
        return Fragment(text, left, right, y, size, is_bold)
    return Fragment(
        text=" ".join([word.text for word in run]),
        left=min([word.left for word in run]),
        right=max([word.right for word in run]),
        baseline=run[0].y,
        size=max(run, key=lambda word: len(word.text)).size,
        is_bold=run[0].is_bold and run[-1].is_bold,
    )


def _continues(before: _Word, word: _Word) -> bool:
    size = before.size if before.size > word.size else word.size
    if not -0.3 * size < word.y - before.y < 0.3 * size:
        return False
    gap = max(word.left - before.right, before.left - word.right)
    return -0.6 * size < gap < _JOIN_GAP * size
