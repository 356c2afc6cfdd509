"""Which sentences are nearest to a question, and whether they are near enough to answer it.

By the encoder and by shared words. A row of a table is read with its heading and the table's first row,
a short line with its heading: alone they say little. Worker only (NumPy).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from engine.contracts import AbortFlag, TextEncoder
from engine.language import is_latin
from engine.text_tools.ask_find import SAID_AS, WORDS_SHARE, WORDS_SHARE_OTHER
from engine.text_tools.orders import is_order
from engine.text_tools.question_forms import said_as
from engine.text_tools.terms import shared_terms
from engine.types import Document

# What a question's best sentence and its best passage must score together for it to be answered at all,
# by the question's language: chosen on a third of XQuAD's English questions and a sixth of the Chinese
# ones, of all articles, that were put to other paragraphs, too.
FOUND_AT_LEAST, FOUND_AT_LEAST_OTHER = 0.55, 0.9
_PASSAGE_SHARE = 0.3
# Taken from a sentence that gives orders to a model: it says nothing about anything else.
_ORDER = 1.0
_HEADING = 0.15  # taken from a heading: what stands under it answers
_CELL = " | "
_SHORT_LINE = 60  # characters
_LONGEST_TABLE = 4_000  # characters before a row in which the table's beginning is looked for
_ENDS = tuple(".!?…。！？”\"'’)")


class Sentence(msgspec.Struct, frozen=True):
    """A sentence with how near it is to the question: `near` the cosine, `words` the shared terms,
    `extra` what its form adds or takes."""

    document: int
    start: int
    end: int
    text: str
    near: float
    words: float
    score: float
    extra: float = 0.0


def rank_sentences(
    encoder: TextEncoder,
    abort: AbortFlag,
    question: str,
    documents: Sequence[Document],
    places: Sequence[tuple[int, int, int]],
) -> list[Sentence]:
    """The sentences at `places` (document, start, end), the nearest to the question first.

    Words count by half where they stand in the sentence itself, by half where it is read with them.
    """
    if not places:
        return []
    texts = [documents[at].text[start:end] for at, start, end in places]
    read = [read_as(documents[at], start, end) for at, start, end in places]
    vectors = encoder.encode([question, *read], abort)
    near = vectors[1:] @ vectors[0]
    weight = _words_weight(question)
    form = said_as(question)
    shares = zip(shared_terms(question, texts), shared_terms(question, read), strict=True)
    ranked = []
    for place, text, cosine, share in zip(
        places, texts, near, (sum(both) / 2 for both in shares), strict=True
    ):
        extra = (
            SAID_AS * bool(form and form.search(text))
            - _HEADING * _is_heading(documents[place[0]], place[1], place[2])
            - _ORDER * is_order(text)
        )
        score = float(cosine) + weight * share + extra
        ranked.append(Sentence(*place, text, float(cosine), share, score, extra))
    return sorted(ranked, key=lambda one: -one.score)


def is_answered(
    encoder: TextEncoder,
    abort: AbortFlag,
    question: str,
    ranked: Sequence[Sentence],
    passages: Sequence[str],
) -> bool:
    """Whether the nearest sentence, and the nearest of `passages`, are about the question at all."""
    if not ranked or not passages:
        return False
    vectors = encoder.encode([question, *passages], abort)
    near = vectors[1:] @ vectors[0]
    words = np.array(shared_terms(question, passages))
    passage = float((near + _words_weight(question) * words).max())
    least = FOUND_AT_LEAST if is_latin(question) else FOUND_AT_LEAST_OTHER
    return (1 - _PASSAGE_SHARE) * ranked[0].score + _PASSAGE_SHARE * passage >= least


def read_as(document: Document, start: int, end: int) -> str:
    """The sentence as the encoder reads it, with what a person sees above it."""
    sentence = document.text[start:end]
    is_row = _CELL in sentence
    if not is_row and (len(sentence) > _SHORT_LINE or sentence.endswith(_ENDS)):
        return sentence
    above = [_heading(document, start), _first_row(document.text, start) if is_row else ""]
    return "\n".join([*(one for one in above if one and one not in sentence), sentence])


def _words_weight(question: str) -> float:
    return WORDS_SHARE if is_latin(question) else WORDS_SHARE_OTHER


def _heading(document: Document, start: int) -> str:
    inside = [s for s in document.sections if s.kind == "heading" and s.start < start < s.end]
    return max(inside, key=lambda section: section.start).label if inside else ""


def _is_heading(document: Document, start: int, end: int) -> bool:
    return any(
        section.kind == "heading" and section.start == start and end - start <= len(section.label)
        for section in document.sections
    )


def _first_row(text: str, start: int) -> str:
    """Of the table that the row at `start` belongs to."""
    lines = text[max(0, start - _LONGEST_TABLE) : start].split("\n")[:-1]
    first = ""
    for line in reversed(lines):
        if _CELL not in line:
            break
        first = line
    return first.strip()
