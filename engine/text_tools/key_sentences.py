"""Which sentences of documents matter most, and what they are like: no chat model has a part in it.

Method: similarity to the centroid (Radev et al. 2004), where a sentence stands and the cue words of
Edmundson (1969), and maximal marginal relevance (Carbonell and Goldstein 1998). The weights were
chosen on the even half of the GUM documents and reported on both (`benchmarks.documents`). In languages
that the encoder does not know, the vectors are those of pairs of letters, weighted by how rare they are.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
import numpy as np

from engine.contracts import AbortFlag
from engine.types import Passage

ENCODE_AT_ONCE = 64
_LETTER_PAIRS_WIDTH = 1024
_CENTRAL, _EARLY, _CUE, _TALK = 1.0, 1.0, 0.7, 0.4
_FOCUS = 2.0  # what the user asks about weighs more than all else
_REPEATED = 0.5
_EARLY_FADES = 8.0  # sentences after which the first ones' advantage has fallen to a third
_MIN_WORDS, _MAX_WORDS = 5, 60
_MAX_TITLE_WORDS = 25
_SENTENCE_END = tuple('.!?…。！？；"”』」’)')
_CUES = re.compile(
    r"\b(?:(?:this|the present|our|the current|in this) (?:paper|study|article|work|project|report|"
    r"research|chapter|thesis|book|document)|we (?:present|propose|show|find|found|argue|investigate|"
    r"examine|describe|introduce|report|develop)|in (?:summary|conclusion|short)|to sum up|"
    r"(?:results|findings) (?:show|suggest|indicate)|the (?:aim|goal|purpose) of|aims? to)\b"
    r"|总之|综上|本文|结果表明|研究表明|值得注意",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|you|me|my|your|yeah|okay|oh|uh|um)\b", re.IGNORECASE)


class Vectors(Protocol):
    """Whatever makes unit rows of texts: the encoder, or `LetterPairs`."""

    def encode(self, sentences: Sequence[str], abort: AbortFlag) -> Any: ...


class SourceSentence(msgspec.Struct, frozen=True):
    """A sentence of a document, with its place."""

    passage: Passage
    text: str


class LetterPairs:
    """Vectors of texts in any language: TF-IDF over hashed pairs of letters.

    What is rare is learnt from `texts`; `encode` gives unit rows, so that a product is the cosine.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        seen: Counter[int] = Counter()
        for text in texts:
            seen.update(set(_pairs(text)))
        self._rare = np.array(
            [np.log((1 + len(texts)) / (1 + seen[place])) for place in range(_LETTER_PAIRS_WIDTH)],
            np.float32,
        )

    def encode(self, sentences: Sequence[str], abort: AbortFlag) -> np.ndarray:
        rows = np.zeros((len(sentences), _LETTER_PAIRS_WIDTH), np.float32)
        for row, text in zip(rows, sentences, strict=True):
            abort.raise_if_set()
            for place, count in Counter(_pairs(text)).items():
                row[place] = (1 + np.log(count)) * self._rare[place]
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _pairs(text: str) -> list[int]:
    letters = "".join(char if char.isalnum() else " " for char in text.casefold())
    found = (letters[i : i + 2] for i in range(len(letters) - 1))
    return [zlib.crc32(p.encode()) % _LETTER_PAIRS_WIDTH for p in found if " " not in p]


def worths(
    sentences: Sequence[SourceSentence], vectors: np.ndarray, focus: np.ndarray | None = None
) -> np.ndarray:
    """How much each sentence matters, shape (len(sentences),); -inf for headings and fragments.

    `vectors`: unit rows. `focus`: the unit vector of what the user asks about.
    """
    usable = usable_places(sentences)
    centroid = vectors[usable].mean(axis=0)
    central = vectors[usable] @ (centroid / max(float(np.linalg.norm(centroid)), 1e-9))
    found = np.full(len(sentences), -np.inf, np.float32)
    place: Counter[int] = Counter()
    for at, similarity in zip(usable, central, strict=True):
        text, document = sentences[at].text, sentences[at].passage.document
        early = np.exp(-place[document] / _EARLY_FADES)
        place[document] += 1
        talk = min(1.0, 4 * len(_FIRST_PERSON.findall(text)) / max(1, len(text.split())))
        cue = 1.0 if _CUES.search(text) else 0.0
        found[at] = _CENTRAL * similarity + _EARLY * early + _CUE * cue - _TALK * talk
    if focus is not None:
        found[usable] = 0.2 * found[usable] + _FOCUS * (vectors[usable] @ focus)
    return found


def chosen(
    worth: np.ndarray, vectors: np.ndarray, count: int, lengths: Sequence[int] = (), room: int = 0
) -> list[int]:
    """The best `count` that do not repeat each other, in order of the text.

    With `lengths` and `room`, only as many as are together no longer than `room`, at least one.
    """
    worth = worth.copy()
    picked: list[int] = []
    repeated = np.zeros(len(worth), np.float32)
    while len(picked) < count:
        best = int((worth - _REPEATED * repeated).argmax())
        if not np.isfinite(worth[best]):
            break
        worth[best] = -np.inf
        if lengths and picked and sum(lengths[p] for p in picked) + lengths[best] > room:
            continue
        picked.append(best)
        repeated = np.maximum(repeated, vectors @ vectors[best])
    return sorted(picked)


def usable_places(sentences: Sequence[SourceSentence]) -> list[int]:
    """Of those that are neither headings nor table rows nor fragments; of all if there are none."""
    usable = [place for place, sentence in enumerate(sentences) if is_sentence(sentence.text)]
    return usable or list(range(len(sentences)))


def title_place(sentences: Sequence[SourceSentence]) -> int | None:
    """Of the line that a document begins with, if it is short enough to be its title."""
    if sentences and not is_sentence(sentences[0].text):
        words = len(sentences[0].text.split())
        if 1 < words <= _MAX_TITLE_WORDS:
            return 0
    return None


def is_sentence(text: str) -> bool:
    words = len(text.split())
    wide = sum(1 for char in text if ord(char) > 0x2E7F)  # CJK has no spaces: two a word
    is_long_enough = _MIN_WORDS <= max(words, wide // 2) <= _MAX_WORDS
    return is_long_enough and text.rstrip().endswith(_SENTENCE_END)
