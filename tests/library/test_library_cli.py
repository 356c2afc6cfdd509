"""`carrel library` as a shell sees it: output, errors, exit status."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.engine.test_cli import carrel, rows, told
from tests.library.shelf import write

pytestmark = [pytest.mark.model, pytest.mark.worker]


def library(*arguments: str) -> tuple[int, str, str]:
    run = carrel("library", *arguments, backend="")
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def test_a_library_from_the_first_file_to_the_last(folder: Path, carrel_home: Path) -> None:
    status, out, _ = library("list")
    assert (status, out.startswith("The library is empty.")) == (0, True)

    dotted = os.path.join(str(folder), "..", folder.name)
    status, out, err = library("add", dotted)
    assert (status, err) == (0, "")
    assert out == f"{folder}  4 documents\n"

    status, out, err = library("search", "how long is dough kneaded", "--count", "1")
    assert (status, err) == (0, "")
    assert out.startswith(f"{folder / 'bread.txt'}, ¶ 1\n")
    (hit,) = rows(carrel("library", "search", "knead", "--count", "1", "--json", backend=""))
    assert set(hit) == {
        *("document", "name", "path", "start", "end"),
        *("text", "place", "score", "words", "meaning"),
    }

    status, out, err = library("ask", "How much did the building cost?", "--reader", "quotes")
    assert (status, err) == (0, "")
    assert "4.2 million" in out
    assert "redwick.txt" in out
    question = ("ask", "How much did the building cost?", "--reader", "quotes", "--json")
    (answered,) = rows(carrel("library", *question, backend=""))
    assert answered["names"][0] == "redwick.txt"
    assert answered["outcome"]["result"]["found"]

    write(folder, otters="Otters sleep holding hands.")
    (folder / "bad.docx").write_bytes(b"PK\x03\x04 no package")
    status, out, err = library("index")
    assert status == 1
    assert "5 documents" not in out
    assert out == f"{folder}  6 documents, 1 could not be read\n"
    assert err.startswith("carrel: ")
    assert "bad.docx" in err
    (folder / "bad.docx").unlink()
    status, out, err = library("index", "--retry")
    assert (status, out, err) == (0, f"{folder}  5 documents\n", "")

    (info,) = rows(carrel("library", "list", "--json", backend=""))
    assert [source["path"] for source in info["sources"]] == [str(folder)]
    assert {one["state"] for one in info["documents"]} == {"indexed"}

    assert library("remove", str(folder))[:2] == (0, library("list")[1])
    assert (folder / "bread.txt").exists()
    assert library("add", str(folder / "comets.txt"))[0] == 0
    assert library("forget")[0] == 0
    assert "empty" in library("list")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "no such file.txt"), "is not there"),
        (("remove", "no such file.txt"), "is not in the library"),
        (("search", "  "), "nothing to search for"),
        (("ask", " "), ""),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(arguments: tuple[str, ...], message: str) -> None:
    run = carrel("library", *arguments, backend="")
    assert (run.returncode, run.stdout) == (1, b"")
    assert message in told(run)


def test_an_unknown_deed_is_a_usage_error() -> None:
    assert carrel("library", "burn", backend="").returncode == 2
    assert carrel("library", backend="").returncode == 2
