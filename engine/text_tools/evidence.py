"""Grounding: which sentences of a source a claim rests on, and what in it is made up."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import numpy as np

from engine.text_tools.key_sentences import SourceSentence
from engine.text_tools.names import candidate_names
from engine.types import Passage

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_QUOTED = re.compile(r"[“\"„«]([^“”\"„«»]{3,400})[”\"“»]|[「『]([^」』]{2,400})[」』]")
LINK_AT_LEAST = 0.4
LINK_WITHIN = 0.12  # of the best passage's similarity
MAX_LINKS = 3
_WHOLE_WORD = 4  # characters: "Ann" is not in "announced"


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
    """What of a claim's numbers, names and quotes its source contains."""

    unsupported: tuple[str, ...]
    numbers_found: int
    names_found: int


def check_claim(claim: str, source: str, names: Sequence[str] = ()) -> Check:
    """Look up every number, name and quote of `claim` in `source`, letter case and commas aside.

    `names` are those that a reader of names found in it, beside those that are spelled like names.
    """
    folded = source.casefold()
    numbers = {_plain(number) for number in _NUMBER.findall(source)}
    missing, found_numbers, found_names = [], 0, 0
    for number in dict.fromkeys(_NUMBER.findall(claim)):
        if _plain(number) in numbers:
            found_numbers += 1
        else:
            missing.append(number)
    spelled = dict.fromkeys(
        claim[start:end]
        for start, end in candidate_names(claim)
        if start > 0 or " " in claim[start:end]  # a lone first word is capitalized anyway
    )
    further = [name for name in names if not any(name in known for known in spelled)]
    for name in [*spelled, *dict.fromkeys(further)]:
        if all(_word_in(word, folded) for word in name.split()):
            found_names += 1
        else:
            missing.append(name)
    flat = _flat(source)
    for match in _QUOTED.finditer(claim):
        quote = match[1] or match[2]
        if _flat(quote) not in flat:
            missing.append(quote)
    return Check(tuple(dict.fromkeys(missing)), found_numbers, found_names)


def _flat(text: str) -> str:
    """Letters and digits only: line breaks and the forms of signs are no difference."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _plain(number: str) -> str:
    return number.replace(",", "").rstrip(".")


def _word_in(word: str, folded: str) -> bool:
    """As a word; a longer one also as a word's beginning, for its plural and other endings."""
    word = word.casefold().strip(".'’")
    end = r"(?!\w)" if len(word) <= _WHOLE_WORD else ""
    return re.search(rf"(?<!\w){re.escape(word)}{end}", folded) is not None
