"""Tables as people have them: other delimiters and encodings, torn rows, broken quotation marks."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.batch.csv_table import CsvTable
from engine.batch.jsonl_table import JsonlTable
from engine.batch.sources import decode_lines
from engine.batch.tables import Row, Table, open_table
from engine.errors import (
    BadRequestError,
    DocumentDamagedError,
    DocumentError,
    DocumentFormatError,
    DocumentNoTextError,
    DocumentNotFoundError,
)

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


def table_of(folder: Path, data: bytes | str, column: str = "text", suffix: str = "csv") -> Table:
    path = folder / f"table.{suffix}"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return open_table(str(path), column)


def texts(table: Table) -> list[str]:
    return [row.text for row in table.rows()]


@given(rows=TABLES, delimiter=st.sampled_from(",;\t|"), ends=st.sampled_from(["\n", "\r\n"]))
@example(rows=[["\r", '"', ",;\t|\n"]], delimiter=";", ends="\n")
def test_cells_are_read_as_they_were_written(
    rows: list[list[str]], delimiter: str, ends: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    header = [f"name {number}" for number in range(len(rows[0]))]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ends, quoting=csv.QUOTE_ALL)
    writer.writerows([header, *rows])
    table = table_of(tmp_path_factory.mktemp("t"), text.getvalue(), header[-1])
    assert table.columns == tuple(header)
    assert [row.cells for row in table.rows()] == [tuple(row) for row in rows]
    assert texts(table) == [row[-1] for row in rows]
    assert table.total == len(rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_the_column(tmp_path: Path, delimiter: str) -> None:
    data = f"id{delimiter}text{delimiter}n\n1{delimiter}a, b; c{delimiter}2\n".replace(
        "a, b; c", "ab"
    )
    table = table_of(tmp_path, data)
    assert (table.delimiter, table.columns, texts(table)) == (
        delimiter,
        ("id", "text", "n"),
        ["ab"],
    )


def test_one_column_of_sentences_is_not_cut_at_their_commas(tmp_path: Path) -> None:
    table = table_of(tmp_path, "text\nWell, it rains.\nGood, bad, so so.\nNo.\n")
    assert texts(table) == ["Well, it rains.", "Good, bad, so so.", "No."]


def test_spaces_behind_the_delimiter_are_no_part_of_a_quoted_cell(tmp_path: Path) -> None:
    assert texts(table_of(tmp_path, 'id, text\n1, "a, b"\n2, "c"\n')) == ["a, b", "c"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_line_ends_and_encodings_of_all_kinds(tmp_path: Path, ends: str, encoding: str) -> None:
    lines = ["id,text", "1,Das Café in Köln ist schön und groß.", "2,Für mich war es übel.", ""]
    table = table_of(tmp_path, ends.join(lines).encode(encoding))
    assert table.columns == ("id", "text")
    assert texts(table) == ["Das Café in Köln ist schön und groß.", "Für mich war es übel."]
    assert bool(table.source.remarks) == (encoding in ("cp1252", "utf-16-le"))


def test_a_file_of_two_encodings_is_read_line_by_line_and_says_so(tmp_path: Path) -> None:
    old = "Das Café in Köln hat geöffnet. Schöne Grüße!"
    data = b"text\n" + "Ein Gruß aus Zürich 🙂\n".encode() + old.encode("cp1252") + b"\nplain\n"
    table = table_of(tmp_path, data)
    assert texts(table) == ["Ein Gruß aus Zürich 🙂", old, "plain"]
    (remark,) = table.source.remarks
    assert "mixes encodings: lines that are not UTF-8" in remark


def test_lines_of_an_old_encoding_that_look_like_utf8_change_nothing() -> None:
    lines = ["今天天气很好，我们去公园散步。"] * 30
    data = "\n".join([*lines, "联通"]).encode("gb18030")
    text, remark = decode_lines(data)
    assert text.split("\n") == [*lines, "联通"]
    assert "GB" in remark


def test_bytes_that_no_encoding_has_are_counted(tmp_path: Path) -> None:
    data = "text\nÄpfel, Öl, Übung, schön, größer, Maß\n".encode() * 3 + b"a \xff\xfe b\n"
    table = table_of(tmp_path, data)
    assert len(texts(table)) == table.total
    assert table.source.remarks


def test_nul_bytes_stay_in_their_cells(tmp_path: Path) -> None:
    assert texts(table_of(tmp_path, b"id,text\n1,a\x00b\n2,c\n")) == ["a\0b", "c"]


def test_a_cell_of_ten_megabytes_is_a_cell(tmp_path: Path) -> None:
    long = "word " * 2_000_000
    assert texts(table_of(tmp_path, f'id,text\n1,"{long}"\n2,b\n')) == [long, "b"]


def test_rows_that_are_too_short_or_too_long_say_so_and_lose_nothing(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,text,n\n1,a,x\n2\n3,c,y,left,over\n4,d,z\n\n5,e,w\n")
    rows = list(table.rows())
    assert [row.problem for row in rows] == [
        "",
        "Line 3 has fewer fields than the header: 1, not 3.",
        'Line 4 has more fields than the header: 5, not 3. Left over: ["left", "over"]',
        "",
        "",
    ]
    assert [row.cells[0] for row in rows] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ('id,text\n1,"fine"\n2,"never closed\n3,c\n', 3),
        ('id,text\n1,"a" b\n', 2),
        ('id,text\n1,"opened\n2,"again"\n', 2),
    ],
)
def test_quotation_marks_that_do_not_match_are_told_before_anything_is_judged(
    tmp_path: Path, data: str, line: int
) -> None:
    with pytest.raises(DocumentDamagedError, match=f"do not match from line {line} on") as caught:
        table_of(tmp_path, data)
    assert "Close them there" in caught.value.hint


def test_a_missing_column_is_told_with_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(BadRequestError, match="no column “text”") as caught:
        table_of(tmp_path, "id,body\n1,a\n")
    assert caught.value.hint == "Its columns are: id, body."
    with pytest.raises(BadRequestError, match="2 columns named “text”"):
        table_of(tmp_path, "text,text\n1,a\n")
    with pytest.raises(BadRequestError, match="No line of “table") as caught:
        table_of(tmp_path, '{"body": "a"}\n', suffix="jsonl")
    assert caught.value.hint == "There are: body."
    assert texts(table_of(tmp_path, "id, text \n1,a\n")) == ["a"]
    with pytest.raises(BadRequestError) as caught:
        table_of(tmp_path, '"i\nd",\x1b[2Jb\n1,a\n')
    assert caught.value.hint == "Its columns are: i d, \ufffd[2Jb."


@pytest.mark.parametrize(
    ("data", "suffix", "kind", "what"),
    [
        (b"", "csv", DocumentNoTextError, "is empty"),
        (b"\n\n", "csv", DocumentNoTextError, "no rows"),
        (b"id,text\n", "csv", DocumentNoTextError, "no rows"),
        (b"\xef\xbb\xbf", "csv", DocumentNoTextError, "no rows"),
        (b" \n", "jsonl", DocumentNoTextError, "no rows"),
        (b"id,text\n1,a\n", "jsonl", DocumentFormatError, "No line of"),
        (b'[{"text": "a"}]', "json", BadRequestError, "not one object per line"),
        (b"PK\x03\x04rest", "csv", DocumentFormatError, "an Excel or ZIP file"),
        (b"%PDF-1.7", "csv", DocumentFormatError, "a PDF"),
        (bytes(range(32)) * 9, "csv", DocumentFormatError, "no text"),
        (bytes(4096), "csv", DocumentFormatError, "no text"),
    ],
)
def test_what_is_no_table_is_told(
    tmp_path: Path, data: bytes, suffix: str, kind: type[DocumentError], what: str
) -> None:
    with pytest.raises(kind, match=what) as caught:
        table_of(tmp_path, data, suffix=suffix)
    assert caught.value.hint


def test_a_file_that_is_not_there_or_is_a_folder_is_told(tmp_path: Path) -> None:
    for name, kind in (("gone.csv", DocumentNotFoundError), ("", DocumentError)):
        with pytest.raises(kind):
            open_table(str(tmp_path / name), "text")
    for path in ("a\0b.csv", "~nobody-of-this-name/a.csv"):
        with pytest.raises(DocumentNotFoundError):
            open_table(path, "text")


def test_lines_of_jsonl_that_are_broken_cost_themselves_only(tmp_path: Path) -> None:
    lines = [
        '{"text": "a", "n": 1.10}',
        '{"text": "b"',
        "",
        "[1, 2]",
        '{"n": 2}',
        '{"text": null}',
        '{"text": 7}',
        '{"text": ["x"]}',
        '{"text": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"text": "c\\ud800"}',
        '  {"text": "d\u2028\u0085e"}  ',
    ]
    table = table_of(tmp_path, "\r\n".join(lines), suffix="ndjson")
    rows = list(table.rows())
    assert table.total == len(rows) == 10
    told = {row.line: row.problem for row in rows if row.problem}
    assert list(told) == [2, 4, 5, 8, 9, 10]
    assert told[2].startswith("Line 2 is not a JSON object (")
    assert told[2].endswith('): {"text": "b"')
    assert told[4] == "Line 4 is not a JSON object (it is something else): [1, 2]"
    assert told[5] == "Line 5 has no “text”."
    assert told[8] == "“text” of line 8 is not a text."
    assert "nested too deeply" in told[9]
    assert [row.text for row in rows if not row.problem] == ["a", "", "7", "d\u2028\u0085e"]
    assert rows[0] == Row(1, ("a", "1.10"), "a", "", '{"text": "a", "n": 1.10}')


def test_the_kind_of_table_is_seen_where_the_suffix_does_not_say_it(tmp_path: Path) -> None:
    assert isinstance(table_of(tmp_path, '{"text": "a"}', suffix="txt"), JsonlTable)
    assert isinstance(table_of(tmp_path, "id,text\n1,a", suffix="txt"), CsvTable)
    assert isinstance(table_of(tmp_path, '{"text",b\n1,a', '{"text"', suffix="csv"), CsvTable)
