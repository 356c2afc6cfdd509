"""The same sentence written otherwise, so that what is learned does not hang on its letters."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from engine.training.corpora import Sentence, Span

LOWER, UPPER = 0.06, 0.03  # sentences that are written so
SWAPPED = 0.15  # names that another one of their type takes the place of
JOINED = 0.5  # sentences whose words are put together as people write them

# The corpora have a space between all words and signs: " ," and "do n't" and "@ name".
_NO_SPACE = re.compile(
    r" (?=[,.;:!?%)\]}]|n['’]t\b|['’](?:s|m|d|re|ve|ll)\b)|(?<=[(\[{$#@]) |(?<=\b[A-Z]) (?=\.)",
    re.IGNORECASE,
)


class Rewriter:
    """Rewrites the sentences of one corpus; names come from the same one, written as it writes."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._names: dict[str, list[str]] = {}
        for sentence in sentences:
            for start, end, kind in sentence.spans:
                if not _is_mention(sentence.text, start):
                    self._names.setdefault(kind, []).append(sentence.text[start:end])

    def __call__(self, sentence: Sentence, chance: random.Random) -> Sentence:
        found = recased(self._swapped(sentence, chance), chance)
        return joined(found) if chance.random() < JOINED else found

    def _swapped(self, sentence: Sentence, chance: random.Random) -> Sentence:
        edits = []
        for start, end, kind in sentence.spans:
            if chance.random() < SWAPPED and not _is_mention(sentence.text, start):
                edits.append((start, end, chance.choice(self._names[kind])))
        return _edited(sentence, edits)


def recased(sentence: Sentence, chance: random.Random) -> Sentence:
    drawn = chance.random()
    text = sentence.text
    if drawn < LOWER:
        text = text.lower()
    elif drawn < LOWER + UPPER:
        text = text.upper()
    if len(text) != len(sentence.text):  # "ß" becomes two letters
        return sentence
    return Sentence(text, sentence.spans, sentence.unsure)


def joined(sentence: Sentence) -> Sentence:
    """Without the spaces that only the corpora put before and after signs."""
    return _edited(sentence, [(m.start(), m.end(), "") for m in _NO_SPACE.finditer(sentence.text)])


def _is_mention(text: str, start: int) -> bool:
    return "@" in text[max(0, start - 2) : start + 1]


def _edited(sentence: Sentence, edits: Sequence[tuple[int, int, str]]) -> Sentence:
    """With `edits` (start, end, new text; ascending) made, and all spans where they now stand."""
    if not edits:
        return sentence
    pieces: list[str] = []
    place = [0] * (len(sentence.text) + 1)  # of each old character in the new text
    at = new = 0
    for start, end, text in edits:
        for old in range(at, start):
            place[old] = new + old - at
        pieces += (sentence.text[at:start], text)
        new += start - at
        for old in range(start, end):
            place[old] = new
        new += len(text)
        at = end
    for old in range(at, len(place)):
        place[old] = new + old - at
    pieces.append(sentence.text[at:])

    def moved(spans: Sequence[Span]) -> tuple[Span, ...]:
        return tuple((place[start], place[end], kind) for start, end, kind in spans)

    return Sentence("".join(pieces), moved(sentence.spans), moved(sentence.unsure))
