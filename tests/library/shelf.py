"""A library in a folder of its own, as tests use it: real files, the real encoder, no worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.contracts import AbortFlag, TextEncoder
from engine.documents import read_document
from engine.documents.folders import find
from engine.errors import AbortedError, DocumentError, DocumentNoTextError
from engine.library.indexing import IndexStep
from engine.library.library import Library
from engine.protocol import LibraryDocument, LibraryHit
from engine.types import Document

REDWICK = (
    "The town of Redwick opened its new library on Monday. Mayor Helen Okoro said that the building "
    "cost 4.2 million pounds.\n\nThe old library had been closed since the flood of 2019."
)
BREAD = (
    "Knead the dough for ten minutes. Let it rise in a warm place. Bake the loaf until it is brown."
)
COMETS = "A comet is a small icy body. Near the Sun it warms and shows a tail of gas and dust."
CHINESE = "故宫博物院位于北京市中心。它建于明朝永乐年间,曾经是皇帝居住的地方。"
SUFFIXES = frozenset({".txt", ".md", ".html"})


class Shelf:
    """`read` has the paths that were read, in order."""

    def __init__(self, home: Path, encoder: TextEncoder) -> None:
        self.place = home / "library.sqlite3"
        self.encoder = encoder
        self.library = Library(lambda: self.place)
        self.read: list[str] = []
        self.on_read: Callable[[str], None] = lambda path: None
        self.on_give_way: Callable[[], None] = lambda: None
        self.abort = AbortFlag()

    def update(self, *, retry: bool = False) -> list[IndexStep]:
        """Up to the end, or to where it was stopped."""
        steps: list[IndexStep] = []
        self.read.clear()
        try:
            for step in self.library.update(
                *(lambda: self.encoder, _find, self._read, self.abort, self._give_way, retry)
            ):
                steps.append(step)
        except AbortedError:
            self.abort = AbortFlag()
        return steps

    def search(self, query: str, count: int = 5, *documents: int) -> tuple[LibraryHit, ...]:
        return self.library.search(self.encoder, query, count, AbortFlag(), documents)

    def names(self, query: str) -> list[str]:
        """Of the documents that are found, the best first."""
        return list(dict.fromkeys(hit.name for hit in self.search(query)))

    def documents(self) -> dict[str, LibraryDocument]:
        return {one.name: one for one in self.library.info().documents}

    def reopen(self) -> None:
        self.library.close()
        self.library = Library(lambda: self.place)

    def on_disk(self) -> bytes:
        """Every byte of every file beside the library, journals and all."""
        return b"".join(path.read_bytes() for path in sorted(self.place.parent.iterdir()))

    def _read(self, path: str) -> Document:
        self.read.append(Path(path).name)
        self.on_read(path)
        return read_document(path)

    def _give_way(self) -> None:
        self.on_give_way()


def _find(source: str) -> tuple[str, ...]:
    """As the worker does, but in this process."""
    found = find([source], SUFFIXES, AbortFlag())
    for refused in found.refused:
        if refused.error.code != DocumentNoTextError.code:
            raise DocumentError(refused.error.message, hint=refused.error.hint)
    return found.paths


def write(folder: Path, **texts: str) -> None:
    """Files of these names, without their suffix .txt."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")


class Counting:
    """The encoder, with what it was asked to read."""

    def __init__(self, encoder: TextEncoder, name: str = "") -> None:
        self._encoder = encoder
        self.name = name or encoder.name
        self.texts: list[str] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._encoder, name)

    def encode(self, sentences: list[str], abort: AbortFlag) -> object:
        self.texts += sentences
        return self._encoder.encode(sentences, abort)
