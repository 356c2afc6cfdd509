"""Excel workbooks (.xlsx): sheet by sheet, one line per row, cells joined by " | ".

A sheet is like a page. Cells hold what Excel last showed: values of formulas, dates as ISO 8601. Left
out: charts, pictures, comments; empty rows, and empty columns at the edges.
"""

from __future__ import annotations

import datetime
import io
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.contracts import AbortFlag
from engine.documents.base import MAX_CHARACTERS, DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.packages import SHEETS, check_package
from engine.errors import AbortedError, DocumentDamagedError, DocumentError
from engine.types import Document

MAX_ROWS = 200_000  # of one sheet
MAX_COLUMNS = 1_000


class ExcelFormat(DocumentFormat):
    format_id = "xlsx"
    title = "Excel"
    suffixes = (".xlsx", ".xlsm", ".xltx")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        data = path.read_bytes()
        check_package(data, builder.name, SHEETS)
        try:
            import openpyxl

            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = workbook.worksheets
            for sheet in sheets:
                _add_sheet(builder, sheet, abort)
            workbook.close()
        except (DocumentError, AbortedError):
            raise
        except Exception as error:  # whatever openpyxl meets in here, the file is what is wrong
            raise DocumentDamagedError(
                f"“{builder.name}” is damaged: its sheets cannot be read.",
                detail=traceback.format_exc(),
            ) from error
        return builder.build(page_count=len(sheets))


def _add_sheet(builder: DocumentBuilder, sheet: Any, abort: AbortFlag) -> None:
    lines, size = [], 0
    for number, row in enumerate(_rows(sheet), start=1):
        abort.raise_if_set()
        if number > MAX_ROWS:
            builder.remarks.append(f"Of the sheet “{sheet.title}” the first {MAX_ROWS:,} rows.")
            break
        line = " | ".join(row).rstrip(" |")
        if line:
            lines.append(line)
            size += len(line)
            if size > MAX_CHARACTERS:
                break  # the builder tells it
    if not lines:
        return
    if sheet.sheet_state != "visible":
        builder.remarks.append(f"The sheet “{sheet.title}” is hidden and was read all the same.")
    builder.begin_page(f"sheet {sheet.title}")
    builder.add("\n".join(_from_first_column(lines)))


def _rows(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    for row in sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS):
        yield [_shown(value) for value in row]


def _from_first_column(lines: list[str]) -> list[str]:
    """Without the columns at the left that are empty in every row."""
    while all(line.startswith(" | ") for line in lines):
        lines = [line[3:] for line in lines]
    return lines


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        has_time = value.time() != datetime.time()
        return value.isoformat(" ", "seconds") if has_time else value.date().isoformat()
    return " ".join(str(value).split())
