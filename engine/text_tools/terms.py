"""The words of a text as a search compares them: without endings and without function words.

Where no spaces part words (Chinese, Japanese), pairs of characters take their place. It knows the
commonest endings of English, and the function words of English, German and French.
"""

from __future__ import annotations

import collections
import math
import re
from collections.abc import Iterator, Sequence

# Between these characters of Chinese, words begin and end; those that ask stand in no answer.
_CUTS = "的是在和与了于被为有不就都而及着吗呢吧么哪谁何几什怎"
_WORD = re.compile(f"[^\\W_\u2e80-\u9fff\uf900-\ufaff]+|[^\\W_\\x00-\u2e7f\uac00-\uf8ff{_CUTS}]+")
_ENDINGS = ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "en", "er", "n", "e")
_STOP = frozenset(
    """
    a an the of in on to for and or is are was were be been being did do does done has have had what
    which who whom whose when where why how many much by with at from as that this these those it its
    into there their they he she his her not can could would should will than then so about
    der die das den dem ein eine einen und oder ist sind war waren wurde was wer wie wo wann warum
    welche welcher welches von zu im mit auf für
    le la les un une des du de et ou est sont qui que quoi quand où comment pourquoi quel quelle
    """.split()  # noqa: SIM905
)


def placed_terms(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """(start, end, term) of each term of `text[start:end]`, in order."""
    return list(_terms(text, start, end))


def terms(text: str) -> list[str]:
    return [term for _, _, term in _terms(text, 0, len(text))]


def _terms(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for match in _WORD.finditer(text, start, end):
        word = match[0].lower()
        if word[0] >= "\u2e80":
            for at in range(max(1, len(word) - 1)):
                yield match.start() + at, match.start() + at + 2, word[at : at + 2]
        elif word not in _STOP:
            yield match.start(), match.end(), _stem(word)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if len(word) - len(ending) > 3 and word.endswith(ending):
            return word[: -len(ending)]
    return word


def rarities(texts: Sequence[set[str]]) -> dict[str, float]:
    """How much a term tells: its inverse frequency over these texts (idf as in BM25)."""
    counts = collections.Counter(term for one in texts for term in one)
    return {
        term: math.log(1 + (len(texts) - count + 0.5) / (count + 0.5))
        for term, count in counts.items()
    }


def shared_terms(question: str, texts: Sequence[str]) -> list[float]:
    """Of the question's terms, each by its rarity, the share that each text has: 0.0 to 1.0."""
    have = [set(terms(text)) for text in texts]
    rare = rarities(have)
    rarest = math.log(1 + (len(texts) - 0.5) / 1.5)  # of a term that one text has, or none
    asked = {term: rare.get(term, rarest) for term in sorted(set(terms(question)))}
    total = sum(asked.values()) or 1.0
    return [sum(weight for term, weight in asked.items() if term in one) / total for one in have]
