"""A Markdown table: short, with the names of places instead of whole quotes."""

from __future__ import annotations

from engine.file_tables.columns import title_of
from engine.file_tables.exports.grid import problems
from engine.file_tables.table import Cell, Column, FileRow, FileTable


def to_markdown(table: FileTable) -> bytes:
    columns = table.spec.columns
    has_problems = any(problems(row, table) for row in table.rows)
    headings = ["File", *map(title_of, columns)] + ["Problems"] * has_problems
    lines = [_line(headings), _line(["---"] * len(headings))]
    for row in table.rows:
        cells = [row.name, *(_text(row, table, column) for column in columns)]
        lines.append(_line(cells + [problems(row, table)] * has_problems))
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _text(row: FileRow, table: FileTable, column: Column) -> str:
    cell = row.cells.get(table.spec.key(column), Cell())
    if cell.value is not None:
        return f"{cell.text} ({cell.value:.0%})"
    places = list(dict.fromkeys(proof.place for proof in cell.proofs))
    return f"{cell.text} ({'; '.join(places[:2])})" if places and cell.text else cell.text


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _escaped(cell: str) -> str:
    """Nothing in a cell may end it, or become markup of its own."""
    text = " ".join(cell.split()).replace("\\", "\\\\")
    for mark in "|<`":
        text = text.replace(mark, f"\\{mark}")
    return text
