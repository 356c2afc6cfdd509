"""Named entities by the built-in encoder, with how likely each type is for every mention."""

from __future__ import annotations

from collections.abc import Iterator

from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.name_groups import group_names
from engine.text_tools.names_by_encoder import names_in
from engine.text_tools.readers import unread_remarks
from engine.text_tools.reading import reading_chunks
from engine.text_tools.results import EntitiesResult
from engine.types import Coverage, Document, Span

CHUNK = 3_000  # characters of sentences that are read in one step
GROWTH = 1.15  # partial results come so much later each time: they carry all that was found


def found_by_encoder(
    context: ToolContext, documents: tuple[Document, ...]
) -> Iterator[StepProgress | EntitiesResult]:
    parts = reading_chunks(context, documents, CHUNK)
    encoder, remarks = context.encoder, unread_remarks(documents, parts)
    found: list[Span] = []
    told = 0
    for number, part in enumerate(parts, 1):
        yield StepProgress("reading", number - 1, len(parts))
        found += names_in(encoder, part, documents, context.abort)
        if number >= told * GROWTH or number == len(parts):
            told = number
            entities, spans = group_names(found)
            yield EntitiesResult(
                coverage=Coverage(number, len(parts)),
                spans=tuple(spans),
                model_name=encoder.name,
                remarks=remarks,
                entities=entities,
            )
