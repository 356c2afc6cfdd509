"""Search by words and by meaning together.

A passage's score is the mean of two cosines (of the passage, and of its nearest sentence) plus `_WORDS`
times its share of the words: BM25 (Robertson and Zaragoza 2009) by SQLite's FTS5, over what a passage
would have that held each word once. In languages whose letters the encoder does not know, words decide
alone. `_WORDS` was chosen on the even half of XQuAD's English articles (`benchmarks.documents`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection

import msgspec
import numpy as np

from engine.contracts import AbortFlag, TextEncoder
from engine.language import is_latin
from engine.library.file import LibraryFile
from engine.text_tools.terms import terms

_WORDS = 0.3
_LOOKED_AT = 200  # passages whose sentences are looked at, by words and by meaning each
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
    """Of all passages, in memory: rows of unit length, in the order of `ids`."""

    def __init__(self, file: LibraryFile) -> None:
        rows = file.rows(
            "SELECT p.id, p.document_id, p.vector FROM passages p "
            "JOIN documents d ON d.id = p.document_id WHERE d.state = 'indexed' ORDER BY p.id"
        )
        self.ids = np.array([row[0] for row in rows], np.int64)
        self.documents = np.array([row[1] for row in rows], np.int64)
        joined = b"".join(row[2] for row in rows)
        self.rows = (
            np.frombuffer(joined, np.float16).reshape(max(1, len(rows)), -1).astype(np.float32)
        )


def search(
    file: LibraryFile,
    vectors: Vectors,
    encoder: TextEncoder,
    query: str,
    count: int,
    abort: AbortFlag,
    documents: Collection[int] = (),
) -> list[Found]:
    """The best `count` passages, the best first; `documents` limits where to look."""
    if not len(vectors.ids):
        return []
    allowed = np.isin(vectors.documents, list(documents)) if documents else None
    by_words = _by_words(file, query, set(documents))
    places = {int(number): place for place, number in enumerate(vectors.ids)}
    words = np.zeros(len(vectors.ids), np.float32)
    for number, share in by_words.items():
        if number in places:
            words[places[number]] = share
    if not is_latin(query):
        picked = _best(words, count, allowed)
        return _found(file, vectors, [p for p in picked if words[p] > 0], words, words, words)
    asked = encoder.encode([query], abort)[0]
    near = vectors.rows @ asked
    candidates = sorted({*_best(near, _LOOKED_AT, allowed), *_best(words, _LOOKED_AT, allowed)})
    nearest = _nearest_sentences(file, vectors.ids[candidates], asked)
    meaning = np.full(len(near), -np.inf, np.float32)
    meaning[candidates] = (near[candidates] + nearest) / 2
    scores = meaning + _WORDS * words
    picked = _best(scores, count, allowed)
    near_enough = [p for p in picked if words[p] > 0 or meaning[p] >= NEAR_AT_LEAST]
    return _found(file, vectors, near_enough, scores, words, meaning)


def _best(scores: np.ndarray, count: int, allowed: np.ndarray | None) -> list[int]:
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf)
    count = min(count, len(scores))
    picked = np.argpartition(-scores, count - 1)[:count]
    return [
        int(p) for p in picked[np.argsort(-scores[picked], kind="stable")] if np.isfinite(scores[p])
    ]


def _by_words(file: LibraryFile, query: str, documents: set[int]) -> dict[int, float]:
    """BM25 of the passages that have any of the words, as a share of the whole query's weight."""
    asked = list(dict.fromkeys(terms(query)))[:_MOST_TERMS]
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


def _nearest_sentences(file: LibraryFile, passages: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The cosine of the nearest sentence of each of these passages, which are in order."""
    marks = ", ".join("?" * len(passages))
    blobs = dict(
        file.rows(
            f"SELECT id, sentence_vectors FROM passages WHERE id IN ({marks})", *map(int, passages)
        )
    )
    found = [
        np.frombuffer(blobs.get(int(number), b""), np.float16).reshape(-1, len(asked))
        for number in passages
    ]
    return np.array(
        [float((one.astype(np.float32) @ asked).max()) if len(one) else -1.0 for one in found],
        np.float32,
    )


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
        if number in known:
            document, start, end = known[number]
            said = (round(float(one[place]), 4) for one in (scores, words, meaning))
            found.append(Found(number, document, start, end, *said))
    return found


def sentences_json(sentences: tuple[tuple[int, int], ...]) -> str:
    return json.dumps(sentences, separators=(",", ":"))
