"""The library follows its files: what is new or changed is read, and nothing else."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from engine.errors import DocumentDamagedError
from engine.library import indexing
from tests.library.shelf import BREAD, COMETS, REDWICK, Counting, Shelf, write

ALL = ["bread.txt", "comets.txt", "palace.txt", "redwick.txt"]


def long_text(paragraphs: int, word: str = "river") -> str:
    return "\n\n".join(
        f"Paragraph {number} tells of the {word} and its {number} bridges. "
        + "It is a very long way to the other side of it. " * 12
        for number in range(paragraphs)
    )


def test_every_file_of_a_folder_is_read_once(shelf: Shelf, folder: Path) -> None:
    shelf.library.add([str(folder)])
    steps = shelf.update()
    assert shelf.read == ALL
    assert [(step.done, step.total) for step in steps] == [(n, 4) for n in range(5)]
    assert shelf.update() == []
    assert shelf.read == []
    assert {one.state for one in shelf.documents().values()} == {"indexed"}
    assert shelf.documents()["bread.txt"].characters == len(BREAD)


def test_an_open_library_that_has_nothing_to_do_needs_no_encoder(filled: Shelf) -> None:
    filled.reopen()
    filled.encoder = None  # type: ignore[assignment]
    assert filled.update() == []


def test_only_a_changed_file_is_read_again(filled: Shelf, folder: Path) -> None:
    write(folder, bread=BREAD + " Serve it with salted butter.")
    filled.update()
    assert filled.read == ["bread.txt"]
    assert "butter" in filled.search("salted butter")[0].text


def test_a_changed_file_keeps_the_vectors_of_what_did_not_change(
    filled: Shelf, folder: Path, encoder: Counting
) -> None:
    text = long_text(12)
    write(folder, rivers=text)
    filled.update()
    encoder.texts.clear()
    write(folder, rivers=f"{text}\n\nA last word about otters.")
    filled.update()
    assert filled.read == ["rivers.txt"]
    assert 0 < len(encoder.texts) < 60
    assert any("otters" in one for one in encoder.texts)
    assert not any("Paragraph 0 " in one for one in encoder.texts)
    assert filled.names("otters")[0] == "rivers.txt"


def test_a_copy_of_a_file_is_not_encoded_again(
    filled: Shelf, folder: Path, encoder: Counting
) -> None:
    encoder.texts.clear()
    shutil.copy(folder / "bread.txt", folder / "copy.txt")
    filled.update()
    assert filled.read == ["copy.txt"]
    assert encoder.texts == []


def test_a_changed_file_is_found_as_it_was_until_it_is_read_again(
    filled: Shelf, folder: Path
) -> None:
    write(folder, bread="Something else altogether.")
    filled.on_read = lambda path: filled.abort.set()
    filled.update()
    assert filled.documents()["bread.txt"].state == "waiting"
    hit = filled.search("knead the dough")[0]
    assert filled.library.document(hit.document).text == BREAD


def test_a_removed_file_leaves(filled: Shelf, folder: Path) -> None:
    (folder / "comets.txt").unlink()
    filled.update()
    assert sorted(filled.documents()) == ["bread.txt", "palace.txt", "redwick.txt"]
    assert "comets.txt" not in filled.names("comet near the Sun")


def test_a_file_in_a_new_folder_below_is_read(filled: Shelf, folder: Path) -> None:
    write(folder / "deep" / "deeper", otters="Otters sleep holding hands.")
    filled.update()
    assert filled.read == ["otters.txt"]


def test_a_folder_that_is_not_there_keeps_its_documents(filled: Shelf, folder: Path) -> None:
    folder.rename(folder.with_name("away"))
    filled.update()
    assert len(filled.documents()) == 4
    assert not filled.library.info().sources[0].is_there
    assert filled.names("bread")[0] == "bread.txt"


def test_an_empty_folder_where_a_drive_was_keeps_its_documents(filled: Shelf, folder: Path) -> None:
    file = filled.library._opened()
    file.write("UPDATE sources SET device = 'another'")  # as if it had been on a drive
    shutil.rmtree(folder)
    folder.mkdir()
    filled.update()
    assert len(filled.documents()) == 4


def test_a_folder_whose_files_were_all_deleted_is_empty(filled: Shelf, folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    filled.update()
    assert filled.documents() == {}


def test_files_in_archives_are_read_and_leave(filled: Shelf, folder: Path) -> None:
    archive = folder / "more.zip"
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("a/otters.txt", "Otters sleep holding hands.")
        package.writestr("b/moles.txt", "Moles dig long tunnels.")
    filled.update()
    assert filled.search("otters")[0].path == f"{archive}/a/otters.txt"
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("b/moles.txt", "Moles dig very long tunnels.")
    filled.update()
    assert filled.read == ["moles.txt"]
    assert "otters.txt" not in filled.documents()


def test_hidden_and_system_files_are_passed_over(shelf: Shelf, folder: Path) -> None:
    for name in (".git", "node_modules", "$RECYCLE.BIN", "System Volume Information", "__MACOSX"):
        write(folder / name, secret="Nobody dropped this.")
    write(folder, **{".hidden": "Nor this.", "~$lock": "Nor that."})
    shelf.library.add([str(folder)])
    shelf.update()
    assert shelf.read == ALL


def test_links_in_a_circle_end(shelf: Shelf, folder: Path) -> None:
    try:
        os.symlink(folder, folder / "again")
        os.symlink(folder / "one", folder / "two")
        os.symlink(folder / "two", folder / "one")
    except OSError:
        pytest.skip("links need a right that this account does not have")
    shelf.library.add([str(folder)])
    shelf.update()
    assert shelf.read == ALL


def test_a_file_that_cannot_be_read_tells_why_and_waits_for_a_retry(
    filled: Shelf, folder: Path
) -> None:
    def refuse(path: str) -> None:
        raise DocumentDamagedError("“bad.txt” is cut short.")

    write(folder, bad="It was good once.", good="Otters sleep.")
    filled.on_read = lambda path: refuse(path) if path.endswith("bad.txt") else None
    filled.update()
    bad = filled.documents()["bad.txt"]
    assert bad.state == "failed"
    assert bad.error is not None
    assert (bad.error.code, bad.error.message) == (
        "DOCUMENT_DAMAGED",
        "“bad.txt” is cut short.",
    )
    assert bad.error.hint
    assert filled.library.info().sources[0].failed == 1
    assert filled.documents()["good.txt"].state == "indexed"
    filled.update()
    assert filled.read == []
    filled.on_read = lambda path: None
    filled.update(retry=True)
    assert filled.read == ["bad.txt"]
    assert filled.documents()["bad.txt"].state == "indexed"


def test_a_stop_keeps_what_is_done_and_the_next_run_does_the_rest(
    shelf: Shelf, folder: Path
) -> None:
    shelf.library.add([str(folder)])
    shelf.on_read = lambda path: shelf.abort.set() if path.endswith("comets.txt") else None
    shelf.update()
    assert shelf.documents()["bread.txt"].state == "indexed"
    assert shelf.documents()["comets.txt"].state == "waiting"
    shelf.on_read = lambda path: None
    shelf.reopen()
    shelf.update()
    assert shelf.read == ["comets.txt", "palace.txt", "redwick.txt"]


def test_a_long_document_goes_on_where_it_was_stopped(
    shelf: Shelf, folder: Path, encoder: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "KEPT_AT_ONCE", 4)
    write(folder / "long", rivers=long_text(20))
    shelf.library.add([str(folder / "long")])
    calls = 0

    def stop_late() -> None:
        nonlocal calls
        calls += 1
        if calls == 6:
            shelf.abort.set()

    shelf.on_give_way = stop_late
    shelf.update()
    assert any("Paragraph 7 " in one for one in encoder.texts)
    assert shelf.documents()["rivers.txt"].state == "waiting"
    shelf.on_give_way = lambda: None
    encoder.texts.clear()
    shelf.reopen()
    shelf.update()
    assert not any("Paragraph 7 " in one for one in encoder.texts)
    assert any("Paragraph 19 " in one for one in encoder.texts)
    assert shelf.documents()["rivers.txt"].state == "indexed"
    assert shelf.library._opened().rows("SELECT count(*) FROM encoded") == [(0,)]


def test_what_leaves_while_it_is_read_does_not_come_back(filled: Shelf, folder: Path) -> None:
    write(folder, otters="Otters sleep holding hands.")
    (source,) = filled.library.info().sources
    filled.on_read = lambda path: filled.library.remove([source.id])
    filled.update()
    assert filled.read == ["otters.txt"]
    assert filled.documents() == {}
    assert filled.library.info().passages == 0


def test_another_encoder_has_everything_read_anew(
    filled: Shelf, encoder: Counting, folder: Path
) -> None:
    filled.encoder = Counting(encoder, "another encoder")
    assert filled.names("knead the dough")[0] == "bread.txt"  # by its words
    filled.update()
    assert filled.read == ALL
    assert filled.names("how is a loaf made?")[0] == "bread.txt"


def test_who_else_works_is_let_by_often(shelf: Shelf, folder: Path) -> None:
    write(folder, rivers=long_text(20))
    shelf.library.add([str(folder)])
    looks: list[str] = []
    shelf.on_give_way = lambda: looks.append(shelf.read[-1] if shelf.read else "")
    shelf.update()
    sentences = 20 * 13
    assert looks.count("rivers.txt") >= sentences // indexing.AT_ONCE


def test_two_sources_share_a_file_and_either_may_go(shelf: Shelf, folder: Path) -> None:
    write(folder / "inner", otters="Otters sleep holding hands.")
    shelf.library.add([str(folder), str(folder / "inner")])
    shelf.update()
    assert shelf.read.count("otters.txt") == 1
    outer, inner = shelf.library.info().sources
    shelf.library.remove([outer.id])
    assert list(shelf.documents()) == ["otters.txt"]
    assert shelf.library.info().sources[0].documents == 1
    shelf.update()
    assert shelf.read == []
    shelf.library.remove([inner.id])
    assert shelf.documents() == {}


def test_an_index_made_in_pieces_is_the_one_made_at_once(
    filled: Shelf, tmp_path: Path, folder: Path, encoder: Counting
) -> None:
    other = Shelf(tmp_path / "other", encoder)
    other.library.add([str(folder)])
    for name in ("bread.txt", "comets.txt", "palace.txt", ""):
        seen: list[str] = []

        def stop(path: str, seen: list[str] = seen) -> None:
            if seen:
                other.abort.set()
            seen.append(path)

        other.on_read = stop
        other.update()
        other.reopen()
        assert len(seen) <= 2, name
    for question in ("How long is dough kneaded?", "What is a comet?", REDWICK[:40], COMETS[:30]):
        ours, theirs = filled.search(question), other.search(question)
        assert [(hit.name, hit.start, hit.score) for hit in ours] == [
            (hit.name, hit.start, hit.score) for hit in theirs
        ]
    other.library.close()
