"""Excel workbooks (.xlsx): sheet by sheet, one line per row, cells joined by " | ".

A sheet is like a page. Cells hold what Excel last showed: values of formulas, dates as ISO 8601, shares
in percent. Left out: charts, pictures; empty rows, and empty columns at the edges.
"""

from __future__ import annotations

import datetime
import io
import traceback
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.packages import SHEETS, check_package
from engine.documents.xlsx_extras import comment_lines, formulas_without_result
from engine.errors import AbortedError, DocumentDamagedError, DocumentError
from engine.types import Document

MAX_CELLS = 500_000  # of the whole workbook, empty ones included: seconds of reading
_CELLS_BETWEEN_LOOKS = 5_000
_LAST_ROW = 1_048_576  # of any sheet; a broken file may number a row higher


class ExcelFormat(DocumentFormat):
    format_id = "xlsx"
    title = "Excel"
    suffixes = (".xlsx", ".xlsm", ".xltx")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        data = path.read_bytes()
        check_package(data, builder.name, SHEETS)
        try:
            with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as package:
                warnings.simplefilter("ignore")  # of extensions that only Excel knows
                count = _Reader(builder, package, abort).read(data)
        except (DocumentError, AbortedError, MemoryError):
            raise
        except Exception as error:  # whatever openpyxl meets in here, the file is what is wrong
            raise DocumentDamagedError(
                f"“{builder.name}” is damaged: its sheets cannot be read.",
                detail=traceback.format_exc(),
            ) from error
        return builder.build(page_count=count)


class _Reader:
    def __init__(
        self, builder: DocumentBuilder, package: zipfile.ZipFile, abort: AbortFlag
    ) -> None:
        self._builder, self._package, self._abort = builder, package, abort
        self._cells_left = MAX_CELLS
        self._percent: dict[int, bool] = {}
        self._without_result = 0

    def read(self, data: bytes) -> int:
        """Read all sheets and return how many there are."""
        import openpyxl

        workbook = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        sheets = workbook.worksheets
        for sheet in sheets:
            self._add_sheet(sheet)
        workbook.close()
        if self._without_result:
            noun = "formula has" if self._without_result == 1 else "formulas have"
            self._builder.remarks.append(
                f"{self._without_result:,} {noun} no result in the file and left an empty cell: "
                "open it in Excel and save it."
            )
        return len(sheets)

    def _add_sheet(self, sheet: Any) -> None:
        lines = list(self._lines(sheet))
        part = getattr(sheet, "_worksheet_path", "")
        self._without_result += formulas_without_result(self._package, part)
        comments = list(comment_lines(self._package, part))
        if not lines and not comments:
            return
        if sheet.sheet_state != "visible":
            self._builder.remarks.append(
                f"The sheet “{sheet.title}” is hidden, and was read all the same."
            )
        self._builder.begin_page(f"sheet {sheet.title}")
        self._builder.add("\n".join(_from_first_column(lines)))
        for comment in comments:
            self._builder.add(comment)

    def _lines(self, sheet: Any) -> Iterator[str]:
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        self._abort.raise_if_set()
        looked_at = self._cells_left
        for number, row in enumerate(sheet.iter_rows(), start=1):
            self._cells_left -= len(row)
            if looked_at - self._cells_left > _CELLS_BETWEEN_LOOKS:
                self._abort.raise_if_set()
                looked_at = self._cells_left
            if self._cells_left < 0:
                self._builder.remarks.append(
                    f"The workbook is very large: “{sheet.title}” was read up to row {number - 1:,}."
                )
                return
            if number > _LAST_ROW:
                return
            if line := " | ".join(map(self._shown, row)).rstrip(" |"):
                yield line

    def _shown(self, cell: Any) -> str:
        value = cell.value
        if value is None or isinstance(value, str):
            return " ".join(value.split()) if value else ""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int | float):
            if self._is_percent(cell):
                return f"{value * 100:.10g}%"
            return f"{value:.15g}" if isinstance(value, float) else str(value)
        if isinstance(value, datetime.datetime):
            has_time = value.time() != datetime.time()
            return value.isoformat(" ", "seconds") if has_time else value.date().isoformat()
        return " ".join(str(value).split())

    def _is_percent(self, cell: Any) -> bool:
        style = cell._style_id
        if style not in self._percent:
            self._percent[style] = "%" in (cell.number_format or "")
        return self._percent[style]


def _from_first_column(lines: list[str]) -> list[str]:
    """Without the columns at the left that are empty in every row."""
    while lines and all(line.startswith(" | ") for line in lines):
        lines = [line[3:] for line in lines]
    return lines
