"""What is written for a table: the same cells again, safe for spreadsheets, and gone on with."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from engine.batch.answers import Answer, free_names, values
from engine.batch.judging import (
    CHUNK_CHARACTERS,
    CHUNK_ROWS,
    chunks,
    embedding_parts,
    mean_vector,
    sendable,
)
from engine.batch.outputs import form_of
from engine.batch.resuming import kept
from engine.batch.safe_cells import is_formula, safe_cell
from engine.batch.tables import Row, Table
from engine.errors import BadRequestError, ErrorInfo, LanguageError
from engine.protocol import TextJudgement
from engine.types import Span
from tests.engine.test_batch_tables import CELLS, TABLES, table_of

SHARES = {"negative": 0.1, "neutral": 0.2, "positive": 0.7}
GOOD = Answer(TextJudgement("positive", 0.7, SHARES))


@given(st.text(max_size=20))
@example("=HYPERLINK(1)")
@example("-3.5")
@example("-3.5\n")
@example("-1+cmd|' /C calc'!A0")
@example("\ufeff=1")
@example(" ＝1")
def test_no_cell_is_a_formula_once_it_is_safe(cell: str) -> None:
    safe = safe_cell(cell)
    assert not is_formula(safe)
    assert safe in (cell, f"'{cell}")
    if safe == cell and safe.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")):
        float(cell.rstrip("%").replace(",", ""))  # nothing but a number


@pytest.mark.parametrize(
    "cell",
    ["=1", "+1+1", "-a", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＠a", "  =1", "\0=1", "﹢1+1"],
)
def test_what_a_spreadsheet_might_run_gets_an_apostrophe(cell: str) -> None:
    assert safe_cell(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell",
    ["", "-3.5", "+7", "-1,000.25", "-.5", "-2e-8", "-12%", "a=b", "'=1", "[0.1, -0.2]", "–"],
)
def test_numbers_and_texts_stay_as_they_are(cell: str) -> None:
    assert safe_cell(cell) == cell


def written(table: Table, kind: str, answer: Answer = GOOD, task: str = "sentiment") -> bytes:
    form = form_of(kind, table, task)
    return form.head + b"".join(form.line(row, answer) for row in table.rows())


@given(rows=TABLES)
@example(rows=[["=1", "\r", '"\n"']])
def test_the_columns_come_back_as_they_were(
    rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    header = ["text", *(f"name {number}" for number in range(1, len(rows[0])))]
    source = io.StringIO(newline="")
    csv.writer(source, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    controls = sum(mark < " " and mark not in "\t\r\n" for mark in source.getvalue())
    assume(controls * 10 <= len(source.getvalue()))  # else it is no text
    table = table_of(tmp_path_factory.mktemp("t"), source.getvalue())
    back = list(csv.reader(io.StringIO(written(table, "csv").decode(), newline=""), strict=True))
    assert [row[: len(header)] for row in back] == [
        [safe_cell(cell) for cell in row] for row in (header, *rows)
    ]
    lines = written(table, "jsonl").decode().removesuffix("\n").split("\n")
    assert len(lines) == len("\n".join(lines).splitlines()) == len(rows)
    assert [[json.loads(line)[name] for name in header] for line in lines] == rows


def test_lines_of_jsonl_are_kept_to_the_letter(tmp_path: Path) -> None:
    data = '{"n": 1.10, "text" :"a\\u00e4", "n":1e400 }\n{}\nbroken\n'
    table = table_of(tmp_path, data, suffix="jsonl")
    lines = written(table, "jsonl").decode().splitlines()
    assert lines[0].startswith('{"n": 1.10, "text" :"a\\u00e4", "n":1e400, "label": "positive"')
    assert lines[1].startswith('{"label": ')
    assert json.loads(lines[2])["label"] == "positive"
    cells = next(csv.reader([written(table, "csv").decode().splitlines()[1]]))
    assert cells[:2] == ["1e400", "aä"]


def test_columns_that_are_there_already_are_left_alone(tmp_path: Path) -> None:
    assert free_names("embed", ["text"]) == ("vector", "error")
    taken = ["label", "error", "error_carrel"]
    assert free_names("sentiment", taken) == (
        *("label_carrel", "score", "negative", "neutral", "positive", "error_carrel_2"),
    )
    table = table_of(tmp_path, "text,label,x,x,\na,mine,1,2,3\n")
    (row,) = map(json.loads, written(table, "jsonl").splitlines())
    assert (row["label"], row["label_carrel"]) == ("mine", "positive")
    assert (row["x"], row["x_2"], row[""]) == ("1", "2", "3")


def test_a_spreadsheet_gets_back_the_delimiter_and_the_mark_that_it_wrote(tmp_path: Path) -> None:
    table = table_of(tmp_path, "\ufeffid;text\r\n1;a, b\r\n")
    data = written(table, "csv")
    assert data.startswith("\ufeffid;text;label;".encode())
    assert b"\r\n1;a, b;positive;0.7;" in data
    assert not written(table, "jsonl").startswith(b"\xef\xbb\xbf")


def test_offsets_are_those_of_the_cell_as_it_is() -> None:
    text = "a\r\nAnna\0 b\r"
    sent = sendable(text)
    assert (len(sent), sent) == (len(text), "a \nAnna\ufffd b\n")
    found = TextJudgement(spans=(Span(3, 8, "Anna\ufffd", "PER", 0.91234),))
    names, count, error = values("entities", Answer(found), text)
    assert names == [{"start": 3, "end": 8, "text": "Anna\0", "label": "PER", "score": 0.9123}]
    assert (count, error) == (1, None)


def test_an_error_stands_alone_in_its_row() -> None:
    failed = Answer(TextJudgement(error=LanguageError("It is Greek.").info()))
    assert values("sentiment", failed, "x")[:-1] == (None,) * 5
    assert values("embed", failed, "x")[1].startswith("It is Greek. Open a chat model")
    assert values("embed", Answer(problem="too short"), "") == (None, "too short")


def test_chunks_end_by_rows_or_by_characters() -> None:
    rows = [Row(n, (), "x" * (CHUNK_CHARACTERS if n == 300 else 10)) for n in range(600)]
    assert [len(chunk) for chunk in chunks(rows)] == [CHUNK_ROWS, 44, 1, CHUNK_ROWS, 43]
    assert [row for chunk in chunks(rows) for row in chunk] == rows
    assert [len(chunk) for chunk in chunks(rows[:3], 1)] == [1, 1, 1]


@given(CELLS.map(lambda cell: cell * 400))
def test_no_part_that_is_embedded_is_longer_than_the_encoder_sees(text: str) -> None:
    parts = embedding_parts(text)
    assert all(part.end - part.start <= 800 for part in parts)
    assert "".join(text.split()) == "".join(
        "".join(text[part.start : part.end].split()) for part in parts
    )


def test_the_vector_of_a_long_text_is_the_mean_of_its_parts() -> None:
    assert mean_vector([]) == ()
    assert mean_vector([((0.6, 0.8), 3)]) == (0.6, 0.8)
    assert mean_vector([((1.0, 0.0), 3), ((0.0, 1.0), 4)]) == (0.6, 0.8)


ROWS = 'id,text\n1,a\n2,"b\n""c"\n3,=d\n4,"e,f"\n5,\n6,g,too much\n7,h\n'
BAD = Answer(TextJudgement(error=ErrorInfo("X", "No.")))


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_wherever_an_output_is_torn_it_is_cut_at_a_chunk_and_gone_on_with(
    kind: str, tmp_path: Path
) -> None:
    table = table_of(tmp_path, ROWS)
    form = form_of(kind, table, "sentiment")
    lines = [
        form.line(row, Answer(problem=row.problem) if row.problem else BAD if n == 1 else GOOD)
        for n, row in enumerate(table.rows())
    ]
    whole = form.head + b"".join(lines)
    ends = [len(form.head + b"".join(lines[:count])) for count in range(len(lines) + 1)]
    for size in range(len(whole) + 1):
        planned = iter(list(chunks(table.rows(), 3)))
        found = kept(io.BytesIO(whole[:size]), form, planned, "out")
        done = 7 if size == len(whole) else 3 * (sum(end <= size for end in ends[1:]) // 3)
        assert found.rows == done
        assert found.size == (ends[done] if size >= len(form.head) else 0)
        assert found.failed == (done > 1) + (done > 5)
        rest = [*found.chunk, *(row for chunk in planned for row in chunk)]
        assert rest == list(table.rows())[done:]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_an_output_of_another_table_or_task_is_left_alone(kind: str, tmp_path: Path) -> None:
    table = table_of(tmp_path, ROWS)
    (tmp_path / "other").mkdir()
    other = table_of(tmp_path / "other", ROWS.replace("7,h", "7,other"))
    longer = table_of(tmp_path, ROWS + "8,i\n")
    embedded = written(table, kind, task="embed")
    for data in (written(other, kind), written(longer, kind), embedded, b"somebody's notes\n" * 9):
        table = table_of(tmp_path, ROWS)
        form = form_of(kind, table, "sentiment")
        with pytest.raises(BadRequestError) as caught:
            kept(io.BytesIO(data), form, chunks(table.rows()), "out")
        assert "another output" in caught.value.hint
