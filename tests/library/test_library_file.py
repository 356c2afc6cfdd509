"""The library's file: damaged, full, newer, open elsewhere – nothing that the user chose is lost."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import LibraryError
from engine.paths import APP_ROOT
from tests.library.shelf import Shelf, write

OPEN_ELSEWHERE = """
import sys
from pathlib import Path
from engine.library.file import LibraryFile
file = LibraryFile(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
file.close()
"""


def test_a_full_disk_is_told_and_indexing_goes_on_afterwards(filled: Shelf, folder: Path) -> None:
    write(folder, **{f"more{n}": f"Note {n}. {'word' * n} " * 60 for n in range(12)})
    file = filled.library._opened()
    ((pages,),) = file.rows("PRAGMA page_count")
    file.rows(f"PRAGMA max_page_count = {pages + 30}")
    with pytest.raises(LibraryError, match="disk is full") as told:
        filled.update()
    assert "Free some space" in told.value.hint
    states = [one.state for one in filled.documents().values()]
    assert states.count("waiting") > 0
    assert filled.names("knead the dough")[0] == "bread.txt"
    done = {name for name, one in filled.documents().items() if one.state == "indexed"}
    file.rows("PRAGMA max_page_count = 1000000")
    filled.update()
    assert {one.state for one in filled.documents().values()} == {"indexed"}
    assert not done & set(filled.read)


@pytest.mark.parametrize("damage", ["header", "middle", "all", "cut", "text"])
def test_a_damaged_library_is_made_anew_of_the_same_sources(
    filled: Shelf, folder: Path, damage: str
) -> None:
    filled.library.close()
    data = bytearray(filled.place.read_bytes())
    if damage == "header":
        data[:200] = b"\0" * 200
    elif damage == "middle":
        for page in range(1, len(data) // 4096):
            data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    elif damage == "all":
        data[:] = random.Random(1).randbytes(len(data))
    elif damage == "cut":
        del data[len(data) // 2 :]
    else:
        data = bytearray(b"This is a letter, not a library.")
    filled.place.write_bytes(data)
    filled.reopen()
    info = filled.library.info()
    assert [source.path for source in info.sources] == [str(folder)]
    assert "damaged" in info.remark
    assert "library.sqlite3.damaged" in info.remark
    assert filled.place.with_name("library.sqlite3.damaged").read_bytes()[:64] == data[:64]
    filled.update()
    assert len(filled.read) == 4
    assert filled.names("knead the dough")[0] == "bread.txt"


def test_damage_that_is_met_later_is_told_and_then_mended(filled: Shelf, folder: Path) -> None:
    """Garbled text passes SQLite's check while it is opened."""
    filled.library.close()
    with sqlite3.connect(filled.place) as connection:
        connection.execute("UPDATE documents SET name = CAST(x'ff41' AS TEXT)")
    connection.close()
    filled.reopen()
    with pytest.raises(LibraryError, match="is damaged") as told:
        filled.library.info()
    assert "made anew" in told.value.hint
    info = filled.library.info()
    assert [source.path for source in info.sources] == [str(folder)]
    assert "made anew" in info.remark
    filled.update()
    assert len(filled.documents()) == 4


def test_any_damaged_byte_ends_in_an_answer_or_a_clear_error(filled: Shelf, folder: Path) -> None:
    filled.library.close()
    sound = filled.place.read_bytes()
    chance = random.Random(7)
    for _ in range(25):
        data = bytearray(sound)
        for _ in range(chance.choice((1, 20))):
            at = chance.randrange(len(data))
            data[at] = chance.randrange(256)
        filled.place.write_bytes(data)
        filled.reopen()
        told = [error for error in (_try_all(filled) for _ in range(3)) if error is not None]
        assert all(error.hint for error in told)
        assert len(told) < 3, [one.detail for one in told]  # the next try begins anew
        filled.library.close()


def _try_all(shelf: Shelf) -> LibraryError | None:
    try:
        shelf.update()
        shelf.search("knead the dough")
        shelf.library.info()
    except LibraryError as error:
        return error
    return None


def test_each_damaged_file_is_kept(filled: Shelf) -> None:
    for _ in range(2):
        filled.library.close()
        filled.place.write_bytes(b"no library" * 100)
        filled.reopen()
        filled.library.info()
    kept = sorted(path.name for path in filled.place.parent.glob("*.damaged*"))
    assert kept == ["library.sqlite3.damaged", "library.sqlite3.damaged-2"]


def test_a_library_of_a_newer_carrel_is_left_alone(filled: Shelf) -> None:
    filled.library.close()
    with sqlite3.connect(filled.place) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('carrel-library', 'm999_future', '2040-01-01')"
        )
    connection.close()
    before = filled.place.read_bytes()
    filled.reopen()
    with pytest.raises(LibraryError, match="newer Carrel") as told:
        filled.library.info()
    assert told.value.hint
    assert filled.place.read_bytes() == before


def test_two_at_once_are_told_apart(filled: Shelf) -> None:
    filled.library.close()
    with subprocess.Popen(
        [sys.executable, "-c", OPEN_ELSEWHERE, str(filled.place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=APP_ROOT,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "open\n"
        filled.reopen()
        with pytest.raises(LibraryError, match="open in another Carrel") as told:
            filled.library.info()
        assert told.value.hint
        other.stdin.close()
    assert other.returncode == 0
    assert len(filled.library.info().documents) == 4


@pytest.mark.skipif(
    os.name == "nt" or getattr(os, "geteuid", lambda: 0)() == 0, reason="the rights of folders"
)
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, shelf: Shelf) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(LibraryError, match="cannot be") as told:
            shelf.library.info()
        assert told.value.hint
    finally:
        tmp_path.chmod(0o700)


def test_a_library_in_the_place_of_a_file_is_told(shelf: Shelf) -> None:
    shelf.place.parent.write_text("a file where the folder should be")
    with pytest.raises(LibraryError, match="folder cannot be written") as told:
        shelf.library.info()
    assert told.value.hint
    shelf.place.parent.unlink()
    assert shelf.library.info().sources == ()


def test_what_is_not_there_is_not_added_and_nothing_with_it(shelf: Shelf, folder: Path) -> None:
    for bad in (str(folder / "none"), "", "a\0b", str(folder / "bread.txt" / "x")):
        with pytest.raises(LibraryError, match="is not there") as told:
            shelf.library.add([str(folder), bad])
        assert told.value.hint
    assert shelf.library.info().sources == ()


def test_paths_are_made_whole(shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    shelf.library.add([".", "../texts", str(folder / ".." / "texts"), f"{folder}{os.sep}"])
    assert [source.path for source in shelf.library.info().sources] == [str(folder)]


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text")
def test_a_name_that_is_no_text_is_told(shelf: Shelf, folder: Path) -> None:
    name = os.fsdecode(os.fsencode(folder) + b"/\xff.txt")
    Path(name).write_text("Nobody can type this name.")
    shelf.library.add([str(folder)])
    shelf.update()
    assert len(shelf.read) == 4
    with pytest.raises(LibraryError, match="readable text") as told:
        shelf.library.add([name])
    assert told.value.hint
