"""What is looked for is found by its words and by its meaning, in the text and at its place."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from engine.errors import LibraryError
from tests.library.shelf import BREAD, CHINESE, COMETS, REDWICK, Shelf, write


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("4.2 million pounds", "redwick.txt"),
        ("knead dough", "bread.txt"),
        ("how do I make toast from flour?", "bread.txt"),
        ("astronomy", "comets.txt"),
        ("永乐年间", "palace.txt"),
        ("故宫在哪里", "palace.txt"),
    ],
)
def test_what_fits_best_comes_first(filled: Shelf, query: str, name: str) -> None:
    hit = filled.search(query)[0]
    assert hit.name == name
    text = filled.library.document(hit.document).text
    assert hit.text == text[hit.start : hit.end]
    assert Path(hit.path).read_text("utf-8") == text


def test_words_and_meaning_are_told_apart(filled: Shelf) -> None:
    by_words = filled.search("Okoro")[0]
    assert by_words.name == "redwick.txt"
    assert by_words.words > 0.3
    by_meaning = filled.search("celestial objects in outer space")[0]
    assert by_meaning.name == "comets.txt"
    assert by_meaning.words == 0
    assert by_meaning.meaning >= 0.2
    chinese = filled.search("皇帝居住")[0]
    assert (chinese.words > 0, chinese.meaning) == (True, 0.0)


@pytest.mark.parametrize("query", ["", "   ", "\n", "…?!", "zzqx vvkw", "无关的词语啊"])
def test_what_is_nowhere_is_not_found(filled: Shelf, query: str) -> None:
    assert [hit for hit in filled.search(query) if hit.meaning > 0.5 or hit.words > 0.5] == []


@pytest.mark.parametrize(
    "query",
    ['"', "a AND (b OR", "NEAR(x y)", "title:x*", "'; DROP TABLE documents; --", "x" * 9000],
)
def test_no_query_is_an_order(filled: Shelf, query: str) -> None:
    filled.search(query)
    assert len(filled.documents()) == 4


def test_an_empty_library_finds_nothing(shelf: Shelf) -> None:
    assert shelf.search("anything") == ()
    assert shelf.search("什么") == ()


def test_as_many_as_are_asked_for(filled: Shelf) -> None:
    assert len(filled.search("the new town library building", 1)) == 1
    assert filled.search("the library", 0) == ()
    assert len(filled.search("the library", 1000)) <= filled.library.info().passages


def test_only_in_the_named_documents(filled: Shelf) -> None:
    number = filled.documents()["comets.txt"].id
    hits = filled.search("knead the dough near the Sun", 5, number)
    assert {hit.name for hit in hits} == {"comets.txt"}
    assert filled.search("dough", 5, 9999) == ()


def test_accents_make_no_difference(filled: Shelf, folder: Path) -> None:
    write(folder, cafe="Das Café Müller liegt an der Straße nach Znojmo.")
    filled.update()
    for query in ("cafe muller", "Café Müller", "CAFE\u0301 MU\u0308LLER"):
        hit = filled.search(query)[0]
        assert hit.name == "cafe.txt"
        assert hit.words > 0.9


def test_the_place_is_named_as_a_person_would(filled: Shelf, folder: Path) -> None:
    (folder / "guide.md").write_text(
        f"# Kitchen\n\n{COMETS * 9}\n\n## Loaves\n\n{BREAD}\n", "utf-8"
    )
    (folder / "bread.txt").unlink()
    filled.update()
    assert filled.search("knead the dough")[0].place == "Loaves"


def test_a_document_that_has_left_says_so(filled: Shelf) -> None:
    number = filled.documents()["palace.txt"].id
    assert filled.library.document(number).text == CHINESE
    filled.library.remove([one.id for one in filled.library.info().sources])
    with pytest.raises(LibraryError, match="no longer in the library") as told:
        filled.library.document(number)
    assert told.value.hint


def test_a_search_sees_what_was_indexed_since_the_last(filled: Shelf, folder: Path) -> None:
    assert "otters.txt" not in filled.names("otters")
    write(folder, otters="Otters sleep holding hands.")
    filled.update()
    assert filled.names("otters")[0] == "otters.txt"


def test_searches_stay_right_while_documents_come_and_go(filled: Shelf, tmp_path: Path) -> None:
    """Every hit is the very text of its document, whoever changes the library meanwhile."""
    other = tmp_path / "other"
    wrong: list[str] = []
    is_over = threading.Event()
    found = 0

    def look() -> None:
        nonlocal found
        while not is_over.is_set():
            for query in ("bread and dough", "a comet's tail", "故宫", "harbour news"):
                try:
                    hits = filled.search(query)
                except Exception as error:  # for the test to tell, not the thread
                    wrong.append(f"{query}: {error!r}")
                    continue
                found += len(hits)
                wrong.extend(hit.text for hit in hits if hit.text not in known)

    known = "\n".join(
        [
            *(BREAD, COMETS, REDWICK, CHINESE),
            *(f"The harbour news, number {number}: ships came." for number in range(8)),
        ]
    )
    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(8):
            write(other, **{f"note{number}": f"The harbour news, number {number}: ships came."})
            if number == 0:
                filled.library.add([str(other)])
            if number == 5:
                (other / "note1.txt").unlink()
            filled.update()
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert found > 0
    assert len(filled.documents()) == 4 + 7
    assert len(filled.search("harbour news number", 10)) == 7
