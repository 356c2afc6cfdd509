"""Entities of types that the user names ("drug, side effect"), listed by the chat model."""

from __future__ import annotations

import json
from collections.abc import Iterator

from engine.errors import BadRequestError
from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.fence import RULE, fenced
from engine.text_tools.listing import free_places, listed_names
from engine.text_tools.name_groups import group_names
from engine.text_tools.readers import language_remarks
from engine.text_tools.reading import reading_parts
from engine.text_tools.results import EntitiesResult
from engine.types import Coverage, Document, Message, Role, Span

PART_TOKENS = 128
MOST_TYPES, LONGEST_TYPE = 12, 40

_TASK = (
    "List what the text mentions of these kinds: {types}. Copy each word for word from the text,"
    ' as JSON: {{"names": [{{"text": ..., "kind": ...}}]}}. List nothing that the text does not have.'
)


def types_of(text: str) -> tuple[str, ...]:
    """The types in a comma-separated list; `BadRequestError` for too many or too long ones."""
    types = tuple(dict.fromkeys(" ".join(part.split()) for part in text.split(",") if part.strip()))
    if len(types) > MOST_TYPES or any(len(name) > LONGEST_TYPE for name in types):
        raise BadRequestError(
            f"At most {MOST_TYPES} types of at most {LONGEST_TYPE} characters can be looked for.",
            hint="Name fewer types, separated by commas.",
        )
    return types


def found_by_types(
    context: ToolContext, documents: tuple[Document, ...], types: tuple[str, ...]
) -> Iterator[StepProgress | EntitiesResult]:
    parts = reading_parts(context, documents, PART_TOKENS)
    remarks = language_remarks(context, documents)
    found: list[Span] = []
    for number, part in enumerate(parts, 1):
        yield StepProgress("reading", number - 1, len(parts))
        text, offset = part.text(documents), part.part.start
        listed = listed_names(context, _messages(types, text), types)
        taken: list[tuple[int, int]] = []
        for entry in listed:
            name = entry.text.strip()
            found += [
                Span(offset + start, offset + end, name, entry.kind, None, part.document)
                for start, end in free_places(text, name, taken)
            ]
        entities, spans = group_names(found)
        yield EntitiesResult(
            coverage=Coverage(number, len(parts)),
            spans=tuple(spans),
            model_name=context.model.info.name,
            remarks=remarks,
            entities=entities,
        )


def _messages(types: tuple[str, ...], text: str) -> list[Message]:
    task = _TASK.format(types=", ".join(json.dumps(name, ensure_ascii=False) for name in types))
    return [Message(Role.SYSTEM, f"{task} {RULE}"), Message(Role.USER, fenced(text))]
