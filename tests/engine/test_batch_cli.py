"""Tables on the command line as a shell sees it. The echo backend answers."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.engine.test_cli import carrel, rows, told
from tests.engine.test_cli_signals import started

pytestmark = pytest.mark.worker

MANY = 20_000
SENTIMENT = {"label", "score", "negative", "neutral", "positive", "error"}


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    path.write_text(
        'id,text\n1,This was good.\n2,"A bad, bad day with Anna"\n3,\n4,=1+1\n5,a,b\n6,它很好。\n',
        "utf-8",
    )
    return path


@pytest.fixture
def long_table(tmp_path: Path) -> Path:
    path = tmp_path / "many.csv"
    lines = (f'{number},"Row {number}, a good\nday with Anna"\n' for number in range(MANY))
    path.write_text("id,text\n" + "".join(lines))
    return path


def table_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


def test_rows_are_judged_each_by_itself_and_errors_stand_in_their_row(reviews: Path) -> None:
    run = carrel("sentiment", str(reviews), "--column", "text")
    assert run.returncode == 1
    assert told(run) == "carrel: Rows with an error, which their last column tells: 2 of 6."
    found = rows(run)
    assert all(set(row) == {"id", "text"} | SENTIMENT for row in found)
    labels = ["positive", "negative", "unsure", "neutral", None, None]
    assert [row["label"] for row in found] == labels
    assert found[0]["positive"] == found[0]["score"] == 0.8
    assert [row["error"] for row in found[:4]] == [None] * 4
    assert 'Left over: ["b"]' in found[4]["error"]
    assert "This text is in Chinese." in found[5]["error"]


def test_names_are_found_where_they_stand_in_the_cell(reviews: Path) -> None:
    found = rows(carrel("entities", str(reviews), "--column", "text"))
    (name,) = found[1]["names"]
    assert found[1]["text"][name["start"] : name["end"]] == name["text"] == "Anna"
    assert (name["label"], name["score"], found[1]["names_count"]) == ("PER", 0.9, 1)
    assert (found[2]["names"], found[2]["names_count"], found[2]["error"]) == ([], 0, None)


def test_vectors_of_rows_and_of_the_parts_of_documents(reviews: Path, tmp_path: Path) -> None:
    run = carrel("embed", str(reviews), "--column", "text", "--format", "csv")
    vectors = [json.loads(row["vector"] or "[]") for row in table_rows(run.stdout)]
    assert [len(vector) for vector in vectors] == [64, 64, 0, 64, 0, 64]
    letter = tmp_path / "letter.txt"
    letter.write_text("A sentence about a thing.\r\n\r\n" * 100)
    (row,) = rows(carrel("embed", str(letter), "--with-text"))
    assert (row["input"], row["model"]) == (str(letter), {"name": "Echo encoder"})
    assert len(row["parts"]) > 1
    for part in row["parts"]:
        assert row["source_text"][part["start"] : part["end"]].startswith("A sentence")
        assert sum(number**2 for number in part["vector"]) == pytest.approx(1.0, abs=1e-4)
    run = carrel("embed", str(letter), str(tmp_path / "gone.txt"))
    assert (run.returncode, len(rows(run))) == (1, 1)
    assert "gone.txt" in told(run)


def test_a_dash_is_a_table_on_standard_input_and_csv_is_safe_to_open(tmp_path: Path) -> None:
    data = b'{"text": "good", "link": "=HYPERLINK(1)", "n": -3.5}\n{"text": "bad"}\n'
    run = carrel("sentiment", "-", "--column", "text", "--format", "csv", stdin=data)
    assert (run.returncode, run.stderr) == (0, b"")
    found = table_rows(run.stdout)
    assert [row["label"] for row in found] == ["positive", "negative"]
    assert (found[0]["link"], found[0]["n"]) == ("'=HYPERLINK(1)", "-3.5")


def test_the_output_is_a_new_file_and_resume_finds_it_whole(reviews: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    use = ["entities", str(reviews), "--column", "text", "--output", str(output)]
    assert carrel(*use).returncode == 1
    data = output.read_bytes()
    assert len(table_rows(data)) == 6
    run = carrel(*use)
    assert "out.csv” is there already. Go on with it by --resume" in told(run)
    again = carrel(*use, "--resume")
    assert (again.returncode, output.read_bytes()) == (1, data)
    other = carrel("sentiment", *use[1:], "--resume")
    assert "other columns" in told(other)
    assert output.read_bytes() == data
    itself = carrel(*use[:-1], str(reviews))
    assert "the table itself" in told(itself)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["reviews.csv", "--column", "body"], "no column “body”. Its columns are: id, text."),
        (["gone.csv", "--column", "text"], "gone.csv” is not there"),
        (["reviews.csv", "gone.csv", "--column", "text"], "Only one table at a time."),
        (["reviews.csv", "--column", "text", "--output", "a.xls"], "Name it .csv or .jsonl"),
        (["reviews.csv", "--column", "text", "--output", "no/a.csv"], "a.csv” cannot be written"),
        (["reviews.csv", "--column", "text", "--resume"], "Only an output file"),
        (["reviews.csv", "--output", "a.csv"], "--output is for tables. Name the column"),
        (["torn.csv", "--column", "text"], "do not match from line 3 on"),
    ],
)
def test_wrong_uses_and_bad_tables_are_told_in_one_line(
    arguments: list[str], what: str, reviews: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(reviews.parent)
    Path("torn.csv").write_text('id,text\n1,a\n2,"b\n3,c\n')
    before = sorted(os.listdir())
    for task in ("sentiment", "embed"):
        run = carrel(task, *arguments)
        assert (run.returncode, run.stdout) == (1, b"")
        assert what in told(run)
    assert sorted(os.listdir()) == before


def test_the_chat_model_reads_row_by_row_if_it_is_asked_to(reviews: Path) -> None:
    use = ["--column", "text", "--reader", "model", "--jobs", "3"]
    found = rows(carrel("sentiment", str(reviews), *use))
    assert [row["id"] for row in found] == ["1", "2", "3", "4", "5", "6"]
    assert [row["error"] is None for row in found] == [True, True, True, True, False, True]
    assert found[2]["label"] == "unsure"
    own = carrel("entities", str(reviews), "--column", "text", "--types", "fruit")
    assert all(set(row) == {"id", "text", "names", "names_count", "error"} for row in rows(own))


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize("killed_by", [signal.SIGKILL, signal.SIGINT])
def test_what_was_killed_and_resumed_is_what_one_run_writes(
    kind: str, killed_by: signal.Signals, long_table: Path, tmp_path: Path
) -> None:
    whole, output = tmp_path / f"whole.{kind}", tmp_path / f"out.{kind}"
    use = ["entities", str(long_table), "--column", "text", "--output"]
    assert carrel(*use, str(whole)).returncode == 0
    process = started(*use, str(output))
    while not output.exists() or output.stat().st_size < 20_000:
        assert process.poll() is None
        time.sleep(0.005)
    os.kill(process.pid, killed_by)
    _, errors = process.communicate(timeout=60)
    if killed_by == signal.SIGINT:
        assert process.returncode == 130
        assert "--resume goes on after them." in errors.decode()
    before = output.read_bytes()
    assert 0 < len(before) < whole.stat().st_size
    output.write_bytes(before[:-7])  # as if the last write had been torn
    run = carrel(*use, str(output), "--resume")
    assert run.returncode == 0
    last = run.stderr.decode().splitlines()[-1]  # a slow machine tells how far it is before
    assert last == f"carrel: All rows are in {output.name}: {MANY:,}."
    assert output.read_bytes() == whole.read_bytes()


def test_a_reader_that_has_seen_enough_ends_it_quietly(long_table: Path) -> None:
    process = started("entities", str(long_table), "--column", "text")
    assert process.stdout is not None
    row: dict[str, Any] = json.loads(process.stdout.readline())
    assert row["id"] == "0"
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (1, b"")
