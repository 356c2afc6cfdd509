"""What a chat model is shown of documents for a question: all if they fit, else the best passages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from engine.contracts import LanguageModel
from engine.retrieval.naming import name_passage
from engine.types import Document, Message, Passage

MOST_CHARACTERS_A_TOKEN = 8  # a longer text never fits, and counting its tokens takes its time

Compose = Callable[[Sequence[tuple[str, str]]], list[Message]]


class ShownPrompt(msgspec.Struct, frozen=True):
    """`given` is what `messages` show; `whole` says that it is all that there is."""

    messages: list[Message]
    given: tuple[Passage, ...]
    whole: bool


def shown_prompt(
    model: LanguageModel,
    documents: Sequence[Document],
    places: Sequence[Passage],
    compose: Compose,
    room: int,
) -> ShownPrompt:
    """The prompt that `compose` makes of (name, text) pairs, in at most `room` tokens if it can be.

    `places` are the passages to take where the documents are too long, the best first.
    """
    everything = tuple(
        Passage(0, len(document.text), number)
        for number, document in enumerate(documents)
        if document.text.strip()
    )
    if sum(place.end for place in everything) <= room * MOST_CHARACTERS_A_TOKEN:
        prompt = compose([(documents[p.document].name, _text(documents, p)) for p in everything])
        if model.count_prompt_tokens(prompt) <= room:
            return ShownPrompt(prompt, everything, True)
    given = list(places)
    while True:
        in_order = sorted(given, key=lambda place: (place.document, place.start))
        prompt = compose([(_name(documents, p), _text(documents, p)) for p in in_order])
        if len(given) == 1 or model.count_prompt_tokens(prompt) <= room:
            return ShownPrompt(prompt, tuple(given), False)
        given.pop()


def _text(documents: Sequence[Document], place: Passage) -> str:
    return documents[place.document].text[place.start : place.end]


def _name(documents: Sequence[Document], place: Passage) -> str:
    document = documents[place.document]
    return f"{document.name}, {name_passage(document, place.start, place.end)}"
