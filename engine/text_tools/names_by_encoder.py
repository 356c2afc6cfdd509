"""The names that the built-in encoder finds in a part of a document, as spans of the document."""

from __future__ import annotations

from engine.contracts import AbortFlag, TextEncoder
from engine.language import is_latin
from engine.text_tools.reading import ReadingPart
from engine.types import Document, Span


def names_in(
    encoder: TextEncoder, part: ReadingPart, documents: tuple[Document, ...], abort: AbortFlag
) -> list[Span]:
    """What the encoder finds in sentences of other scripts, which it does not know, is left out."""
    text = documents[part.document].text
    offset = part.part.start
    begins = [start - offset for start, _ in part.part.sentences]
    foreign = [
        (start - offset, end - offset)
        for start, end in part.part.sentences
        if not is_latin(text[start:end])
    ]
    return [
        Span(
            offset + name.start,
            offset + name.end,
            text[offset + name.start : offset + name.end],
            name.label,
            name.score,
            part.document,
            name.alternatives,
        )
        for name in encoder.names(text[offset : part.part.end], abort, begins)
        if not any(start < name.end and name.start < end for start, end in foreign)
    ]
