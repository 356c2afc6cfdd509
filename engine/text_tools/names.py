"""What may be a name, by spelling alone: runs of capitalized words, with what joins them.

A guess made to be judged afterwards: it prefers one candidate too many. It does not know what a name
means, and it finds nothing in scripts without capitals (Chinese, Arabic …).
"""

from __future__ import annotations

import re

_WORD = re.compile(r"\w(?:[\w’'&./-]*\w)?")
_JOINERS = frozenset(
    "of de del della di da la le van von der den bin ibn al el".split()  # noqa: SIM905
)
_GAPS = frozenset((" ", ". ", " & ", "\n"))
_DOTTED = frozenset(["inc", "ltd", "corp", "co", "jr", "sr", "st"])  # the dot is part of the name
_POSSESSIVES = ("'s", "’s", "'", "’")
MAX_WORDS = 8

# Words that are capitalized for their place in a sentence, or that English always capitalizes.
_COMMON = frozenset(
    """
    a an the i i'm i've i'll i'd you he she it it's we they this that these those my your his
    her its our their and or but nor if when while as at by for from in into of on onto to
    toward with without within is are was were be been do does did have has had not no yes so
    then there here what who whom whose why how where which after before since because
    although though however also just please thanks thank hello hi dear all any some many much
    most more one two three four five six seven eight nine ten first second third last next
    new old good great best every each both few other another such only even still yet again
    once never always often well now today yesterday tomorrow tonight let can could will would
    shall should may might must am pm ok okay mr mrs ms miss dr prof sir monday tuesday
    wednesday thursday friday saturday sunday january february march april june july august
    september october november december during under over between through about above below
    against despite according meanwhile instead therefore thus hence moreover furthermore
    perhaps maybe while whether unlike like see note chapter section figure table page part
    """.split()  # noqa: SIM905
)


def candidate_names(text: str) -> list[tuple[int, int]]:
    """Offsets of the candidates in `text`, in order, not overlapping."""
    words = list(_WORD.finditer(text))
    found, index = [], 0
    while index < len(words):
        if not _begins_here(words, index, text):
            index += 1
            continue
        last = _run_end(text, words, index)
        start, end = words[index].start(), _name_end(text, words[last])
        if end - start > 1:
            found.append((start, end))
        index = last + 1
    return found


def has_capitals(text: str) -> bool:
    """Whether the script of `text` tells names by capitals at all: mostly letters with case."""
    cased = sum(1 for char in text if char.lower() != char.upper())
    return cased * 2 > sum(1 for char in text if char.isalpha())


def _is_capitalized(word: str) -> bool:
    return word[0].isupper() and any(char.isalpha() for char in word)


def _has_article(word: str) -> bool:
    """ "al-Faisal", "el-Baradei": capitalized behind a short article."""
    article, _, rest = word.partition("-")
    return article in ("al", "el", "ben", "bin") and rest[:1].isupper()


def _may_begin(word: str) -> bool:
    return _is_capitalized(word) and word.lower() not in _COMMON


def _begins_here(words: list[re.Match[str]], index: int, text: str) -> bool:
    """A capitalized word; also "New" and the like when another capitalized word follows."""
    word = words[index].group()
    if _may_begin(word):
        return True
    if word not in ("New", "Great", "First", "Second"):
        return False
    following = words[index + 1 : index + 2]
    return bool(
        following
        and _may_begin(following[0].group())
        and text[words[index].end() : following[0].start()] == " "
    )


def _run_end(text: str, words: list[re.Match[str]], first: int) -> int:
    """Index of the last word of the name that begins at `first`."""
    last = index = first
    while index + 1 < len(words) and index + 1 - first < MAX_WORDS:
        word, following = words[index].group(), words[index + 1].group()
        gap = text[words[index].end() : words[index + 1].start()]
        if gap not in _GAPS or (gap == ". " and len(word) > 2):
            break
        if gap == " & " and index > first:
            break  # "Ken Rice & Kevin Hannon" are two, "Lopez & Ceron" may be one
        if word.endswith(_POSSESSIVES[:2]):
            break
        if (_is_capitalized(following) and following != "I") or _has_article(following):
            last = index + 1
        elif following.isdigit() and index == last and len(following) <= 4 and gap == " ":
            last = index + 1  # "Windows 11"
        elif following.lower() not in _JOINERS or gap != " ":
            break
        index += 1
    return last


def _name_end(text: str, word: re.Match[str]) -> int:
    """Without a possessive, with the dot of an abbreviation ("U.S.", "Inc.")."""
    end = word.end()
    for ending in _POSSESSIVES:
        if text[:end].endswith(ending) and end - len(ending) > word.start():
            return end - len(ending)
    is_short = word.group().lower() in _DOTTED or "." in word.group()
    return end + 1 if is_short and text[end : end + 1] == "." else end
