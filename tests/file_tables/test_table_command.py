"""`carrel table` as a shell sees it: a row per file, gone on with after stops, kills and changes."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.engine.test_cli import COMMAND, carrel, told

pytestmark = pytest.mark.worker


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "letters"
    folder.mkdir()
    for number in range(4):
        text = f"Letter {number}. Anna Meyer met NATO in Oslo. It was a good day for number {number}.\n"
        (folder / f"letter {number}.txt").write_text(text, "utf-8")
    return folder


def table(*arguments: str | Path, backend: str = "echo") -> subprocess.CompletedProcess[bytes]:
    return carrel("table", *map(str, arguments), backend=backend)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def seconds(path: Path) -> list[list[float]]:
    """Of every cell: a cell that was found again has other ones."""
    return [[cell["seconds"] for cell in row["cells"].values()] for row in rows(path)]


def test_every_file_has_a_row_and_every_question_a_column(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run = table(folder, "--sentiment", "--entities", "--ask", "Who met NATO?", "--output", out)
    assert (run.returncode, run.stderr, run.stdout) == (0, b"", b"")
    found = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [row["File"] for row in found] == [f"letter {number}.txt" for number in range(4)]
    columns = list(found[0])
    places = [columns.index(title) for title in ("Sentiment", "Names", "Who met NATO?")]
    assert places == sorted(places)
    assert all(row["Sentiment"] and row["Names"] and row["Who met NATO?"] for row in found)


def test_without_an_output_the_table_is_printed_in_markdown(folder: Path) -> None:
    run = table(folder, "--sentiment")
    assert run.returncode == 0
    lines = run.stdout.decode().splitlines()
    assert lines[0] == "| File | Sentiment |"
    assert len(lines) == 6


def test_a_second_run_asks_only_what_is_new_or_changed(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert table(folder, "--sentiment", "--output", out).returncode == 0
    first = seconds(out)
    assert table(folder, "--sentiment", "--output", out).returncode == 0
    assert seconds(out) == first
    changed = folder / "letter 2.txt"
    changed.write_text("It was an awful day in Rome.\n", "utf-8")
    os.utime(changed, ns=(1, 1))
    run = table(folder, "--sentiment", "--ask", "Who met NATO?", "--output", out)
    assert run.returncode == 0
    assert [len(row["cells"]) for row in rows(out)] == [2, 2, 2, 2]
    assert [one[0] for place, one in enumerate(seconds(out)) if place != 2] == [
        one[0] for place, one in enumerate(first) if place != 2
    ]
    assert rows(out)[2]["characters"] < rows(out)[1]["characters"]


def test_what_fails_is_listed_with_its_reason_and_tried_again_on_request(
    folder: Path, tmp_path: Path
) -> None:
    out, bad = tmp_path / "out.jsonl", folder / "a bad one.txt"
    bad.write_bytes(b"\x01" * 26)
    run = table(folder, "--sentiment", "--output", out)
    assert run.returncode == 1
    lines = run.stderr.decode().splitlines()
    assert lines[0].startswith("carrel: a bad one.txt: “a bad one.txt” is")
    assert lines[1] == "carrel: 1 failed. --retry-failed tries them again."
    assert rows(out)[0]["error"]["message"] in lines[0]
    stamp = bad.stat()
    bad.write_bytes(b"It was a good day in Oslo.")
    os.utime(bad, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # as it was: only asking helps
    again = table(folder, "--sentiment", "--output", out)
    assert (again.returncode, again.stderr) == (1, run.stderr)
    retried = table(folder, "--sentiment", "--output", out, "--retry-failed")
    assert (retried.returncode, retried.stderr) == (0, b"")
    assert rows(out)[0]["cells"]["Sentiment"]["text"]


def test_archives_are_looked_into(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    out = tmp_path / "out.jsonl"
    assert table(tmp_path / "all.zip", "--sentiment", "--output", out).returncode == 0
    assert [row["file"] for row in rows(out)] == [f"letter {number}.txt" for number in range(4)]


def test_files_that_it_did_not_write_are_never_overwritten(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("precious")
    run = table(folder, "--sentiment", "--output", out)
    assert run.returncode == 1
    assert "is there already" in told(run)
    assert out.read_text() == "precious"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Nothing is asked of the files."),
        (("--ask", "  "), "A question is empty."),
        (("--sentiment", "--output", "out.doc"), "The suffix of “out.doc” does not say"),
    ],
)
def test_bad_wishes_are_told_before_anything_is_read(
    arguments: tuple[str, ...], message: str, folder: Path
) -> None:
    run = table(folder, *arguments)
    assert (run.returncode, run.stdout) == (1, b"")
    assert message in told(run)


def test_killed_at_any_moment_it_goes_on_and_ends_like_one_run(
    folder: Path, tmp_path: Path
) -> None:
    def stripped(path: Path) -> list[dict[str, Any]]:
        found = rows(path)
        for row in found:
            for cell in row["cells"].values():
                cell.pop("seconds", None)
        return found

    asked = (str(folder), "--sentiment", "--entities", "--ask", "Who met NATO?")
    out, whole = tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    assert table(*asked, "--output", whole).returncode == 0
    chance = random.Random(1)
    for _ in range(4):
        command = [*COMMAND, "table", *asked, "--output", str(out), "--backend", "echo"]
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(chance.uniform(0.3, 2.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    run = table(*asked, "--output", out)
    assert (run.returncode, run.stderr) == (0, b"")
    assert stripped(out) == stripped(whole)
    assert [path.name for path in tmp_path.glob("*.new")] == []


@pytest.mark.model
def test_the_embedded_model_fills_a_table(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    asked = ("--summary", "--entities", "--ask", "Whom did Anna Meyer meet?")
    run = table(folder, *asked, "--model", "embedded", "--output", out, backend="")
    assert (run.returncode, run.stderr) == (0, b"")
    for row in rows(out):
        assert "Anna Meyer" in row["cells"]["Names"]["text"]
        answer = row["cells"]["Whom did Anna Meyer meet?"]
        assert "NATO" in answer["text"]
        assert "NATO" in answer["proofs"][0]["text"]
        assert row["cells"]["Summary"]["text"]
