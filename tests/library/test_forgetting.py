"""What is removed from the library is gone from the disk, and the files stay as they are."""

from __future__ import annotations

from pathlib import Path

from tests.library.shelf import BREAD, Shelf, write

SECRET = "Xylophagous quetzalcoatlus befriended Zbigniew in Ouagadougou."
TRACES = [b"ylophagous", b"quetzalcoatl", b"zbigniew", b"uagadougou"]


def traces(shelf: Shelf) -> list[bytes]:
    kept = shelf.on_disk().lower()
    return [trace for trace in TRACES if trace in kept]


def fill(shelf: Shelf, folder: Path) -> None:
    for number in range(30):
        write(folder / "private", **{f"n{number}": f"{SECRET} Note {number}."})
    write(folder / "other", bread=BREAD)
    shelf.library.add([str(folder / "private"), str(folder / "other")])
    shelf.update()
    assert traces(shelf) == TRACES


def test_forgetting_everything_leaves_no_word_on_the_disk(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf, tmp_path)
    size = len(shelf.on_disk())
    shelf.library.forget()
    assert traces(shelf) == []
    assert len(shelf.on_disk()) < size
    info = shelf.library.info()
    assert (info.sources, info.documents, info.passages) == ((), (), 0)
    assert shelf.search("Zbigniew") == ()
    assert SECRET in (tmp_path / "private" / "n0.txt").read_text()
    assert str(tmp_path) not in shelf.on_disk().decode("latin-1")


def test_forgetting_takes_damaged_files_along(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf, tmp_path)
    shelf.library.close()
    data = shelf.place.read_bytes()
    shelf.place.write_bytes(b"\0" * 100 + data[100:])
    shelf.reopen()
    assert "damaged" in shelf.library.info().remark
    assert traces(shelf) == TRACES
    shelf.library.forget()
    assert traces(shelf) == []


def test_a_library_that_cannot_be_written_is_forgotten_all_the_same(
    shelf: Shelf, tmp_path: Path
) -> None:
    fill(shelf, tmp_path)
    shelf.library._opened().write("DROP TABLE passages_fts_data")
    shelf.library.forget()
    assert traces(shelf) == []
    assert shelf.library.info().sources == ()


def test_a_removed_source_leaves_no_word_on_the_disk(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf, tmp_path)
    private = shelf.library.info().sources[0]
    shelf.library.remove([private.id])
    assert traces(shelf) == []
    assert shelf.names("knead the dough") == ["bread.txt"]


def test_a_deleted_file_leaves_no_word_on_the_disk(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf, tmp_path)
    for path in (tmp_path / "private").iterdir():
        path.unlink()
    shelf.update()
    assert traces(shelf) == []
    assert list(shelf.documents()) == ["bread.txt"]


def test_a_forgotten_library_can_be_filled_again(shelf: Shelf, tmp_path: Path) -> None:
    fill(shelf, tmp_path)
    shelf.library.forget()
    shelf.library.add([str(tmp_path / "other")])
    shelf.update()
    assert shelf.names("knead the dough") == ["bread.txt"]
