"""Excel: what a person sees in the cells, sheet by sheet - and what is said about the rest."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from engine.documents import read_document, xlsx
from engine.errors import DocumentDamagedError, DocumentNoTextError
from engine.retrieval.naming import name_passage
from engine.types import Document
from tests.documents.makers import repacked


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(tmp_path: Path, data: bytes, name: str = "a.xlsx") -> Document:
    path = tmp_path / name
    path.write_bytes(data)
    return read_document(path)


def workbook(*rows: list[Any], title: str = "Prices") -> Any:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def test_cells_are_what_excel_shows(tmp_path: Path) -> None:
    book = workbook(
        [None, "Item", "Price", "Since", None],
        [],
        [None, "Roof", 900.1, datetime.datetime(2024, 5, 4), None],
        [None, "Wall\nblue", 3, datetime.datetime(2024, 5, 4, 12, 30)],
        [None, "Sold", True, datetime.time(9, 5)],
        [None, None, 0.1 + 0.2, "#N/A"],
    )
    book.active["E6"] = 0.175
    book.active["E6"].number_format = "0.0%"
    document = read(tmp_path, saved(book))
    assert document.text == (
        "Item | Price | Since\nRoof | 900.1 | 2024-05-04\nWall blue | 3 | 2024-05-04 12:30:00\n"
        "Sold | TRUE | 09:05:00\n | 0.3 | #N/A | 17.5%"
    )
    assert (document.format, document.page_count, document.remarks) == ("xlsx", 1, ())


def test_sheets_are_pages_and_hidden_ones_are_said(tmp_path: Path) -> None:
    book = workbook(["Roof"])
    book.create_sheet("Empty")
    book.create_sheet("Old stock").append(["x"])
    book["Old stock"].sheet_state = "hidden"
    document = read(tmp_path, saved(book))
    assert document.text == "Roof\n\nx"
    assert [(one.kind, one.label) for one in document.sections] == [
        ("page", "sheet Prices"),
        ("page", "sheet Old stock"),
    ]
    assert name_passage(document, 0, 4) == "sheet Prices"
    assert name_passage(document, 0, len(document.text)) == "sheets Prices–Old stock"
    assert document.remarks == ("The sheet “Old stock” is hidden, and was read all the same.",)


def test_merged_cells_hold_their_words_once(tmp_path: Path) -> None:
    book = workbook(["wide", None, "last"], ["a", "b", "c"])
    book.active.merge_cells("A1:B1")
    assert read(tmp_path, saved(book)).text == "wide |  | last\na | b | c"


def with_cells(xml: str) -> bytes:
    """A workbook whose sheet holds only these cells."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{xml}</sheetData></worksheet>"
    )
    return repacked(saved(workbook(["x"])), {"xl/worksheets/sheet1.xml": sheet.encode()})


def test_formulas_show_their_result_and_those_without_are_said(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>A1</f></c>'
        '<c r="C1"><f t="shared" si="0"/><v></v></c><c r="D1" t="str"><f>"a"</f><v>a</v></c></row>'
    )
    document = read(tmp_path, with_cells(cells))
    assert document.text == "2 |  |  | a"
    assert document.remarks == (
        "2 formulas have no result in the file and left an empty cell: "
        "open it in Excel and save it.",
    )


def test_comments_name_their_cell_and_author(tmp_path: Path) -> None:
    book = workbook(["Roof", 900])
    book.active["B1"].comment = Comment("Too\nmuch?", "Anna")
    assert read(tmp_path, saved(book)).text == "Roof | 900\n\nComment by Anna on B1: Too much?"


def test_a_very_large_sheet_is_read_up_to_a_row_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MAX_CELLS", 25)
    document = read(tmp_path, saved(workbook(*([number, "x"] for number in range(100)))))
    assert document.text.endswith("\n11 | x")
    assert document.remarks == ("The workbook is very large: “Prices” was read up to row 12.",)


@pytest.mark.timeout(30)
def test_rows_and_columns_beyond_any_sheet_end_the_reading(tmp_path: Path) -> None:
    far = '<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>'
    near = '<row r="1"><c r="A1"><v>7</v></c></row>'
    assert read(tmp_path, with_cells(near + far)).text == "7"
    with pytest.raises(DocumentDamagedError, match=r"a\.xlsx"):
        read(tmp_path, with_cells('<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>'))


def test_a_workbook_without_a_word(tmp_path: Path) -> None:
    with pytest.raises(DocumentNoTextError, match=r"a\.xlsx"):
        read(tmp_path, saved(openpyxl.Workbook()))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("xml", [b"<nothing/>", b"<workshe", b"<a>" * 100_000])
def test_broken_parts(tmp_path: Path, part: str, xml: bytes) -> None:
    with pytest.raises((DocumentDamagedError, DocumentNoTextError), match=r"a\.xlsx") as caught:
        read(tmp_path, repacked(saved(workbook(["x"])), {part: xml}))
    assert caught.value.hint
