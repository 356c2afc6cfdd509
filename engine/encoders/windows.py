"""A long text in windows that overlap, so that every word is judged with words around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

WINDOW = 180  # pieces; what the adapters were trained on
AROUND = 20  # pieces on either side that are read but not judged, where there is more text


class Window(msgspec.Struct, frozen=True):
    """Pieces `start` to `end` are read, of which the words `first` to `last` are judged."""

    start: int
    end: int
    first: int
    last: int


def windows(words: Sequence[int], size: int = WINDOW, around: int = AROUND) -> Iterator[Window]:
    """`words` tells the word of each piece. Every word is judged exactly once."""
    total = len(words)
    done = 0  # pieces whose words are judged
    while done < total:
        start = max(0, done - around)
        end = min(total, start + size)
        judged = total if end == total else _word_start(words, max(done + 1, end - around), done)
        yield Window(start, end, words[done], words[judged - 1] + 1)
        done = judged


def _word_start(words: Sequence[int], at: int, after: int) -> int:
    """The nearest piece up to `at` that begins a word; a word longer than all is cut behind it."""
    while at > after + 1 and words[at - 1] == words[at]:
        at -= 1
    while at < len(words) and words[at - 1] == words[at]:
        at += 1
    return at
