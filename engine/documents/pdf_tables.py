"""From rows of cells to a table as text: a line per row, cells joined by " | ".

A cell that is missing keeps its place, so that a value stays in its column. Columns are found by
where cells stand; where rows contradict each other, they are only joined. It knows no ruled lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

CELL_JOINT = " | "
_MIN_ROWS = 2


class Cell(NamedTuple):
    """Words that stand together in a row; `left` and `right` in points.

    `pieces` are the cells that it may be made of, if two columns stand close to each other.
    """

    left: float
    right: float
    text: str
    pieces: tuple[Cell, ...] = ()


def table_text(rows: Sequence[Sequence[Cell]]) -> str:
    rows = [[part for cell in row for part in _parts(cell, row, rows)] for row in rows]
    columns = _columns(rows) if len(rows) >= _MIN_ROWS else []
    return "\n".join(_row_text(row, columns) for row in rows)


def _parts(cell: Cell, row: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    """The cell, divided where the other rows have two columns."""
    others = [
        piece
        for other in rows
        if other is not row
        for one in other
        for piece in one.pieces or (one,)
    ]
    parts: list[Cell] = []
    for piece in cell.pieces or (cell,):
        if parts and not _stand_apart(parts[-1], piece, others):
            left, right, text, _ = parts.pop()
            piece = Cell(
                min(left, piece.left), max(right, piece.right), f"{text} {piece.text}"
            )  # fmt: skip
        parts.append(piece)
    return parts if len(parts) > 1 else [cell]


def _stand_apart(one: Cell, next_one: Cell, others: Sequence[Cell]) -> bool:
    """Do cells of other rows stand below one of the two only, both ways, and none below both?"""
    over_one = [_overlap(cell, one.left, one.right) > 0 for cell in others]
    over_next = [_overlap(cell, next_one.left, next_one.right) > 0 for cell in others]
    pairs = Counter(zip(over_one, over_next, strict=True))
    return not pairs[True, True] and min(pairs[True, False], pairs[False, True]) >= _MIN_ROWS


def _overlap(cell: Cell, left: float, right: float) -> float:
    return min(cell.right, right) - max(cell.left, left)


def _row_text(row: Sequence[Cell], columns: list[tuple[float, float]]) -> str:
    if not columns:
        return CELL_JOINT.join(cell.text for cell in row)
    texts = [""] * len(columns)
    for cell in row:
        texts[_column_of(cell, columns)] = cell.text
    return CELL_JOINT.join(texts).rstrip(" |")


def _column_of(cell: Cell, columns: list[tuple[float, float]]) -> int:
    """The one that it overlaps most."""
    overlaps = [_overlap(cell, left, right) for left, right in columns]
    return overlaps.index(max(overlaps))


def _columns(rows: Sequence[Sequence[Cell]]) -> list[tuple[float, float]]:
    """From left to right (or as the cells run); [] where two cells of a row share a column."""
    runs_left = any(row[0].left > row[-1].left for row in rows)
    widest = max(len(row) for row in rows)
    # Fuller rows say where columns are; a title across several would only blur them.
    spans: list[tuple[float, float]] = []
    for row in sorted(rows, key=len, reverse=True):
        for cell in row:
            spans = _merged(spans, cell, may_grow=len(row) == widest)
    spans.sort(reverse=runs_left)
    for row in rows:
        places = [_column_of(cell, spans) for cell in row]
        if places != sorted(set(places)):
            return []
    return spans


def _merged(
    spans: list[tuple[float, float]], cell: Cell, *, may_grow: bool
) -> list[tuple[float, float]]:
    touched = [one for one in spans if one[0] < cell.right and cell.left < one[1]]
    if len(touched) > 1 and not may_grow:
        return spans
    grown = (
        min([cell.left, *(one[0] for one in touched)]),
        max([cell.right, *(one[1] for one in touched)]),
    )
    return [one for one in spans if one not in touched] + [grown]
