"""A table of files as other programs read it: nothing lost, nothing run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from engine.batch.safe_cells import safe_cell
from engine.errors import BadRequestError, DocumentError, ErrorInfo
from engine.file_tables.exports import TABLE_EXPORTS, export_for, write_table
from engine.file_tables.exports.csv_export import to_csv
from engine.file_tables.exports.jsonl_export import to_jsonl
from engine.file_tables.exports.markdown_export import to_markdown
from engine.file_tables.exports.xlsx_export import to_xlsx
from engine.file_tables.table import Cell, Column, FileRow, FileTable, Proof, TableSpec

SPEC = TableSpec((Column("summary"), Column("sentiment"), Column("question", "Who pays?")))
SUMMARY, SENTIMENT, QUESTION = (SPEC.key(column) for column in SPEC.columns)
PROOF = Proof("The tenant pays.", "p. 2, Rent", 40, 56)
GOOD = FileRow(
    *("/in/lease.pdf", "lease.pdf", (9, 9), "pdf", 3, 5000, ("Page 3: a picture.",)),
    {
        SUMMARY: Cell("A lease of a house.", doubts=("1999",)),
        SENTIMENT: Cell("neutral", 0.75),
        QUESTION: Cell("The tenant", proofs=(PROOF,)),
    },
)
BAD = FileRow(
    "/in/bad.pdf",
    "bad.pdf",
    error=ErrorInfo("DOCUMENT_DAMAGED", "It is damaged.", "Send it again."),
)
HALF = FileRow(
    *("/in/half.txt", "half.txt", (1, 1), "text", None, 10, ()),
    {SENTIMENT: Cell(error=ErrorInfo("MODEL", "No model.", "Open one."))},
)
TABLE = FileTable(SPEC, (GOOD, BAD, HALF))
TEXTS = st.text(max_size=40)


def table_of(name: str, text: str) -> FileTable:
    row = FileRow("/in/x", name, (1, 1), "text", None, 1, (), {SUMMARY: Cell(text)})
    return FileTable(TableSpec((Column("summary"),)), (row,))


def csv_rows(table: FileTable) -> list[dict[str, str]]:
    text = to_csv(table).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_csv_has_a_row_per_file_with_sources_and_problems() -> None:
    good, bad, half = csv_rows(TABLE)
    assert good["File"] == "lease.pdf"
    assert (good["Pages"], good["Sentiment"], good["Sentiment: share"]) == ("3", "neutral", "0.75")
    assert good["Who pays?"] == "The tenant"
    assert good["Who pays?: source"] == "p. 2, Rent: “The tenant pays.”"
    assert good["Problems"] == "Summary: not in the file: 1999\nPage 3: a picture."
    assert bad["Problems"] == "It is damaged. Send it again."
    assert half["Problems"] == "Sentiment: No model. Open one.\nNot finished."


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1+1", "-a", "\tx", "＝1", '=cmd|"/c"!A0'])
def test_no_cell_of_a_spreadsheet_runs(text: str) -> None:
    (row,) = csv_rows(table_of(text, text))
    assert row["Summary"].startswith("'")
    assert row["File"].startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table_of(text, text))))
    assert all(cell.data_type != "f" for line in book.active for cell in line)


@given(name=TEXTS, text=TEXTS)
def test_every_text_comes_back_from_csv_and_jsonl(name: str, text: str) -> None:
    name, text = (t.encode("utf-8", "replace").decode() for t in (name, text))
    (row,) = csv_rows(table_of(name, text))
    assert (row["File"], row["Summary"]) == (safe_cell(name), safe_cell(text))
    data = to_jsonl(table_of(name, text)).decode()
    assert len(data.splitlines()) == 1
    found = json.loads(data)
    assert found["file"] == name
    assert found["cells"]["Summary"].get("text", "") == text


@given(text=TEXTS)
def test_markdown_stays_one_row_of_so_many_cells(text: str) -> None:
    lines = to_markdown(table_of(text, text)).decode().split("\n")
    assert len(lines) == 4
    html = MarkdownIt("commonmark").enable("table").render("\n".join(lines))
    assert html.count("<td>") == 2
    assert html.count("<tr>") == 2


@given(text=st.text(max_size=20))
def test_a_workbook_opens_whatever_is_in_it(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table_of("a", text))))
    assert book.active.max_row == 2


def test_a_workbook_has_numbers_as_numbers_and_cuts_what_excel_cannot_hold() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(TABLE))).active
    headings = [cell.value for cell in sheet[1]]
    good = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))
    assert (good["Pages"], good["Sentiment: share"]) == (3, 0.75)
    long = openpyxl.load_workbook(io.BytesIO(to_xlsx(table_of("a", "x" * 40_000)))).active
    assert len(long["C2"].value) == 32_767


def test_jsonl_has_the_proofs_with_their_places() -> None:
    good, bad, half = (json.loads(line) for line in to_jsonl(TABLE).decode().splitlines())
    assert good["cells"]["Who pays?"]["proofs"] == [
        {"text": "The tenant pays.", "place": "p. 2, Rent", "start": 40, "end": 56}
    ]
    assert (good["finished"], half["finished"]) == (True, False)
    assert bad["error"]["message"] == "It is damaged."
    assert half["cells"]["Sentiment"]["error"]["hint"] == "Open one."


def test_an_earlier_file_stays_if_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "out.csv"
    (folder / "inside").mkdir(parents=True)
    with pytest.raises(DocumentError, match="cannot be written"):
        write_table(TABLE, folder, TABLE_EXPORTS[0])
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_suffix_that_says_nothing_is_told_with_those_that_do() -> None:
    with pytest.raises(BadRequestError) as error:
        export_for(Path("table.doc"))
    assert ".csv, .jsonl, .md, .xlsx" in error.value.hint
