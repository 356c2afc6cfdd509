"""Quotes in a chat model's answer, checked against the texts that it was given.

A quote is what stands between quotation marks, or in a quoted paragraph of Markdown ("> "), and is
longer than a name or a title in passing. It is found if every piece of it stands in one of the texts
character by character, as `quoting` has it. Code is no quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.protocol import CheckedQuote, GivenText
from engine.text_tools.quoting import find_quote, pieces_of
from engine.types import Document, Passage

LEAST_WORDS, LEAST_SIGNS = 3, 6  # words, or letters of a script without spaces
LONGEST = 2_000  # characters
MOST = 40  # quotes of one answer
_MARKS = (("“", "”"), ("„", "[“”]"), ("«", "»"), ("»", "«"), ("「", "」"), ("『", "』"))
_INSIDE = f"(?:[^\n%s]|\n(?!\\s*\n)){{1,{LONGEST}}}?"
_QUOTED = re.compile(
    "|".join(
        [
            rf'(?<![\w"])"(?=\S)({_INSIDE % chr(34)})"(?!\w)',
            *(f"{opens}({_INSIDE % (opens)}){closes}" for opens, closes in _MARKS),
            r"^[ ]{0,3}>[ ]?(\S.*(?:\n[ ]{0,3}>[ ]?\S.*)*)",
        ]
    ),
    re.MULTILINE,
)
_CODE = re.compile(r"^(```|~~~).*?(?:^\1|\Z)|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_MARKUP = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)|^[ ]{0,3}>[ ]?", re.MULTILINE)
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def checked_quotes(answer: str, given: Sequence[GivenText]) -> tuple[CheckedQuote, ...]:
    """The quotes of an answer in their order; none where nothing was given to quote from."""
    if not given:
        return ()
    documents = [Document(text.name, text.text) for text in given]
    return tuple(_checked(answer, start, end, given, documents) for start, end in _quotes(answer))


def _quotes(answer: str) -> Iterator[tuple[int, int]]:
    code = [match.span() for match in _CODE.finditer(answer)]
    count = 0
    for match in _QUOTED.finditer(answer):
        start, end = match.span(match.lastindex or 0)
        if any(low < end and start < high for low, high in code):
            continue
        if count < MOST and _is_long(answer[start:end]):
            count += 1
            yield start, end


def _is_long(quote: str) -> bool:
    return len(_WIDE.findall(quote)) >= LEAST_SIGNS or len(quote.split()) >= LEAST_WORDS


def _checked(
    answer: str, start: int, end: int, given: Sequence[GivenText], documents: list[Document]
) -> CheckedQuote:
    quote = _MARKUP.sub("", answer[start:end])
    places = [_found(piece, documents) for piece in pieces_of(quote)]
    if not places or None in places:
        return CheckedQuote(start, end)
    place = places[0]
    assert place is not None
    source = given[place.document].passage
    passage = Passage(source.start + place.start, source.start + place.end, source.document)
    return CheckedQuote(start, end, place.document, passage)


def _found(piece: str, documents: list[Document]) -> Passage | None:
    """The sentence around a quote may have changed its first letter and put a sign at its end."""
    for words in (piece, piece.rstrip(".,;:!?。，；：")):
        for first in (words[:1], words[:1].swapcase()):
            if place := find_quote(first + words[1:], documents):
                return place
    return None
