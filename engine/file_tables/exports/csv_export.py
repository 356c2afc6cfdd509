"""CSV as spreadsheets read it: RFC 4180, UTF-8 with a byte order mark, no cell runs as a formula."""

from __future__ import annotations

import csv
import io

from engine.batch.safe_cells import safe_cell
from engine.file_tables.exports.grid import Value, grid
from engine.file_tables.table import FileTable


def to_csv(table: FileTable) -> bytes:
    headings, rows = grid(table)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_cell(one) for one in headings])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _cell(value: Value) -> str:
    return safe_cell(value) if isinstance(value, str) else "" if value is None else str(value)
