"""Names that the chat model lists freely, under a JSON schema; only what the text has is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec

from engine.contracts import GenerationEnd
from engine.text_tools.base import ToolContext
from engine.types import GenerationParams, Message

MAX_LISTED = 12  # names in one answer


class Listed(msgspec.Struct):
    text: str
    kind: str


class _Listing(msgspec.Struct):
    names: list[Listed] = []


def listed_names(
    context: ToolContext, messages: Sequence[Message], kinds: Collection[str]
) -> Sequence[Listed]:
    """The names of these kinds; none if the answer was cut off before it was whole."""
    item = {
        "type": "object",
        "properties": {"text": {"type": "string"}, "kind": {"enum": list(kinds)}},
        "required": ["text", "kind"],
    }
    schema = {
        "type": "object",
        "properties": {"names": {"type": "array", "items": item, "maxItems": MAX_LISTED}},
        "required": ["names"],
    }
    params = GenerationParams(
        max_tokens=512, temperature=0.0, repeat_penalty=1.0, json_schema=schema
    )
    pieces = []
    for piece in context.model.stream(messages, params, context.abort):
        if isinstance(piece, GenerationEnd):
            context.usage += piece.usage
        else:
            pieces.append(piece.text)
    context.abort.raise_if_set()
    try:
        return msgspec.json.decode("".join(pieces), type=_Listing).names
    except (msgspec.DecodeError, UnicodeError):
        return ()


def free_places(text: str, name: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where `name` stands and nothing is `taken` yet; then it is."""
    at = text.find(name) if name else -1
    while at >= 0:
        start, end = at, at + len(name)
        if all(end <= low or start >= high for low, high in taken):
            taken.append((start, end))
            yield start, end
        at = text.find(name, end)
