"""How a word is written, which an uncased encoder cannot see: capitals tell names.

Shapes as in Collobert et al., "Natural Language Processing (Almost) from Scratch" (2011), section 3.2.
"""

from __future__ import annotations

from collections.abc import Sequence

NONE, LOWER, TITLE, UPPER, LETTER, MIXED, DIGITS, WITH_DIGITS, SIGN, OTHER = range(10)
CONTINUED = 10  # added for the later pieces of a word
GLUED = 20  # added where no space stands before the word: "@" in "me@home" is not that of "@home"
SHAPES = 40


def shape_of(word: str) -> int:
    """Of a word as the tokenizer splits text: letters and digits, or a single sign."""
    if not word:
        return NONE
    if word.isdigit():
        return DIGITS
    if not any(character.isalnum() for character in word):
        return SIGN
    if any(character.isdigit() for character in word):
        return WITH_DIGITS
    if word.islower():
        return LOWER
    if word.isupper():
        return LETTER if len(word) == 1 else UPPER
    if word[0].isupper() and word[1:].islower():
        return TITLE
    # Scripts without capitals are neither.
    return MIXED if any(character.isupper() for character in word) else OTHER


def shapes_of(
    words: Sequence[str], is_glued: Sequence[bool], word_of_piece: Sequence[int]
) -> list[int]:
    """The shape of each piece, `word_of_piece` in ascending order."""
    known = [
        shape_of(word) + (GLUED if glued else 0)
        for word, glued in zip(words, is_glued, strict=True)
    ]
    return [
        known[word] + (CONTINUED if at and word_of_piece[at - 1] == word else 0)
        for at, word in enumerate(word_of_piece)
    ]
