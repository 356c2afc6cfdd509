"""What all measures share: the shipped encoder, the dev data, and where the peers are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.encoders.peers import PEERS
from benchmarks.peers import PeersMissing
from engine.computing import ComputingThread
from engine.contracts import AbortFlag
from engine.training.corpora import (
    NAMES,
    Labelled,
    Sentence,
    Span,
    read_goemotions,
    read_names,
    read_sst,
    read_sst_binary,
)

if TYPE_CHECKING:
    from engine.encoders.resident import ResidentEncoder

THREADS = 2
NAME_SETS = ("UNER-EWT", "Broad Twitter", "WNUT17")
TYPES = ("PER", "LOC", "ORG")  # the types that every corpus marks
NEVER = AbortFlag()  # nobody stops a benchmark


class Marked(NamedTuple):
    """A text, the names in it, and the characters at which its sentences begin."""

    text: str
    names: frozenset[Span]
    sentences: list[int]


class Bench:
    """One run over the data folder `data`, with its own folder `home` for files of peers.

    `thread` is the one that computes, for all arms.
    """

    def __init__(self, data: Path, home: Path, *, quick: bool, peers: Path | None = None) -> None:
        import torch

        self.data, self.home, self.quick = data, home, quick
        self.rounds = 3 if quick else 7
        self._peers = peers
        self.thread = ComputingThread()
        torch.set_num_threads(THREADS)
        self.thread.run(lambda: torch.set_num_threads(THREADS))  # counted for each thread by itself

    def close(self) -> None:
        self.thread.release()

    def few(self, number: int) -> int:
        """So many, or a quarter of them in a quick run."""
        return max(1, number // 4) if self.quick else number

    @cached_property
    def encoder(self) -> ResidentEncoder:
        from engine.encoders.resident import ResidentEncoder

        return ResidentEncoder()

    def need_peers(self) -> None:
        """`PeersMissing`, each time, if there are none."""
        if isinstance(self._found, PeersMissing):
            raise self._found

    @cached_property
    def _found(self) -> Path | PeersMissing:
        try:
            return PEERS.use(self._peers)
        except PeersMissing as error:
            return error

    @cached_property
    def names(self) -> dict[str, list[Marked]]:
        """Of each set its texts with the names of `TYPES`: a running text is one text."""
        found = {}
        for name in NAME_SETS:
            sentences = self._read(name)
            is_running = NAMES[name].is_running
            groups = [sentences] if is_running else [[one] for one in sentences]
            found[name] = [together(group) for group in groups]
        return found

    def sentences(self, name: str) -> list[str]:
        """Of one of the sets with names."""
        return [sentence.text for sentence in self._read(name)]

    def _read(self, name: str) -> list[Sentence]:
        corpus = NAMES[name]
        sentences = list(read_names(self.data / "ner" / corpus.dev, corpus))
        return sentences[: self.few(len(sentences))]

    @cached_property
    def sentiment(self) -> dict[str, list[Labelled]]:
        folder = self.data / "sentiment"
        sets = {
            "SST-2": list(read_sst_binary(folder / "sst_binary.dev.txt")),
            "SST-3": list(read_sst(folder / "sst_fine.dev.txt")),
            "GoEmotions": list(read_goemotions(folder / "goemotions_group.dev.tsv")),
        }
        return {name: texts[:: 4 if self.quick else 1] for name, texts in sets.items()}


def together(sentences: Sequence[Sentence]) -> Marked:
    """Sentences as one text, with spaces between them."""
    spans: set[Span] = set()
    texts: list[str] = []
    begins: list[int] = []
    at = 0
    for sentence in sentences:
        spans |= {(at + a, at + b, kind) for a, b, kind in sentence.spans if kind in TYPES}
        texts.append(sentence.text)
        begins.append(at)
        at += len(sentence.text) + 1
    return Marked(" ".join(texts), frozenset(spans), begins)
