"""A document as the library searches it: passages of about a paragraph, their sentences, their terms."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable

import msgspec

from engine.retrieval.parts import split_parts
from engine.retrieval.sentences import split_sentences
from engine.text_tools.terms import terms
from engine.types import Document

PASSAGE_CHARACTERS = 800


class CutPassage(msgspec.Struct, frozen=True):
    """`sentences` are offsets in the document; a passage of one sentence has that one."""

    start: int
    end: int
    text: str
    sentences: tuple[tuple[int, int], ...]

    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()


def search_terms(text: str) -> list[str]:
    """In the form that full-text search compares: without accents ("café" is found by "cafe")."""
    if text.isascii():
        return terms(text)
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
    return terms(unicodedata.normalize("NFC", bare))


def cut(document: Document, look: Callable[[], None]) -> list[CutPassage]:
    """All of a document's text, each sentence in one passage; `look` may raise to stop."""

    def count(text: str) -> int:
        look()
        return len(text)

    text = document.text
    parts = split_parts(text, split_sentences(text), count, PASSAGE_CHARACTERS, stable=True)
    return [
        CutPassage(part.start, part.end, text[part.start : part.end], part.sentences)
        for part in parts
    ]
