"""Labels of words and the names they stand for: B- begins a name, I- goes on with it, O is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

TYPES = ("PER", "ORG", "LOC", "MISC")
TAGS = ("O", *(f"{begin}-{kind}" for kind in TYPES for begin in "BI"))
IMPOSSIBLE = -1e4


def _transitions() -> np.ndarray:
    """0.0 where a tag may follow another, by (before, after); an I- needs its own B- or I-."""
    allowed = np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
    for before, left in enumerate(TAGS):
        for after, right in enumerate(TAGS):
            if right.startswith("I-") and left[2:] != right[2:]:
                allowed[before, after] = IMPOSSIBLE
    return allowed


TRANSITIONS = _transitions()


def best_tags(scores: np.ndarray) -> list[int]:
    """The likeliest possible sequence for log-probabilities of shape (words, tags): Viterbi."""
    if not len(scores):
        return []
    total = scores[0] + TRANSITIONS[0]
    back = np.zeros(scores.shape, dtype=np.int64)
    for word in range(1, len(scores)):
        reached = total[:, None] + TRANSITIONS
        back[word] = reached.argmax(axis=0)
        total = reached.max(axis=0) + scores[word]
    tags = [int(total.argmax())]
    for word in range(len(scores) - 1, 0, -1):
        tags.append(int(back[word, tags[-1]]))
    return tags[::-1]


def names(tags: Sequence[int]) -> list[tuple[int, int, str]]:
    """First word, the one after the last, and type of each name."""
    found: list[tuple[int, int, str]] = []
    for word, tag in enumerate(tags):
        kind = TAGS[tag]
        if kind.startswith("B-"):
            found.append((word, word + 1, kind[2:]))
        elif kind.startswith("I-") and found:
            first, _, name = found[-1]
            found[-1] = (first, word + 1, name)
    return found


def tags_of(
    starts: Sequence[int], ends: Sequence[int], spans: Iterable[tuple[int, int, str]]
) -> list[int]:
    """The tags of words for names given as characters of the text; a word in part is in it."""
    tags = [0] * len(starts)
    for start, end, kind in spans:
        inside = [at for at in range(len(starts)) if starts[at] < end and ends[at] > start]
        for number, at in enumerate(inside):
            tags[at] = TAGS.index(f"{'I' if number else 'B'}-{kind}")
    return tags
