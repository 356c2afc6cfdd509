"""A table as plain rows of values, as spreadsheets want it."""

from __future__ import annotations

from engine.file_tables.columns import title_of
from engine.file_tables.table import Cell, Column, FileRow, FileTable

Value = str | float | int | None
_QUOTE_CHARACTERS = 160


def grid(table: FileTable) -> tuple[list[str], list[list[Value]]]:
    """Headings and rows. Each column is followed by its share, if it has one, and its sources."""
    spec = table.spec
    shares = {
        c for c in spec.columns if any(_cell(row, table, c).value is not None for row in table.rows)
    }
    headings = ["File", "Pages"]
    for column in spec.columns:
        title = title_of(column)
        headings += [title] + [f"{title}: share"] * (column in shares) + [f"{title}: source"]
    headings += ["Problems", "Path"]
    rows = []
    for row in table.rows:
        values: list[Value] = [row.name, row.pages]
        for column in spec.columns:
            cell = _cell(row, table, column)
            values.append(cell.text)
            if column in shares:
                values.append(cell.value)
            values.append(sources(cell))
        rows.append([*values, problems(row, table), row.path])
    return headings, rows


def sources(cell: Cell) -> str:
    return "\n".join(f"{proof.place}: “{_short(proof.text)}”" for proof in cell.proofs)


def problems(row: FileRow, table: FileTable) -> str:
    """What failed, what is doubtful, and what the reader remarked."""
    told = []
    for column, error in row.errors(table.spec):
        name = f"{title_of(column)}: " if column else ""
        told.append(f"{name}{error.one_line()}")
    for column in table.spec.columns:
        if doubts := _cell(row, table, column).doubts:
            told.append(f"{title_of(column)}: not in the file: {', '.join(doubts)}")
    if not row.is_done(table.spec):
        told.append("Not finished.")
    return "\n".join([*told, *row.remarks])


def _cell(row: FileRow, table: FileTable, column: Column) -> Cell:
    return row.cells.get(table.spec.key(column), Cell())


def _short(text: str) -> str:
    return text if len(text) <= _QUOTE_CHARACTERS else text[: _QUOTE_CHARACTERS - 1].rstrip() + "…"
