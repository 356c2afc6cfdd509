"""From a PDF page to fragments: stretches of words on one baseline, with their place on the page.

Speaks to PDFium's text API only; what the places mean (columns, paragraphs) is decided elsewhere.
PDFium is not thread-safe: one thread at a time. Coordinates are points, y grows upwards, and words
are turned so that they read from left to right.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from engine.documents.pdf_calls import Style, TextPage
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
# A word, its first and last character, whether it starts a line.
_Place = tuple[str, int, int, bool]
# Text, left, right, height, size, bold, fixed pitch, starts a line. Plain tuples: a book has 50,000.
PlacedWord = tuple[str, float, float, float, float, bool, bool, bool]
_JOIN_GAP = 0.8  # of the font size: wider gaps may be the space between two columns


class Fragment(NamedTuple):
    """Words on one baseline. `size` is the font size in points as seen on the page."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    is_bold: bool
    is_fixed: bool = False


class PageText(NamedTuple):
    """`fragments` read as most of the page does; `turned` are groups that read in other directions,
    each in coordinates of its own. `characters` were there, and no more than the limit were read.
    """

    fragments: list[Fragment]
    turned: list[list[Fragment]]
    characters: int


def page_text(textpage: Any) -> PageText:
    """What stands on a page, in the file's own order."""
    page = TextPage(textpage)
    places = _places(page.text(MAX_PAGE_CHARACTERS))
    if not places:
        return PageText([], [], page.count)
    by_angle = _by_angle(places, page.styles([place[1] for place in places]))
    first, *others = (
        joined_words(_words(page, *group, angle), angle) for angle, group in by_angle.items()
    )
    return PageText(first, others, page.count)


def _by_angle(
    places: list[_Place], styles: list[Style]
) -> dict[int, tuple[list[_Place], list[Style]]]:
    """The words by their direction, the one that most letters have first."""
    if len({style[1] for style in styles}) == 1:
        return {styles[0].angle: (places, styles)}
    groups: dict[int, tuple[list[_Place], list[Style]]] = {}
    for place, style in zip(places, styles, strict=True):
        group = groups.setdefault(style.angle, ([], []))
        group[0].append(place)
        group[1].append(style)
    return dict(
        sorted(groups.items(), key=lambda item: -sum(len(place[0]) for place in item[1][0]))
    )


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


def _words(
    page: TextPage, places: list[_Place], styles: list[Style], turns: int
) -> list[PlacedWord]:
    """The words with their place, turned upright."""
    starts = [place[1] for place in places]
    firsts = page.boxes(starts)
    lasts = page.boxes([place[2] for place in places])
    origins = page.origins(starts)
    low, high, sign = _AXES.get(turns, _AXES[0])
    words: list[PlacedWord] = []
    box = 0
    for (text, _, _, starts_line), (size, _, is_bold, is_fixed) in zip(places, styles, strict=True):
        left, right = sign * firsts[box + low], sign * lasts[box + high]
        if left > (other := sign * lasts[box + low]):
            left = other
        if right < (other := sign * firsts[box + high]):
            right = other
        if not text.isascii():
            text = in_reading_order(readable(text), right - left, size)
        x, y = origins[box >> 1], origins[(box >> 1) + 1]
        if turns > 0:
            y = (-x, -y, x)[turns - 1]
        words.append((text, left, right, y, size, is_bold, is_fixed, starts_line))
        box += 4
    return words


def joined_words(words: list[PlacedWord], turns: int = 0) -> list[Fragment]:
    """Words that follow each other on one baseline, put together."""
    fragments: list[Fragment] = []
    run: list[PlacedWord] = []
    for word in words:
        if run and not word[7] and (turns < 0 or _continues(run[-1], word)):
            run.append(word)
        else:
            if run:
                fragments.append(_fragment(run))
            run = [word]
    fragments.append(_fragment(run))
    return fragments


def _fragment(run: list[PlacedWord]) -> Fragment:
    text, left, right, y, size, is_bold, is_fixed, _ = run[0]
    if len(run) == 1:
        return Fragment(text, left, right, y, size, is_bold, is_fixed)
    texts, lefts, rights, _, sizes, bolds, fixed, _ = zip(*run, strict=True)
    longest = max(texts, key=len)
    return Fragment(
        " ".join(texts), min(lefts), max(rights), y,
        sizes[texts.index(longest)], is_bold and bolds[-1], all(fixed),
    )  # fmt: skip


def _continues(before: PlacedWord, word: PlacedWord) -> bool:
    _, before_left, before_right, before_y, size, *_ = before
    _, left, right, y, word_size, *_ = word
    if word_size > size:
        size = word_size
    if not -0.3 * size < y - before_y < 0.3 * size:
        return False
    gap = left - before_right
    if gap < before_left - right:
        gap = before_left - right
    return -0.6 * size < gap < _JOIN_GAP * size
