"""Stretches of a sentence that may be the answer to a question, by their form alone.

Numbers and dates with their units, quoted words, names, runs of words between function words ("noun
chunks" as far as spelling tells them), and clauses. One too many rather than one too few: `ranking`
judges them. Text without spaces between words (Chinese, Japanese …) is cut at its punctuation and
function characters. It knows English function words, and those of German and French a little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from engine.text_tools.names import candidate_names
from engine.text_tools.numerals import MONTHS, is_date, is_numeric

MOST_WORDS = 9  # of a chunk
MOST_CLAUSE_WORDS = 22

_WORD = re.compile(r"\d+(?:[.,:/]\d+)+(?:[-'’][^\W_]+)*%?|[^\W_]+(?:[-'’./&][^\W_]+)*%?|\S")
_NUMERIC_JOINS = frozenset(
    ("to", "and", "-", "–", "—", ",", "%", "$", "€", "£", "of", "or", "percent")
)
_UNITS = frozenset(
    ("%", "percent", "°", "°c", "°f", "km", "m", "kg", "ft", "bc", "ad", "bce", "ce")
)
# Words that no noun chunk holds; what stands between two of them is one.
BREAKERS = frozenset(
    """
    a an the this that these those is are was were be been being am has have had having do does did
    will would shall should may might must can could not and or but nor so yet if when while as at by
    for from in into of on onto to toward towards with without within during under over between through
    about above below against despite according because since until after before although though
    however which who whom whose what where why how than then there here it its he him his she her they
    them their we us our you your i my also only both either neither each such some any all more most
    other others another same very just even still already often usually sometimes never always
    became become becomes called known used using made include included including includes whether
    per via upon among amongst across along around near off out up down back away
    der die das den dem des ein eine einen einem einer eines und oder aber ist sind war waren wird
    wurde wurden hat haben hatte mit von zu zum zur im in am an auf aus bei nach vor für durch über
    unter als wie dass weil wenn sich nicht auch es er sie wir ihr
    le la les un une des du de et ou mais est sont était étaient a ont avec dans sur pour par que qui
    """.split()  # noqa: SIM905
)
_JOINS = frozenset("of and or for in the to with on a".split())  # noqa: SIM905
_LEADS = frozenset("the a an its his her their this these those".split())  # noqa: SIM905
_CLAUSE_STARTS = frozenset(
    "because to by for that through when where if due so from in as with using since until".split()  # noqa: SIM905
)
_QUOTED = re.compile('["“„«「『《]([^"“”„«»「」『』《》\n]{2,80})["”“»」』》]')
_STOPS = frozenset(',;:()[]{}—–"“”„«»|…!?。，、；：！？（）「」『』《》')
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_WIDE_BREAK = re.compile(
    "[，。、；：！？（）「」『』“”《》\\s]|[的是在和与了于被为由从到及或也而但将把对以]|位于|成为|因为|所以"
)
_WIDE_NUMBER = re.compile(
    "[0-9０-９一二三四五六七八九十百千万亿.,%％]+(?:年|月|日|个|人|次|岁|%|％|英里|公里|米|英尺|美元|万|亿)*"
)


_Add = Callable[..., None]


class AnswerSpan(msgspec.Struct, frozen=True):
    """`kind`: number, date, name, quoted, chunk, piece (a part of a chunk) or clause; `label` is the
    type of a name, "" otherwise."""

    start: int
    end: int
    kind: str
    label: str = ""


class _Word(msgspec.Struct, frozen=True):
    start: int
    end: int
    text: str

    @property
    def low(self) -> str:
        return self.text.lower()


def answer_spans(
    text: str, start: int, end: int, names: Iterable[tuple[int, int, str]] = ()
) -> list[AnswerSpan]:
    """Of the sentence `text[start:end]`; `names` are known names anywhere in `text`, with types.

    Each stretch once, with its most telling kind.
    """
    found: dict[tuple[int, int], AnswerSpan] = {}

    def add(first: int, last: int, kind: str, label: str = "") -> None:
        if start <= first < last <= end:
            found.setdefault((first, last), AnswerSpan(first, last, kind, label))

    sentence = text[start:end]
    for first, last, label in names:
        add(first, _name_end(text, first, last), "name", label)
    for match in _QUOTED.finditer(sentence):
        add(start + match.start(1), start + match.end(1), "quoted")
    if len(_WIDE.findall(sentence)) * 3 > len(sentence):
        _add_wide(sentence, start, add)
        return list(found.values())
    words = [_Word(start + m.start(), start + m.end(), m[0]) for m in _WORD.finditer(sentence)]
    _add_numbers(text, words, add)
    for first, last in candidate_names(sentence):
        add(start + first, start + last, "name")
    _add_chunks(words, add)
    _add_clauses(words, add)
    return list(found.values())


def _name_end(text: str, first: int, last: int) -> int:
    """Without small words at its end, which a reader of English takes in with a German name."""
    words = text[first:last].split(" ")
    while len(words) > 1 and words[-1].islower() and words[0][:1].isupper():
        last -= len(words.pop()) + 1
    return last


def _add_numbers(text: str, words: Sequence[_Word], add: _Add) -> None:
    index = 0
    while index < len(words):
        if not (is_numeric(words[index].text) or words[index].low in MONTHS):
            index += 1
            continue
        first = last = index
        while last + 1 < len(words):
            following = words[last + 1]
            if is_numeric(following.text) or following.low in MONTHS or following.low in _UNITS:
                last += 1
            elif (
                following.low in _NUMERIC_JOINS
                and last + 2 < len(words)
                and (is_numeric(words[last + 2].text) or words[last + 2].low in MONTHS)
            ):
                last += 2
            else:
                break
        begin = first
        while begin > 0 and words[begin - 1].text in "$€£~≈":
            begin -= 1
        stretch = text[words[begin].start : words[last].end]
        kind = "date" if is_date(stretch) else "number"
        add(words[begin].start, words[last].end, kind)
        for one in range(first, last + 1):  # each number of "from 1870 to 1939" by itself
            if is_numeric(words[one].text) and last > first:
                word = words[one]
                add(word.start, word.end, "date" if is_date(word.text) else "number")
        units = () if kind == "date" else (1, 2, 3)  # "88 tackles", "15 million square miles"
        for until in (last + extra for extra in units):
            if until >= len(words) or words[until].text in _STOPS or words[until].low in BREAKERS:
                break
            if not words[until].text[0].islower():
                break
            add(words[begin].start, words[until].end, "number")
        index = last + 1


def _runs(words: Sequence[_Word]) -> list[tuple[int, int]]:
    """Index ranges of words between function words and punctuation."""
    runs: list[tuple[int, int]] = []
    first: int | None = None
    for index, word in enumerate(words):
        breaks = word.low in BREAKERS or word.text in _STOPS or not word.text[0].isalnum()
        if breaks:
            if first is not None:
                runs.append((first, index))
                first = None
        elif first is None:
            first = index
    if first is not None:
        runs.append((first, len(words)))
    return runs


def _add_chunks(words: Sequence[_Word], add: _Add) -> None:
    runs = _runs(words)
    for first, last in runs:
        if last - first <= MOST_WORDS:
            add(words[first].start, words[last - 1].end, "chunk")
            if first and words[first - 1].low in _LEADS:
                add(words[first - 1].start, words[last - 1].end, "chunk")
    for number, (first, last) in enumerate(runs):
        until = last
        for following, after in runs[number + 1 : number + 3]:  # "A of B", "A and the B", "A in B"
            between = words[until:following]
            if not _joins(between, words[first], words[following]):
                break
            until = after
            if until - first > MOST_WORDS + 3:
                break
            add(words[first].start, words[until - 1].end, "chunk")
            if first and words[first - 1].low in _LEADS:
                add(words[first - 1].start, words[until - 1].end, "chunk")
            for begin in range(max(first + 1, last - 3), last):  # without leading words
                add(words[begin].start, words[until - 1].end, "piece")
    for first, last in runs:
        _add_pieces(words, first, last, add)


def _joins(between: Sequence[_Word], before: _Word, behind: _Word) -> bool:
    """Whether two runs with these words between them may be one answer."""
    if len(between) > 2 or any(word.text in _STOPS - {","} for word in between):
        return False
    if between and between[0].text == ",":  # "Springfield, Ohio"
        return before.text[0].isupper() and behind.text[0].isupper()
    return not between or between[0].low in _JOINS


def _add_pieces(words: Sequence[_Word], first: int, last: int, add: _Add) -> None:
    """What remains of a run without some of its first or last words."""
    for size in (1, 2, 3, 4):
        for begin in range(first, last - size + 1):
            add(words[begin].start, words[begin + size - 1].end, "piece")


def _add_clauses(words: Sequence[_Word], add: _Add) -> None:
    """From a conjunction or a comma to the next punctuation."""
    begins = [0]
    for index, word in enumerate(words):
        if word.text in _STOPS and index + 1 < len(words):
            begins.append(index + 1)
        elif word.low in _CLAUSE_STARTS:
            begins.append(index)
            if index + 1 < len(words):
                begins.append(index + 1)
    for begin in begins:
        ends = 0
        for index in range(begin, min(len(words), begin + MOST_CLAUSE_WORDS)):
            at_end = index + 1 == len(words) or words[index + 1].text in _STOPS | {"."}
            before = not at_end and words[index + 1].low in (
                "and",
                "which",
                "who",
                "but",
                "because",
                "when",
            )
            if (at_end or before) and index > begin and words[index].text[0].isalnum():
                add(words[begin].start, words[index].end, "clause")
                ends += 1
                if ends == 3:
                    break


def _add_wide(sentence: str, offset: int, add: _Add) -> None:
    for match in _WIDE_NUMBER.finditer(sentence):
        kind = "date" if re.search("[年月日]", match[0]) else "number"
        add(offset + match.start(), offset + match.end(), kind)
        bare = re.match(r"[0-9０-９一二三四五六七八九十百千万亿.,%％]+", match[0])
        if bare:
            add(offset + match.start(), offset + match.start() + bare.end(), "number")
    cuts = sorted(
        {0, len(sentence), *(c for m in _WIDE_BREAK.finditer(sentence) for c in m.span())}
    )
    for at, first in enumerate(cuts):
        for last in cuts[at + 1 : at + 6]:
            piece = sentence[first:last]
            if 1 <= last - first <= 30 and not _WIDE_BREAK.fullmatch(piece):
                if (
                    piece[0] in "，。、；：！？）」』”》 "
                    or piece[-1] in "，。、；：！？（「『“《 "
                ):
                    continue
                add(offset + first, offset + last, "chunk" if last - first <= 14 else "clause")
