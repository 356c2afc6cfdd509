"""Finds the passages of documents that a question is about: by vectors and by words.

Both are needed: vectors know that "cost" and "price" are near, words know names and numbers, and
languages that the encoder does not know. Worker only (NumPy).
"""

from __future__ import annotations

import collections
import hashlib
import threading
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from engine.contracts import AbortFlag, TextEncoder
from engine.language import is_latin
from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.question_forms import said_as
from engine.text_tools.reading import ReadingPart, reading_chunks
from engine.text_tools.terms import shared_terms
from engine.types import Document, Passage

CHUNK_CHARACTERS = 600  # about a paragraph
ENCODE_AT_ONCE = 64
KEPT_DOCUMENTS = 8  # whose vectors are remembered for the next question
WORDS_SHARE = 0.5  # of a passage's score, beside the vectors'
WORDS_SHARE_OTHER = 2.0  # in scripts that the encoder hardly knows
SAID_AS = 0.3  # more for a text that is worded as an answer would be


class Place(msgspec.Struct, frozen=True):
    """A passage with how near it is to the question; `near` is the cosine alone."""

    passage: Passage
    score: float
    near: float = 0.0


class Nearest(msgspec.Struct, frozen=True):
    """The nearest passages, the best first, of the `parts` that were looked through."""

    places: tuple[Place, ...]
    parts: int


def nearest(
    context: ToolContext, documents: tuple[Document, ...], question: str, count: int
) -> Iterator[StepProgress | Nearest]:
    """At most `count` passages of about a paragraph; `Nearest` comes last."""
    parts = reading_chunks(context, documents, CHUNK_CHARACTERS)
    texts = [part.text(documents) for part in parts]
    yield StepProgress("opening", 0, 0)
    rows = []
    for step in _vectors(context, parts, texts):
        if isinstance(step, StepProgress):
            yield step
        else:
            rows.append(step)
    asked = context.encoder.encode([question], context.abort)[0]
    near = np.concatenate(rows) @ asked
    words = WORDS_SHARE if is_latin(question) else WORDS_SHARE_OTHER
    form = said_as(question)
    told = np.array([bool(form and form.search(text)) for text in texts])
    scores = near + words * np.array(shared_terms(question, texts)) + SAID_AS * told
    order = np.argsort(-scores, kind="stable")[:count]
    places = (
        Place(
            Passage(parts[at].part.start, parts[at].part.end, parts[at].document),
            float(scores[at]),
            float(near[at]),
        )
        for at in map(int, order)
    )
    yield Nearest(tuple(places), len(parts))


def _vectors(
    context: ToolContext, parts: Sequence[ReadingPart], texts: Sequence[str]
) -> Iterator[StepProgress | np.ndarray]:
    """The rows of each document in order; those of a document that was asked about before are kept."""
    first = 0
    while first < len(parts):
        last = first
        while last < len(parts) and parts[last].document == parts[first].document:
            last += 1
        own = texts[first:last]
        key = _key(context.encoder, own)
        kept = _KEPT.get(key)
        if kept is None:
            pieces = []
            for at in range(0, len(own), ENCODE_AT_ONCE):
                pieces.append(
                    _encoded(context.encoder, own[at : at + ENCODE_AT_ONCE], context.abort)
                )
                yield StepProgress("scanning", first + at + len(pieces[-1]), len(parts))
            kept = np.concatenate(pieces)
            _KEPT.put(key, kept)
        yield kept
        first = last


def _encoded(encoder: TextEncoder, texts: Sequence[str], abort: AbortFlag) -> np.ndarray:
    vectors: np.ndarray = encoder.encode(texts, abort)
    return vectors


def _key(encoder: TextEncoder, texts: Sequence[str]) -> str:
    digest = hashlib.sha256(encoder.name.encode())
    for text in texts:
        digest.update(hashlib.sha256(text.encode("utf-8", "replace")).digest())
    return digest.hexdigest()


class _Kept:
    """The vectors of the documents asked about last. Any thread may ask."""

    def __init__(self) -> None:
        self._rows: collections.OrderedDict[str, np.ndarray] = collections.OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> np.ndarray | None:
        with self._lock:
            if key in self._rows:
                self._rows.move_to_end(key)
            return self._rows.get(key)

    def put(self, key: str, rows: np.ndarray) -> None:
        with self._lock:
            self._rows[key] = rows
            while len(self._rows) > KEPT_DOCUMENTS:
                self._rows.popitem(last=False)


_KEPT = _Kept()
