"""Checks a quote against documents, character by character, and gives the place where it stands.

Only what printing changes may differ: white space, line breaks and the hyphens they bring, soft
hyphens, and the form of quotation marks, apostrophes and dashes. A changed, missing or added letter,
digit or other sign is another text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from engine.types import Document, Passage

LONGEST = 4_000  # characters of a quote
_SPACE = re.compile(r"\s+")
_BROKEN = re.compile(r"[-\u2010]\s*\n\s*")
_OMITTED = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3})\s*")
_SIGNS = (
    '"“”„‟«»″「」『』＂',
    "'’‘‚‛′‹›＇`",
    "-\u2010\u2011\u2012–—−",
)
_AROUND = "\"“”„«»「」『』'’‘‚‹› \t\n>"
_WIDE = "\u2e80-\u9fff\uf900-\ufaff"  # scripts without spaces: a quote may begin anywhere
_EDGE = f"[^\\W_{_WIDE}]"
_NEW_LINE = "(?:[^\\S\n]*\n\\s*)?"
_BREAK = "(?:\u00ad|[-\u2010][^\\S\n]*\n\\s*)?"  # what a line's end may put into a word


def find_quote(
    quote: str, documents: Sequence[Document], prefer: Iterable[Passage] = ()
) -> Passage | None:
    """Where `quote` stands, in one of the passages of `prefer` if it can; None if nowhere."""
    pattern = _pattern(quote)
    if pattern is None:
        return None
    for place in prefer:
        text = documents[place.document].text
        if match := pattern.search(text, place.start, place.end):
            return Passage(match.start(), match.end(), place.document)
    for number, document in enumerate(documents):
        if match := pattern.search(document.text):
            return Passage(match.start(), match.end(), number)
    return None


def pieces_of(quote: str) -> list[str]:
    """The quote without marks around it, in pieces where something was left out ("…")."""
    pieces = (piece.strip(_AROUND) for piece in _OMITTED.split(quote.strip()))
    return [piece for piece in pieces if piece]


@functools.lru_cache(64)
def _pattern(quote: str) -> re.Pattern[str] | None:
    quote = _SPACE.sub(" ", _BROKEN.sub("\ue000", quote.replace("\u00ad", ""))).strip()
    if not quote or len(quote) > LONGEST or not any(char.isalnum() for char in quote):
        return None
    parts = []
    for before, char, following in zip(["", *quote[:-1]], quote, [*quote[1:], ""], strict=True):
        if char == " ":  # between Chinese characters a line's end is no space
            parts.append(r"\s*" if _is_wide(before) and _is_wide(following) else r"\s+")
        elif char == "\ue000":  # broken at a line's end: the hyphen may be the word's own
            parts.append("(?:[-\u2010]|\u00ad)?\\s*")
        elif char.isalnum():
            parts.append(re.escape(char))
            if following and (_is_wide(char) or _is_wide(following)):
                parts.append(_NEW_LINE)
            elif following.isalpha():
                parts.append(_BREAK)
        else:
            signs = next((signs for signs in _SIGNS if char in signs), "")
            parts.append(f"[{re.escape(signs)}]" if signs else re.escape(char))
            if (char in _SIGNS[2] and following.isalnum()) or (
                _is_wide(char) and _is_wide(following)
            ):
                parts.append(_NEW_LINE)
    return re.compile(_before(quote[0]) + "".join(parts) + _after(quote[-1]))


def _is_wide(char: str) -> bool:
    return re.match(f"[{_WIDE}\u3000-\u303f\uff00-\uffef]", char) is not None


def _before(char: str) -> str:
    """No part of a longer word, and of no longer number: "4.2" does not stand in "14.2"."""
    if not re.match(_EDGE, char):
        return ""
    return f"(?<!{_EDGE})" + (r"(?<!\d[.,])" if char.isdigit() else "")


def _after(char: str) -> str:
    if not re.match(_EDGE, char):
        return ""
    return f"(?!{_EDGE})" + (r"(?![.,]\d)" if char.isdigit() else "")
