"""Packs sentences into parts that fit a prompt. What a token is, the caller's counter knows."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence

import msgspec

from engine.retrieval.sentences import clause_cut, trim

_STABLE_FROM = 0.5  # of a part
_FULL_ENOUGH = 0.6  # of a part: from here on it may end early, at the end of a paragraph
_MAX_HEADING_CHARACTERS = 100
_MAX_CARRIED_HEADINGS = 3
_SENTENCE_ENDS = tuple('.!?…。！？；；:：؟"”’')


class Part(msgspec.Struct, frozen=True):
    """Consecutive sentences; `text[start:end]` runs from the first to the last of them."""

    start: int
    end: int
    sentences: tuple[tuple[int, int], ...]


def split_parts(
    text: str,
    sentences: Sequence[tuple[int, int]],
    count_tokens: Callable[[str], int],
    max_tokens: int,
    *,
    stable: bool = False,
) -> list[Part]:
    """Parts of at most `max_tokens`, each sentence in exactly one of them, in order.

    `stable` parts end where the text itself says so, and not where the count happens to be full: an
    edit then changes the parts around it, and soon behind it the parts are the old ones again. They
    are a fifth shorter. Method: content-defined chunking (Muthitacharoen et al. 2001).

    A sentence that alone is too long is cut into pieces, which take its place in `sentences`.
    `count_tokens` is called about once a sentence and once a part. Only a single character that
    is itself over the limit can make a part too long.
    """
    pieces = [
        piece
        for start, end in sentences
        for piece in _fitting(text, start, end, count_tokens, max_tokens)
    ]
    parts: list[Part] = []
    first = 0
    while first < len(pieces):
        last = _last_that_fits(pieces, first, max_tokens)
        if last < len(pieces):
            better = _stable_break if stable else _better_break
            last = better(text, pieces, first, last, max_tokens)
        while last > first + 1:  # tokens do not add up exactly: ask for the whole
            if count_tokens(text[pieces[first][0] : pieces[last - 1][1]]) <= max_tokens:
                break
            last -= max(1, (last - first) // 20)
        chosen = tuple((start, end) for start, end, _ in pieces[first:last])
        parts.append(Part(chosen[0][0], chosen[-1][1], chosen))
        first = last
    return parts


_Piece = tuple[int, int, int]  # start, end, tokens


def _fitting(
    text: str, start: int, end: int, count_tokens: Callable[[str], int], max_tokens: int
) -> Iterator[_Piece]:
    """The sentence itself, or pieces of it that each fit."""
    tokens = count_tokens(text[start:end])
    if tokens <= max_tokens or end - start < 2:
        yield start, end, tokens
        return
    # Aim at the share that should fit, and halve again what does not.
    length = min((end - start) // 2, (end - start) * max_tokens // tokens)
    cut = clause_cut(text, start, start + max(length, 1))
    for one, other in (trim(text, start, cut), trim(text, cut, end)):
        if one < other:
            yield from _fitting(text, one, other, count_tokens, max_tokens)


def _last_that_fits(pieces: list[_Piece], first: int, max_tokens: int) -> int:
    """The end (exclusive) of what fits from `first` on; at least one piece."""
    total = 0
    for index in range(first, len(pieces)):
        total += pieces[index][2]
        if total > max_tokens and index > first:
            return index
    return len(pieces)


def _better_break(text: str, pieces: list[_Piece], first: int, last: int, max_tokens: int) -> int:
    """The last end of a paragraph in the fuller part of `first`..`last`, else `last`."""
    needed = _FULL_ENOUGH * max_tokens
    total = sum(tokens for _, _, tokens in pieces[first:last])
    for index in range(last, first, -1):
        if "\n\n" in text[pieces[index - 1][1] : pieces[index][0]]:
            last = index
            break
        total -= pieces[index - 1][2]
        if total < needed:
            break
    lowest = max(first + 1, last - _MAX_CARRIED_HEADINGS)
    while last > lowest and _is_heading(text, pieces[last - 1], pieces[last]):
        last -= 1
    return last


def _stable_break(text: str, pieces: list[_Piece], first: int, last: int, max_tokens: int) -> int:
    """Of the ends of paragraphs in the fuller part (or of sentences, where no paragraph ends), the
    one whose surroundings have the lowest hash."""
    needed = _STABLE_FROM * max_tokens
    total, ends = 0, []
    for index in range(first + 1, last + 1):
        total += pieces[index - 1][2]
        if total >= needed:
            ends.append(index)
    ends = ends or [last]
    paragraphs = [i for i in ends if "\n\n" in text[pieces[i - 1][1] : pieces[i][0]]]

    def digest(index: int) -> int:
        around = text[pieces[index - 1][0] : pieces[index - 1][1]]
        return zlib.crc32(around.encode("utf-8", "replace"))

    best = min(paragraphs or ends, key=digest)
    while best > first + 1 and _is_heading(text, pieces[best - 1], pieces[best]):
        best -= 1
    return best


def _is_heading(text: str, piece: _Piece, following: _Piece) -> bool:
    """Short, on its own line and no sentence: it belongs to what comes after it."""
    start, end, _ = piece
    return (
        end - start <= _MAX_HEADING_CHARACTERS
        and "\n" in text[end : following[0]]
        and not text[start:end].endswith(_SENTENCE_ENDS)
        and not any(mark in text[start:end] for mark in ("\t", " | "))  # no row of a table
        and not text[start:end].startswith(("-", "•", "*"))
    )
