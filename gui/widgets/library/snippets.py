"""Of a passage that was found: a few lines around the words that were looked for. Knows no widget."""

from __future__ import annotations

from typing import NamedTuple

from engine.text_tools.terms import placed_terms, terms

LONGEST = 300  # characters


class Piece(NamedTuple):
    text: str
    is_found: bool


def snippet(text: str, query: str) -> list[Piece]:
    """The part of `text` with most of the query's words, cut at words, the words apart."""
    wanted = set(terms(query))
    places = [
        (start, end, term)
        for start, end, term in placed_terms(text, 0, len(text))
        if term in wanted
    ]
    start = _best_start(places, len(text))
    end = min(len(text), start + LONGEST)
    if start:
        start = _word_start(text, start)
    if end < len(text):
        end = _word_start(text, end)
    pieces = [Piece("… ", False)] if start else []
    at = start
    for low, high in _joined([(s, e) for s, e, _ in places if start <= s and e <= end]):
        if low > at:
            pieces.append(Piece(_one_line(text[at:low]), False))
        pieces.append(Piece(_one_line(text[low:high]), True))
        at = high
    pieces.append(Piece(_one_line(text[at:end]), False))
    if end < len(text):
        pieces.append(Piece(" …", False))
    return [piece for piece in pieces if piece.text]


def _best_start(places: list[tuple[int, int, str]], length: int) -> int:
    """Where a window begins that has most different words."""
    if length <= LONGEST:
        return 0
    best, most = 0, 0
    for start, _, _ in places:
        inside = {
            term for low, high, term in places if start <= low and high <= start + LONGEST * 3 // 4
        }
        if len(inside) > most:
            best, most = start, len(inside)
    return max(0, best - LONGEST // 5)


def _word_start(text: str, at: int) -> int:
    """The nearest beginning of a word before, if there is one near."""
    space = text.rfind(" ", max(0, at - 24), at)
    return space + 1 if space >= 0 else at


def _joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of characters overlap."""
    joined: list[tuple[int, int]] = []
    for low, high in places:
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def _one_line(text: str) -> str:
    """Inside a line spaces stay at the ends of a piece."""
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() and len(text) > 1 else ""
    return f"{lead}{' '.join(text.split())}{tail}" if text.strip() else " " * bool(text)
