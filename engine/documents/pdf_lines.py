"""From the fragments of a page to its lines: what stands at one height is one line.

A row of a table keeps its cells apart (`Line.cells`); a list's mark, and a line that justifying has
spread, have none. Columns are found elsewhere. It knows geometry only.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from engine.documents.pdf_columns import mostly_right_to_left, regions
from engine.documents.pdf_tables import CELL_JOINT, Cell
from engine.documents.pdf_words import Fragment, PageText

_CELL_GAP = 1.8  # of the font size: wider gaps in a row lie between cells
_MAX_SPREAD = 6.0  # of the font size: what justifying may put between two words
_MAX_SPREAD_LINES = 4
_MARK = re.compile(
    r"[•▪◦●○■□‣⁃·∙\uf0b7–—*-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\[\d{1,3}\]"
    r"|\d{1,2}(?:\.\d{1,2})+\.?"
)


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
    is_fixed: bool = False  # of fixed pitch
    is_turned: bool = False  # reads in another direction than most of the page


def page_lines(page: PageText) -> list[Line]:
    """What reads as most of the page does, and then what reads in other directions."""
    lines = reading_order(page.fragments)
    for group in page.turned:
        lines += [line._replace(is_turned=True) for line in reading_order(group)]
    return lines


def reading_order(fragments: list[Fragment]) -> list[Line]:
    from_top = sorted(fragments, key=lambda one: -one.baseline)
    return [line for region in regions(from_top) for line in _rows(region)]


def _rows(fragments: list[Fragment]) -> list[Line]:
    """Lines from top to bottom; fragments at one height are one line."""
    if not fragments:
        return []
    region = (min(one.left for one in fragments), max(one.right for one in fragments))
    rows: list[list[Fragment]] = []
    for one in fragments:
        if rows and _same_row(rows[-1], one):
            rows[-1].append(one)
        else:
            rows.append([one])
    lines = [_line(row, region) for row in rows]
    return _without_spread_prose(lines)


def _without_spread_prose(lines: list[Line]) -> list[Line]:
    """Not every row with gaps is a table's: lists' marks, and text that justifying has spread."""
    run: list[int] = []
    for index, line in enumerate(lines):
        if not line.cells:
            run = []
        elif len(line.cells) == 2 and _MARK.fullmatch(line.cells[0].text):
            lines[index] = _without_cells(line)
        else:
            run.append(index)
            following = lines[index + 1] if index + 1 < len(lines) else None
            if following is None or not following.cells:
                before = lines[run[0] - 1] if run[0] else None
                if _is_spread([lines[one] for one in run], before, following):
                    for one in run:
                        lines[one] = _without_cells(lines[one])
    return lines


def _is_spread(rows: list[Line], above: Line | None, below: Line | None) -> bool:
    """Few rows in the midst of full lines of text, each from edge to edge."""
    size = rows[0].size
    edges = [
        (line.left, line.right)
        for line, beside in ((above, rows[0]), (below, rows[-1]))
        if line is not None and abs(line.baseline - beside.baseline) < 1.6 * size
    ]
    return (
        len(rows) <= _MAX_SPREAD_LINES
        and any(
            all(abs(row.left - left) < size and abs(row.right - right) < 0.5 * size for row in rows)
            for left, right in edges
        )
        and all(a.baseline - b.baseline < 1.6 * size for a, b in pairwise(rows))
        and all(
            b.left - a.right < _MAX_SPREAD * size for row in rows for a, b in pairwise(row.cells)
        )
        and not any(cell.text[-1].isdigit() for row in rows for cell in row.cells[1:])
    )


def _without_cells(line: Line) -> Line:
    return line._replace(text=" ".join([cell.text for cell in line.cells]), cells=())


def _same_row(row: list[Fragment], one: Fragment) -> bool:
    """At the same height as the row's largest text; small raised or lowered text belongs too."""
    anchor = row[0] if len(row) == 1 else max(row, key=lambda fragment: fragment.size)
    larger = anchor.size if anchor.size > one.size else one.size
    offset = anchor.baseline - one.baseline
    if offset >= 0.5 * larger:
        return False
    return offset < 0.25 * larger or abs(one.size - anchor.size) >= 0.15 * anchor.size


def _line(row: list[Fragment], region: tuple[float, float]) -> Line:
    if len(row) == 1:
        text, left, right, baseline, size, is_bold, is_fixed = row[0]
        return Line(text, left, right, baseline, size, is_bold, *region, (), is_fixed)
    row.sort(key=lambda one: one.left)
    longest = max(row, key=lambda one: len(one.text))
    cells = _cells(row)
    return Line(
        text=CELL_JOINT.join([cell.text for cell in cells]),
        left=row[0].left,
        right=max([one.right for one in row]),
        baseline=longest.baseline,
        size=longest.size,
        is_bold=all(one.is_bold for one in row),
        region_left=region[0],
        region_right=region[1],
        cells=tuple(cells) if len(cells) > 1 else (),
        is_fixed=all(one.is_fixed for one in row),
    )


def _cells(row: list[Fragment]) -> list[Cell]:
    """Fragments close to each other are one cell."""
    turned = mostly_right_to_left(row)
    cells: list[Cell] = []
    pieces: list[Cell] = []  # of the last cell
    before: Fragment | None = None
    for one in reversed(row) if turned else row:
        piece = Cell(one.left, one.right, one.text)
        if before is None:
            cells.append(piece)
            pieces = [piece]
        else:
            gap = before.left - one.right if turned else one.left - before.right
            size = max(before.size, one.size)
            if gap > _CELL_GAP * size:
                cells.append(piece)
                pieces = [piece]
            else:
                joint = " " if gap > 0.12 * size else ""
                if joint:
                    pieces.append(piece)
                else:
                    pieces[-1] = _merged(pieces[-1], piece, "")
                cells[-1] = _merged(cells[-1], piece, joint)._replace(pieces=tuple(pieces))
        before = one
    return cells


def _merged(cell: Cell, piece: Cell, joint: str) -> Cell:
    return Cell(
        min(cell.left, piece.left), max(cell.right, piece.right), cell.text + joint + piece.text
    )
