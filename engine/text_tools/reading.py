"""What the text tools share about reading: documents cut into parts that fit a prompt."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from engine.errors import DocumentNoTextError
from engine.retrieval.parts import Part, split_parts
from engine.retrieval.sentences import split_sentences
from engine.text_tools.base import ToolContext
from engine.types import Document


class ReadingPart(msgspec.Struct, frozen=True):
    """A part of one of the request's documents: what one prompt shows the model."""

    document: int
    part: Part

    def text(self, documents: tuple[Document, ...]) -> str:
        return documents[self.document].text[self.part.start : self.part.end]

    def sentence_texts(self, documents: tuple[Document, ...]) -> list[str]:
        text = documents[self.document].text
        return [text[start:end] for start, end in self.part.sentences]


def reading_parts(
    context: ToolContext, documents: tuple[Document, ...], max_tokens: int, *, stable: bool = False
) -> list[ReadingPart]:
    """Every sentence of every document in exactly one part; `DocumentNoTextError` if there is none.

    A part never takes more than half of the context, so that there is room to answer. `stable` as in
    `split_parts`.
    """

    def count_tokens(text: str) -> int:
        context.abort.raise_if_set()
        return context.model.count_tokens(text)

    limit = max(64, min(max_tokens, context.model.info.n_ctx // 2))
    return _parts(context, documents, count_tokens, limit, stable)


def _parts(
    context: ToolContext,
    documents: tuple[Document, ...],
    count: Callable[[str], int],
    limit: int,
    stable: bool = False,
) -> list[ReadingPart]:
    parts = []
    for index, document in enumerate(documents):
        context.abort.raise_if_set()
        sentences = split_sentences(document.text)
        for part in split_parts(document.text, sentences, count, limit, stable=stable):
            parts.append(ReadingPart(index, part))
    if not parts:
        names = ", ".join(document.name for document in documents) or "The text"
        raise DocumentNoTextError(f"{names} holds no text.", hint="Choose a document with text.")
    return parts


def reading_chunks(
    context: ToolContext, documents: tuple[Document, ...], characters: int
) -> list[ReadingPart]:
    """Like `reading_parts` for who counts no tokens: sentences up to about so many characters."""

    def count(text: str) -> int:
        context.abort.raise_if_set()
        return len(text)

    return _parts(context, documents, count, characters)
