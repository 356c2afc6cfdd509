"""Splits a text into sentences with exact character offsets.

Small own rules, and why: pySBD is slow and not linear in the text's length, Punkt needs a model
per language, BlingFire counts in bytes and has no wheel for every platform Carrel runs on. These
rules know English abbreviations (and a few German and French ones), initials, decimals, quotations
and East Asian punctuation; they know no grammar. Each character is looked at a bounded number of
times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.retrieval.lines import split_blocks

MAX_SENTENCE_CHARACTERS = 2_000
_END = re.compile(
    "(?P<wide>[。！？；｡]+[”’」』）】》〉\"')\\]]*)|(?P<narrow>[.!?…؟۔।]+[\"'”’»）)\\]}]*)"
)
_WORD = re.compile(r"[^\W_]+")
_OPENERS = "\"'“‘«»„‚([{¿¡「『（【《*_`"
_CLAUSE = re.compile(r"[,;:，、；：—–](?=\s)|[，、；：]|\s")
_SMALL_START = re.compile(r"[a-z]{3}[.!?] [a-z]")
_LARGE_START = re.compile(r"[a-z]{3}[.!?] [A-Z]")
_MAX_WORD = 24


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# After these a sentence never ends: something must follow.
_NEVER_LAST = _words("""
    mr mrs ms dr prof st mt gen col lt sgt capt cmdr maj rev hon gov sen rep pres messrs mme mlle m
    vs v e.g i.e cf viz fig figs eq eqs sec secs ch vol vols pp approx ca dept est ex ed eds trans
    bzw z.b d.h u.a o.ä vgl abb tab nr bspw ggf evtl sog inkl zzgl hr fr frl dipl art aufl bd hrsg
    p.ex
""")
# After these it may: only if the next word is one that sentences like to begin with.
_MAY_BE_LAST = _words("""
    etc inc ltd co corp al jr sr bros llc plc usw ff jan feb mar apr jun jul aug sep sept oct nov
    dec mon tue wed thu fri sat sun min max avg no nos op cit ibid a.m p.m u.s u.k u.n ph.d
""")
_STARTERS = _words("""
    the a an in on at for as if when while after before since although because but and or so yet
    however moreover therefore thus then there here this that these those it its he she they we i
    you his her their our my what who why how where is are was were do does did not no yes to from
    with by many some most all each both der die das ein eine es er sie wir ich im am und aber
    le la les un une il elle nous
""")
_GERMAN_MONTHS = _words("""
    januar februar märz april mai juni juli august september oktober november dezember
""")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence: trimmed, not empty, in order, not overlapping.

    Together they hold every character that is not white space.
    """
    is_casual = _begins_in_lower_case(text)
    return [
        piece
        for start, end in split_blocks(text)
        for sentence in _split_block(text, start, end, is_casual)
        for piece in _split_long(text, *sentence)
    ]


def _begins_in_lower_case(text: str) -> bool:
    """Chats and quick notes: most of what follows a full stop begins with a small letter."""
    small = sum(1 for _ in _SMALL_START.finditer(text))
    return small > 1 and small > sum(1 for _ in _LARGE_START.finditer(text))


def _split_block(text: str, start: int, end: int, is_casual: bool) -> Iterator[tuple[int, int]]:
    first = start
    for match in _END.finditer(text, start, end):
        if _is_boundary(text, match, start, end, is_casual):
            trimmed = trim(text, first, match.end())
            if trimmed[0] < trimmed[1]:
                yield trimmed
            first = match.end()
    trimmed = trim(text, first, end)
    if trimmed[0] < trimmed[1]:
        yield trimmed


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without white space around it."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_boundary(
    text: str, match: re.Match[str], block_start: int, block_end: int, is_casual: bool
) -> bool:
    end = match.end()
    if match["wide"] or end >= block_end:
        return True
    following = text[end]
    if not following.isspace():  # a decimal, a URL, "3.a" - or East Asian text after "!"
        return match[0][0] in "!?؟" and "\u2e80" <= following <= "\u9fff"
    word = _next_word(text, end, block_end)
    if word[:1].islower() and not is_casual:
        return False
    if match[0][0] != "." or match[0].startswith(".."):
        return True
    return _dot_ends(_word_before(text, match.start(), block_start), word, text, match, block_start)


def _dot_ends(before: str, word: str, text: str, match: re.Match[str], block_start: int) -> bool:
    """A single dot after `before`, and then `word`."""
    lowered = before.lower()
    starts = word.lower() in _STARTERS
    if before.isdigit():
        begins = _is_near_start(text, match.start() - len(before), block_start)
        return not (begins or word.lower() in _GERMAN_MONTHS)
    if lowered in ("no", "nos", "p", "pp", "art", "nr") and word[:1].isdigit():
        return False
    if lowered in ("no", "nos"):
        return True
    if lowered in _NEVER_LAST:
        return False
    if len(before) == 1 and before.isalpha():
        begins = _is_near_start(text, match.start() - 1, block_start)
        return not begins and (starts or not before.isupper())
    is_dotted = "." in before and all(len(piece) < 3 for piece in before.split("."))
    return starts if is_dotted or lowered in _MAY_BE_LAST else True


def _is_near_start(text: str, position: int, block_start: int) -> bool:
    """Nothing but the marks of a list item or a heading before it: it is an item's number."""
    near = position - block_start <= 12
    return near and not text[block_start:position].strip(" \t(#>*-")


def _word_before(text: str, end: int, block_start: int) -> str:
    """The word that a dot follows, with the dots inside it: "e.g", "Dr", "U.S"."""
    start = end
    lowest = max(block_start, end - _MAX_WORD)
    while start > lowest and (text[start - 1].isalnum() or text[start - 1] in ".-"):
        start -= 1
    return text[start:end].strip("-.")


def _next_word(text: str, position: int, block_end: int) -> str:
    """The first word after white space and opening quotes; "" if a symbol comes first."""
    limit = min(block_end, position + 200)
    while position < limit and (text[position].isspace() or text[position] in _OPENERS):
        position += 1
    match = _WORD.match(text, position, min(block_end, position + _MAX_WORD))
    return match[0] if match else ""


def _split_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_SENTENCE_CHARACTERS:
        cut = clause_cut(text, start, start + MAX_SENTENCE_CHARACTERS)
        piece_start, piece_end = trim(text, start, cut)
        yield piece_start, piece_end
        start = trim(text, cut, end)[0]
    if start < end:
        yield start, end


def clause_cut(text: str, start: int, limit: int) -> int:
    """Where to cut before `limit`: after a clause, else at a space, else at `limit`.

    Looks only at the second half, so that each piece is at least half as long as it may be.
    """
    clause = space = 0
    for match in _CLAUSE.finditer(text, (start + limit) // 2, limit):
        if match[0].isspace():
            space = match.end()
        else:
            clause = match.end()
    return clause or space or limit
