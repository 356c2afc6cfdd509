"""What a run has found survives it: whole lines count, torn ones do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import BadRequestError, DocumentError
from engine.file_tables.journal import Journal, journal_path
from engine.file_tables.table import Cell, FileRow

ROW = FileRow("/a", "a", (1, 2), "text", None, 3, (), {"k": Cell("found")})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return journal_path(tmp_path / "out.csv")


def written(path: Path, *rows: FileRow) -> None:
    journal = Journal(path)
    for row in rows:
        journal.write(row)
    journal.close()


def known(path: Path) -> dict[str, FileRow]:
    journal = Journal(path)
    journal.close()
    return journal.rows


def test_what_was_written_is_known_again(path: Path) -> None:
    other = FileRow("/b", "b")
    written(path, ROW, other)
    assert path.name == "out.csv.carrel"
    assert known(path) == {"/a": ROW, "/b": other}


def test_the_last_line_of_a_file_counts_and_the_others_are_left_behind(path: Path) -> None:
    written(path, FileRow("/a", "a"), ROW)
    assert len(path.read_bytes().splitlines()) == 3
    assert known(path) == {"/a": ROW}
    assert len(path.read_bytes().splitlines()) == 2


def test_wherever_a_crash_tears_it_the_lines_before_are_known(path: Path) -> None:
    written(path, ROW, FileRow("/b", "b"))
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        rows = known(path)
        ends = whole[:length].count(b"\n")
        assert len(rows) >= ends - 1
        assert rows.get("/a", ROW) == ROW


def test_another_file_of_that_name_is_not_touched(path: Path) -> None:
    path.write_text("my notes\n")
    with pytest.raises(BadRequestError, match="no record of a table"):
        Journal(path)
    assert path.read_text() == "my notes\n"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be written"):
        Journal(tmp_path / "missing" / "out.csv.carrel")
