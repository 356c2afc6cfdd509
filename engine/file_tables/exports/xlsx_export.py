"""An Excel workbook, written by XlsxWriter. Text stays text: nothing becomes a formula or a link."""

from __future__ import annotations

import io
import re

from engine.file_tables.exports.grid import grid
from engine.file_tables.table import FileTable

_MOST_CHARACTERS = 32_767  # of a cell, Excel's limit
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDTHS = {"File": 28, "Pages": 7, "Path": 40, "Problems": 32}


def to_xlsx(table: FileTable) -> bytes:
    import xlsxwriter

    headings, rows = grid(table)
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("Carrel")
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        percent = book.add_format({"num_format": "0%", "valign": "top"})
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, _fitting(heading), head)
            narrow = heading.endswith(": share")
            sheet.set_column(place, place, 9 if narrow else _WIDTHS.get(heading, 36))
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, place, _fitting(value), body)
                elif value is not None:
                    is_share = headings[place].endswith(": share")
                    sheet.write_number(number, place, value, percent if is_share else body)
        sheet.freeze_panes(1, 1)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    return buffer.getvalue()


def _fitting(text: str) -> str:
    text = _NO_XML.sub("", text)
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"
