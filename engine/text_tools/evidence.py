"""Grounding: which sentences matter most, which of them a claim rests on, and what it made up."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import numpy as np

from engine.text_tools.names import candidate_names
from engine.types import Passage

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DIVERSITY = 0.4  # weight of "not said already" against "central", as in MMR
_MIN_WORDS, _MAX_WORDS = 5, 60
_SENTENCE_END = tuple('.!?…。！？；"”』」’)')
LINK_AT_LEAST = 0.4
LINK_WITHIN = 0.12  # of the best passage's similarity
MAX_LINKS = 3
_WHOLE_WORD = 4  # characters: "Ann" is not in "announced"


class SourceSentence(msgspec.Struct, frozen=True):
    """A sentence of a document, with its place."""

    passage: Passage
    text: str


def key_sentence_indexes(
    sentences: Sequence[SourceSentence], vectors: np.ndarray, count: int
) -> list[int]:
    """The `count` most central sentences that do not repeat each other, in order of the text.

    Method: similarity to the centroid (Radev et al. 2004) with maximal marginal relevance (Carbonell
    and Goldstein 1998). `vectors`: unit rows, shape (len(sentences), width).
    """
    usable = [i for i, sentence in enumerate(sentences) if _is_usable(sentence.text)]
    usable = usable or list(range(len(sentences)))
    centroid = vectors[usable].mean(axis=0)
    central = vectors[usable] @ (centroid / max(float(np.linalg.norm(centroid)), 1e-9))
    repeated = np.zeros(len(usable))
    chosen: list[int] = []
    for _ in range(min(count, len(usable))):
        worth = (1 - _DIVERSITY) * central - _DIVERSITY * repeated
        worth[chosen] = -np.inf
        best = int(worth.argmax())
        chosen.append(best)
        repeated = np.maximum(repeated, vectors[usable] @ vectors[usable[best]])
    return sorted(usable[index] for index in chosen)


def _is_usable(text: str) -> bool:
    """Neither a heading nor a table row nor a fragment."""
    words = len(text.split())
    wide = sum(1 for char in text if ord(char) > 0x2E7F)  # CJK has no spaces: two a word
    return _MIN_WORDS <= max(words, wide // 2) <= _MAX_WORDS and text.rstrip().endswith(
        _SENTENCE_END
    )


def supporting(
    claim: np.ndarray, sentences: Sequence[SourceSentence], vectors: np.ndarray
) -> tuple[Passage, ...]:
    """The passages nearest to a claim's vector, the nearest first, at least one."""
    similar = vectors @ claim
    order = np.argsort(-similar)[:MAX_LINKS]
    best = float(similar[order[0]])
    kept = [
        int(index)
        for rank, index in enumerate(order)
        if rank == 0 or similar[index] >= max(LINK_AT_LEAST, best - LINK_WITHIN)
    ]
    return tuple(sentences[index].passage for index in kept)


class Check(msgspec.Struct, frozen=True):
    """What of a claim's numbers and names its source contains."""

    unsupported: tuple[str, ...]
    numbers_found: int
    names_found: int


def check_claim(claim: str, source: str) -> Check:
    """Look up every number and name of `claim` in `source`, letter case and commas aside."""
    folded = source.casefold()
    numbers = {_plain(number) for number in _NUMBER.findall(source)}
    missing, found_numbers, found_names = [], 0, 0
    for number in dict.fromkeys(_NUMBER.findall(claim)):
        if _plain(number) in numbers:
            found_numbers += 1
        else:
            missing.append(number)
    names = dict.fromkeys(
        claim[start:end]
        for start, end in candidate_names(claim)
        if start > 0 or " " in claim[start:end]  # a lone first word is capitalized anyway
    )
    for name in names:
        if all(_word_in(word, folded) for word in name.split()):
            found_names += 1
        else:
            missing.append(name)
    return Check(tuple(missing), found_numbers, found_names)


def _plain(number: str) -> str:
    return number.replace(",", "").rstrip(".")


def _word_in(word: str, folded: str) -> bool:
    """As a word; a longer one also as a word's beginning, for its plural and other endings."""
    word = word.casefold().strip(".'’")
    end = r"(?!\w)" if len(word) <= _WHOLE_WORD else ""
    return re.search(rf"(?<!\w){re.escape(word)}{end}", folded) is not None
