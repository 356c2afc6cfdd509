"""Finds the columns of a page: the stretches of it that are read one after the other.

A column is a vertical gap beside which running text, or a list of its own lines, stands on both sides;
a table has such gaps too, but short cells at the same heights, and stays together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from engine.documents.pdf_glyphs import is_right_to_left
from engine.documents.pdf_words import Fragment

_MIN_COLUMN_LINES = 3
_MIN_WIDTH = 7.2  # of its middle line, times its font size: about 18 letters
_MIN_FILL = 0.55  # of a column's width that its middle line takes
_MAX_DEPTH = 3
_BESIDE = 0.3  # of the font size
_MIN_LIST_LINES = 10  # of a column of short entries, such as an index
_MAX_LEVEL = 0.6  # the share of such entries that may stand level with one of the other column


def regions(fragments: list[Fragment], depth: int = _MAX_DEPTH) -> list[list[Fragment]]:
    """Stretches of the page to be read one after the other; fragments come from top to bottom."""
    gutter = _gutter(fragments) if depth and len(fragments) >= 2 * _MIN_COLUMN_LINES else None
    if gutter is None:
        return [fragments]
    found: list[list[Fragment]] = []
    together: list[Fragment] = []
    for band in _bands(fragments, gutter):
        left = [one for one in band if one.right <= gutter]
        right = [one for one in band if one.left >= gutter]
        if len(left) + len(right) == len(band) and _are_columns(left, right):
            if together:
                found.append(together)
                together = []
            first, second = (left, right) if not mostly_right_to_left(band) else (right, left)
            found += regions(first, depth - 1) + regions(second, depth - 1)
        else:
            together.extend(band)
    if together:
        found.append(together)
    return found


def _gutter(fragments: list[Fragment]) -> float | None:
    """The x at which most running text stands on both sides, or None."""
    leftmost = min([one.left for one in fragments])
    width = max([one.right for one in fragments]) - leftmost
    low, high = leftmost + 0.15 * width, leftmost + 0.85 * width
    edges = Counter(
        [
            round(edge / 2) * 2.0
            for one in fragments
            for edge in (one.left, one.right)
            if low < edge < high
        ]
    )
    may_divide = _quick_look(fragments)
    best, best_score = None, 0
    for edge, count in edges.most_common(8):
        if count < _MIN_COLUMN_LINES:
            break
        for x in (edge - 3, edge + 3):
            score = _score(fragments, x) if may_divide(x) else 0
            if score > best_score:
                best, best_score = x, score
    return best


def _quick_look(fragments: list[Fragment]) -> Callable[[float], bool]:
    """Tells of an x whether there are enough fragments on both sides for columns; most x fail here."""
    wide = [one for one in fragments if one.right - one.left >= _MIN_WIDTH * one.size]
    sides = [
        (sorted([one.left for one in group]), sorted([one.right for one in group]), least)
        for group, least in ((wide, _MIN_COLUMN_LINES // 2 + 1), (fragments, _MIN_LIST_LINES))
    ]

    def may_divide(x: float) -> bool:
        return any(
            bisect_right(rights, x) >= least and len(lefts) - bisect_left(lefts, x) >= least
            for lefts, rights, least in sides
        )

    return may_divide


def _score(fragments: list[Fragment], x: float) -> int:
    """Characters that stand in columns if the page is divided at `x`."""
    score = 0
    for band in _bands(fragments, x):
        if len(band) < 2 * _MIN_COLUMN_LINES:
            continue
        left = [one for one in band if one.right <= x]
        right = [one for one in band if one.left >= x]
        if len(left) + len(right) == len(band) and _are_columns(left, right):
            score += sum(len(one.text) for one in band)
    return score


def _bands(fragments: list[Fragment], x: float) -> list[list[Fragment]]:
    """From top to bottom: what crosses `x`, and what lies between two such crossings."""
    bands: list[list[Fragment]] = []
    was_crossing: bool | None = None
    level = float("inf")  # of the last that crosses: what stands beside it belongs to it
    for one in fragments:
        crosses = one.left < x < one.right
        if crosses:
            level = one.baseline
        elif was_crossing and level - one.baseline < _BESIDE * one.size:
            crosses = True
        if crosses != was_crossing:
            bands.append(_taken_beside(one, bands[-1]) if crosses and bands else [])
        bands[-1].append(one)
        was_crossing = crosses
    return [band for band in bands if band]


def _taken_beside(crossing: Fragment, band: list[Fragment]) -> list[Fragment]:
    """The last of a band that stand at the height of what comes next."""
    place = len(band)
    while place and band[place - 1].baseline - crossing.baseline < _BESIDE * crossing.size:
        place -= 1
    taken = band[place:]
    del band[place:]
    return taken


def _are_columns(left: list[Fragment], right: list[Fragment]) -> bool:
    return (_is_running(left) and _is_running(right)) or _are_lists(left, right)


def _are_lists(left: list[Fragment], right: list[Fragment]) -> bool:
    """Two columns of short lines, as in an index: dense, well apart, and mostly not level."""
    if min(len(left), len(right)) < _MIN_LIST_LINES:
        return False
    heights = [sorted({round(one.baseline) for one in side}) for side in (left, right)]
    if min(map(len, heights)) < _MIN_LIST_LINES:
        return False
    for side in (left, right):
        if Counter(round(one.left) for one in side).most_common(1)[0][1] < len(side) / 3:
            return False
    size = sorted(one.size for one in left)[len(left) // 2]
    if min(one.left for one in right) - max(one.right for one in left) < 0.8 * size:
        return False
    for column in heights:
        steps = sorted(above - below for below, above in pairwise(column))
        if steps[len(steps) // 2] > 1.7 * size:
            return False
    fewer, more = sorted(heights, key=len)
    level = sum(any(abs(one - other) <= 0.15 * size for other in more) for one in fewer)
    return level < _MAX_LEVEL * len(fewer)


def _is_running(fragments: list[Fragment]) -> bool:
    """Do these look like the lines of a column of text?"""
    if len(fragments) < _MIN_COLUMN_LINES:
        return False
    width = max(one.right for one in fragments) - min(one.left for one in fragments)
    by_width = sorted(fragments, key=lambda one: one.right - one.left)
    middle = by_width[len(by_width) // 2]
    wide_enough = middle.right - middle.left >= _MIN_FILL * width
    return wide_enough and middle.right - middle.left >= _MIN_WIDTH * middle.size


def mostly_right_to_left(fragments: list[Fragment]) -> bool:
    return is_right_to_left("".join(one.text for one in fragments))
