"""Who reads a text for sentiment and entities: the built-in encoder, or the chat model.

The encoder is fast and measured, but knows its own languages only; a chat model may know others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from engine.errors import LanguageError
from engine.language import is_latin, language_of, name_of
from engine.options import option
from engine.text_tools.base import ToolContext
from engine.text_tools.reading import ReadingPart
from engine.types import Document, ModelInfo

AUTOMATIC, MODEL = "automatic", "model"
READS = frozenset(("en", ""))  # languages of the encoder; "" is too short to tell


def reader_option() -> Any:
    return option(
        AUTOMATIC,
        "Reader",
        "The built-in reader is fast and knows English; in other languages the chat model reads.",
        choices=((AUTOMATIC, "Built-in reader"), (MODEL, "Chat model")),
    )


def language_of_all(documents: tuple[Document, ...]) -> str:
    return language_of("\n".join(document.text[:20_000] for document in documents))


def reads_with_model(context: ToolContext, documents: tuple[Document, ...], reader: str) -> bool:
    """Whether the chat model has to read; `LanguageError` if neither knows the language."""
    if reader == MODEL:
        return True
    language = language_of_all(documents)
    if language in READS:
        return False
    if not knows(context.model.info, language):
        raise not_covered(language, context.model.info.name)
    return True


def unread_remarks(
    documents: tuple[Document, ...], parts: Sequence[ReadingPart]
) -> tuple[str, ...]:
    """What the encoder leaves out: sentences in other letters than Latin ones."""
    unread = sum(
        not is_latin(text) and any(character.isalpha() for character in text)
        for part in parts
        for text in part.sentence_texts(documents)
    )
    if not unread:
        return ()
    return (f"{unread} sentence(s) in other scripts were not read: the reader knows English only.",)


def not_covered(language: str, model_name: str = "") -> LanguageError:
    others = f", and {model_name} does not know it either" if model_name else ""
    return LanguageError(
        f"This text is in {name_of(language)}. The built-in reader knows English only{others}."
    )


def knows(info: ModelInfo, language: str) -> bool:
    """What a model says of itself; one that says nothing may know any language."""
    told = re.findall(r"[a-z]+", info.metadata.get("general.languages", "").lower())
    return not told or language in told


def language_remarks(context: ToolContext, documents: tuple[Document, ...]) -> tuple[str, ...]:
    """A warning where the model says that it does not know the language of the text."""
    language, info = language_of_all(documents), context.model.info
    if not language or knows(info, language):
        return ()
    return (
        f"{info.name} does not know {name_of(language)}: what it says of this text is guesswork.",
    )
