"""Search by words and by meaning together.

A passage's score is the mean of two cosines (of the passage, and of its nearest sentence) plus `_WORDS`
times its share of the words: BM25 (Robertson and Zaragoza 2009) by SQLite's FTS5, over what a passage
would have that held each word once. In languages whose letters the encoder does not know, words decide
alone. `_WORDS` was chosen on the even half of XQuAD's English articles (`benchmarks.documents`).
"""

from __future__ import annotations

import math
from collections.abc import Collection

import msgspec
import numpy as np

from engine.contracts import AbortFlag, TextEncoder
from engine.language import is_latin
from engine.library.file import LibraryFile
from engine.library.passages import search_terms

_WORDS = 0.3
_LOOKED_AT = 100  # passages whose sentences are looked at, by words and by meaning each
_MOST_TERMS = 64
NEAR_AT_LEAST = 0.2  # without a word in common, what is further away is not about it


class Found(msgspec.Struct, frozen=True):
    """A passage with its score; `words` and `meaning` are what each search alone says of it."""

    passage: int
    document: int
    start: int
    end: int
    score: float
    words: float
    meaning: float


class Vectors:
    """Of all passages, in memory: rows of unit length, in the order of `ids`. `encoder` made them."""

    def __init__(self, file: LibraryFile) -> None:
        known = file.rows("SELECT value FROM facts WHERE name = 'encoder'")
        rows = file.rows("SELECT id, document_id, vector FROM passages ORDER BY id")
        self.encoder: str | None = known[0][0] if known else None
        self.ids = np.array([row[0] for row in rows], np.int64)
        self.documents = np.array([row[1] for row in rows], np.int64)
        width = len(rows[0][2]) // 2 if rows else 0
        joined = np.frombuffer(b"".join(row[2] for row in rows), np.float16)
        self.rows = joined.reshape(len(rows), width).astype(np.float32)

    def shares(self, by_number: dict[int, float]) -> np.ndarray:
        """In the order of `ids`; 0.0 of what is not named."""
        shares = np.zeros(len(self.ids), np.float32)
        if by_number:
            numbers = np.array(list(by_number), np.int64)
            values = np.array(list(by_number.values()), np.float32)
            places = np.minimum(np.searchsorted(self.ids, numbers), len(self.ids) - 1)
            known = self.ids[places] == numbers
            shares[places[known]] = values[known]
        return shares


def query_vector(
    vectors: Vectors, encoder: TextEncoder, query: str, abort: AbortFlag
) -> np.ndarray | None:
    """float32 of shape (384,); None if nothing can be told from it and words decide alone."""
    if not len(vectors.ids) or vectors.encoder != encoder.name or not is_latin(query):
        return None
    row: np.ndarray = encoder.encode([query], abort)[0]
    return row


def search(
    file: LibraryFile,
    vectors: Vectors,
    query: str,
    asked: np.ndarray | None,
    count: int,
    documents: Collection[int] = (),
) -> list[Found]:
    """The best `count` passages, the best first; `documents` limits where to look."""
    if not len(vectors.ids):
        return []
    allowed = np.isin(vectors.documents, list(documents)) if documents else None
    words = vectors.shares(by_words(file, query, set(documents)))
    if asked is None:
        picked = [p for p in _best(words, count, allowed) if words[p] > 0]
        return _found(file, vectors, picked, words, words, np.zeros_like(words))
    near = vectors.rows @ asked
    with_words = [p for p in _best(words, _LOOKED_AT, allowed) if words[p] > 0]
    candidates = sorted({*_best(near, _LOOKED_AT, allowed), *with_words})
    nearest = _nearest_sentences(file, vectors.ids[candidates], asked)
    meaning = np.full(len(near), -np.inf, np.float32)
    meaning[candidates] = (near[candidates] + nearest) / 2
    scores = meaning + _WORDS * words
    picked = _best(scores, count, allowed)
    near_enough = [p for p in picked if words[p] > 0 or meaning[p] >= NEAR_AT_LEAST]
    return _found(file, vectors, near_enough, scores, words, meaning)


def by_words(file: LibraryFile, query: str, documents: set[int]) -> dict[int, float]:
    """BM25 of the passages that have any of the words, as a share of the whole query's weight."""
    asked = list(dict.fromkeys(search_terms(query)))[:_MOST_TERMS]
    if not asked:
        return {}
    marks = ", ".join("?" * len(asked))
    counts = dict(
        file.rows(f"SELECT term, doc FROM passages_terms WHERE term IN ({marks})", *asked)
    )
    ((total,),) = file.rows("SELECT count(*) FROM passages")
    weight = sum(
        max(1e-6, math.log((total - counts.get(term, 0) + 0.5) / (counts.get(term, 0) + 0.5)))
        for term in asked
    )
    expression = " OR ".join(f'"{term}"' for term in asked)
    rows = file.rows(
        "SELECT rowid, -bm25(passages_fts) FROM passages_fts WHERE passages_fts MATCH ? "
        "ORDER BY bm25(passages_fts) LIMIT ?",
        *(expression, 4 * _LOOKED_AT if not documents else 1_000_000),
    )
    return {number: score / weight for number, score in rows}


def _best(scores: np.ndarray, count: int, allowed: np.ndarray | None) -> list[int]:
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf)
    count = min(count, len(scores))
    picked = np.argpartition(-scores, count - 1)[:count]
    return [
        int(p) for p in picked[np.argsort(-scores[picked], kind="stable")] if np.isfinite(scores[p])
    ]


def _nearest_sentences(file: LibraryFile, passages: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The cosine of the nearest sentence of each of these passages, which are in order."""
    marks = ", ".join("?" * len(passages))
    blobs = dict(
        file.rows(
            f"SELECT id, sentence_vectors FROM passages WHERE id IN ({marks})", *map(int, passages)
        )
    )
    counts = [len(blobs.get(int(number), b"")) // (2 * len(asked)) for number in passages]
    joined = b"".join(blobs.get(int(number), b"") for number in passages)
    rows = np.frombuffer(joined, np.float16).astype(np.float32).reshape(-1, len(asked))
    cosines, nearest, at = rows @ asked, np.full(len(passages), -1.0, np.float32), 0
    for place, count in enumerate(counts):
        if count:
            nearest[place] = cosines[at : at + count].max()
            at += count
    return nearest


def _found(
    file: LibraryFile,
    vectors: Vectors,
    picked: list[int],
    scores: np.ndarray,
    words: np.ndarray,
    meaning: np.ndarray,
) -> list[Found]:
    ids = [int(vectors.ids[place]) for place in picked]
    marks = ", ".join("?" * len(ids))
    known = {
        row[0]: row[1:]
        for row in file.rows(
            f"SELECT id, document_id, start, end FROM passages WHERE id IN ({marks})", *ids
        )
    }
    found = []
    for place, number in zip(picked, ids, strict=True):
        if number in known:  # not removed meanwhile
            document, start, end = known[number]
            said = (round(float(one[place]), 4) for one in (scores, words, meaning))
            found.append(Found(number, document, start, end, *said))
    return found
