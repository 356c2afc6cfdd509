"""Questions to paragraphs: XQuAD's, each paragraph a document of a real library.

The method's one weight was chosen on the even articles; the note has both halves. The peers are the
parts it is made of, alone: SQLite's full-text search over the same library, and the encoder's vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.documents.bench import NEVER, Bench
from benchmarks.documents.squad import Asked, read_questions
from benchmarks.report import Row, ahead, at_least, plain, progress
from engine.library.file import LibraryFile
from engine.library.library import Library
from engine.library.search import by_words
from engine.types import Document

AT = (1, 5)
GOALS = {1: 0.95, 5: 0.995}
HITS = 30


def retrieval(bench: Bench) -> Iterator[Row]:
    for language, title in (("en", "English"), ("zh", "Chinese")):
        asked = read_questions(bench.data / "qa" / f"xquad_{language}.dev.json")
        yield from _rows(bench, asked, language, title)


def _rows(bench: Bench, asked: list[Asked], language: str, title: str) -> Iterator[Row]:
    paragraphs = list(dict.fromkeys(one.paragraph for one in asked))
    home = bench.home / f"library-{language}"
    library = filled_library(bench, home, paragraphs)
    places = {name: at for at, name in enumerate(_names(home, paragraphs))}
    numbers = {document.id: places[document.path] for document in library.info().documents}
    questions = bench.few(asked, 120)
    gold = np.array([paragraphs.index(one.paragraph) for one in questions])
    even = np.array([one.article % 2 == 0 for one in questions])
    found: dict[str, np.ndarray] = {}

    def try_all(name: str, search: Callable[[str], list[int]]) -> None:
        progress(f"{title}: {name}")
        ranks = [_rank(search(one.question), at) for one, at in zip(questions, gold, strict=True)]
        found[name] = np.array(ranks)

    def combined(question: str) -> list[int]:
        hits = library.search(bench.encoder, question, HITS, NEVER)
        return [numbers[hit.document] for hit in hits]

    try_all("Carrel", combined)
    library.close()
    try_all("full text alone", _words_alone(home, numbers))
    try_all("vectors alone", _vectors_alone(bench, paragraphs))
    for top in AT:
        recalls = {name: float((ranks < top).mean()) for name, ranks in found.items()}
        mine = found["Carrel"] < top
        halves = f"even half {mine[even].mean():.3f}, odd half {mine[~even].mean():.3f}"
        told = ", ".join(f"{name} {recall:.3f}" for name, recall in recalls.items())
        name = f"retrieval, {title}, recall@{top}"
        if language == "en":
            yield at_least(name, recalls["Carrel"], GOALS[top], "", "", f"{told}; {halves}")
            yield ahead(f"{name}, lead", recalls.pop("Carrel"), recalls)
        else:
            yield plain(name, recalls["Carrel"], "", "", f"{told}; {halves}")


def filled_library(bench: Bench, home: Path, texts: list[str]) -> Library:
    """A library of these texts, each a file."""
    folder = home / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    names = _names(home, texts)
    for name, text in zip(names, texts, strict=True):
        Path(name).write_text(text, "utf-8")
    library = Library(lambda: _file(home))
    library.add([str(folder)])
    steps = library.update(
        *(lambda: bench.encoder, lambda source: tuple(names), _read, NEVER, lambda: None)
    )
    for step in steps:
        if step.done % 50 == 0:
            progress(f"indexing {step.done} of {step.total}")
    return library


def _names(home: Path, texts: list[str]) -> list[str]:
    return [str(home / "texts" / f"{number:05}.txt") for number in range(len(texts))]


def _file(home: Path) -> Path:
    return home / "library.sqlite3"


def _read(path: str) -> Document:
    return Document(Path(path).name, Path(path).read_text("utf-8"), "text", path)


def _words_alone(home: Path, numbers: dict[int, int]) -> Callable[[str], list[int]]:
    """BM25 as SQLite computes it, over the same terms, in the library's file once that is closed."""
    file = LibraryFile(_file(home))
    owners = dict(file.rows("SELECT id, document_id FROM passages"))

    def search(question: str) -> list[int]:
        found = by_words(file, question, set())
        ranked = sorted(found, key=lambda passage: -found[passage])
        return list(dict.fromkeys(numbers[owners[passage]] for passage in ranked))

    return search


def _vectors_alone(bench: Bench, paragraphs: list[str]) -> Callable[[str], list[int]]:
    """Cosines of whole paragraphs."""
    vectors = np.asarray(bench.encoder.encode(paragraphs, NEVER))

    def search(question: str) -> list[int]:
        near = vectors @ bench.encoder.encode([question], NEVER)[0]
        return [int(at) for at in np.argsort(-near, kind="stable")]

    return search


def _rank(ranked: list[int], gold: int) -> int:
    """From 0; a paragraph that was not found at all is last."""
    ranked = list(dict.fromkeys(ranked))
    return ranked.index(gold) if gold in ranked else 1_000_000
