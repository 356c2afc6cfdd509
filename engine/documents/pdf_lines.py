"""From the fragments of a page to its lines in reading order: columns left to right, rows as rows.

A column is a vertical gap beside which running text stands on both sides; a table has such gaps
too, but short cells, and is read row by row: `Line.cells` keeps them apart. It knows geometry only.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from engine.documents.pdf_glyphs import is_right_to_left
from engine.documents.pdf_tables import CELL_JOINT, Cell
from engine.documents.pdf_words import Fragment

_MIN_COLUMN_LINES = 3
_MIN_LINE_CHARACTERS = 18
_MIN_FILL = 0.55  # of a column's width that its middle line takes
_CELL_GAP = 1.8  # of the font size: wider gaps in a row lie between cells
_MAX_DEPTH = 3


class Line(NamedTuple):
    """A line as read. `region_left` and `region_right` bound the column that it stands in."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    is_bold: bool
    region_left: float
    region_right: float
    cells: tuple[Cell, ...] = ()  # of a row of a table, in reading order


def reading_order(fragments: list[Fragment]) -> list[Line]:
    return [line for region in _regions(fragments, _MAX_DEPTH) for line in _rows(region)]


def _regions(fragments: list[Fragment], depth: int) -> list[list[Fragment]]:
    """Stretches of the page to be read one after the other."""
    gutter = _gutter(fragments) if depth and len(fragments) >= 2 * _MIN_COLUMN_LINES else None
    if gutter is None:
        return [fragments]
    regions: list[list[Fragment]] = []
    together: list[Fragment] = []
    for band in _bands(fragments, gutter):
        left = [one for one in band if one.right <= gutter]
        right = [one for one in band if one.left >= gutter]
        if len(left) + len(right) == len(band) and _is_running(left) and _is_running(right):
            if together:
                regions.append(together)
                together = []
            first, second = (left, right) if not _mostly_turned(band) else (right, left)
            regions += _regions(first, depth - 1) + _regions(second, depth - 1)
        else:
            together.extend(band)
    if together:
        regions.append(together)
    return regions


def _gutter(fragments: list[Fragment]) -> float | None:
    """The x at which most running text stands on both sides, or None."""
    leftmost = min(one.left for one in fragments)
    width = max(one.right for one in fragments) - leftmost
    edges = Counter(
        round(edge / 2) * 2.0
        for one in fragments
        for edge in (one.left, one.right)
        if leftmost + 0.15 * width < edge < leftmost + 0.85 * width
    )
    best, best_score = None, 0
    fragments = sorted(fragments, key=lambda one: -one.baseline)  # once, for all that is tried
    for edge, count in edges.most_common(8):
        if count < _MIN_COLUMN_LINES:
            break
        for x in (edge - 3, edge + 3):
            score = _score(fragments, x)
            if score > best_score:
                best, best_score = x, score
    return best


def _score(fragments: list[Fragment], x: float) -> int:
    """Characters that stand in columns if the page is divided at `x`."""
    score = 0
    for band in _bands(fragments, x):
        if len(band) < 2 * _MIN_COLUMN_LINES:
            continue
        left = [one for one in band if one.right <= x]
        right = [one for one in band if one.left >= x]
        if len(left) + len(right) == len(band) and _is_running(left) and _is_running(right):
            score += sum(len(one.text) for one in band)
    return score


def _bands(fragments: list[Fragment], x: float) -> list[list[Fragment]]:
    """From top to bottom: what crosses `x`, and what lies between two such crossings."""
    bands: list[list[Fragment]] = []
    was_crossing: bool | None = None
    for one in sorted(fragments, key=lambda fragment: -fragment.baseline):
        crosses = one.left < x < one.right
        if crosses != was_crossing:
            bands.append([])
        bands[-1].append(one)
        was_crossing = crosses
    return bands


def _is_running(fragments: list[Fragment]) -> bool:
    """Do these look like the lines of a column of text?"""
    if len(fragments) < _MIN_COLUMN_LINES:
        return False
    width = max(one.right for one in fragments) - min(one.left for one in fragments)
    by_width = sorted(fragments, key=lambda one: one.right - one.left)
    middle = by_width[len(by_width) // 2]
    wide_enough = middle.right - middle.left >= _MIN_FILL * width
    return wide_enough and middle.right - middle.left >= _MIN_LINE_CHARACTERS * 0.4 * middle.size


def _mostly_turned(fragments: list[Fragment]) -> bool:
    return is_right_to_left("".join(one.text for one in fragments))


def _rows(fragments: list[Fragment]) -> list[Line]:
    """Lines from top to bottom; fragments at one height are one line."""
    if not fragments:
        return []
    region = (min(one.left for one in fragments), max(one.right for one in fragments))
    rows: list[list[Fragment]] = []
    for one in sorted(fragments, key=lambda fragment: -fragment.baseline):
        if rows and _same_row(rows[-1], one):
            rows[-1].append(one)
        else:
            rows.append([one])
    return [_line(row, region) for row in rows]


def _same_row(row: list[Fragment], one: Fragment) -> bool:
    """At the same height as the row's largest text; small raised or lowered text belongs too."""
    anchor = max(row, key=lambda fragment: fragment.size)
    offset = anchor.baseline - one.baseline
    reach = 0.25 if abs(one.size - anchor.size) < 0.15 * anchor.size else 0.5
    return abs(offset) < reach * max(anchor.size, one.size)


def _line(row: list[Fragment], region: tuple[float, float]) -> Line:
    row.sort(key=lambda one: one.left)
    longest = max(row, key=lambda one: len(one.text))
    cells = _cells(row)
    return Line(
        text=CELL_JOINT.join([cell.text for cell in cells]),
        left=row[0].left,
        right=max(one.right for one in row),
        baseline=longest.baseline,
        size=longest.size,
        is_bold=all(one.is_bold for one in row),
        region_left=region[0],
        region_right=region[1],
        cells=tuple(cells) if len(cells) > 1 else (),
    )


def _cells(row: list[Fragment]) -> list[Cell]:
    """Fragments close to each other are one cell."""
    turned = len(row) > 1 and _mostly_turned(row)
    cells: list[Cell] = []
    before: Fragment | None = None
    for one in reversed(row) if turned else row:
        cell = Cell(one.left, one.right, one.text)
        cell = cell._replace(pieces=(cell,))
        if before is not None:
            gap = before.left - one.right if turned else one.left - before.right
            size = max(before.size, one.size)
            if gap <= _CELL_GAP * size:
                left, right, text, pieces = cells.pop()
                joint = " " if gap > 0.12 * size else ""
                cell = Cell(
                    min(left, one.left), max(right, one.right), text + joint + one.text,
                    (*pieces, *cell.pieces) if joint else (),
                )  # fmt: skip
        cells.append(cell)
        before = one
    return cells
