"""What a chat model is given of attached documents and of the library, and how its prompt shows it.

Attached documents are given whole where they fit beside the conversation; else their passages nearest
to the last question, and so it is with the library. Everything is fenced and goes into the last message
of the user's. It knows no handler and no storage: the library is a function that is passed in.
Worker only (NumPy).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from engine.contracts import AbortFlag
from engine.protocol import LIBRARY_DOCUMENT, GivenText
from engine.retrieval.naming import name_passage
from engine.text_tools.ask_find import Nearest, nearest
from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.fence import RULE, fenced
from engine.text_tools.terms import terms
from engine.types import Document, GenerationParams, Message, Passage, Role

MOST_PASSAGES = 8
ANSWER_SHARE = 4  # of the context that is kept free for the answer at most, one part in four
LEAST_SHARE = 4  # of the context that texts may take where older turns can make room
FEW_TERMS = 4  # a shorter question goes on from the one before: "And when?"
_MARGIN = 64
_HEAD = "Texts to answer from:"


class LibraryPlace(msgspec.Struct, frozen=True):
    """A passage that the library found: of `document`, from `start` to `end`."""

    document: Document
    start: int
    end: int


# The passages nearest to a question, at most so many, the nearest first.
LibrarySearch = Callable[[str, int, AbortFlag], Sequence[LibraryPlace]]
Report = Callable[[str, float, float], None]


def with_texts(
    context: ToolContext,
    messages: Sequence[Message],
    documents: tuple[Document, ...],
    search: LibrarySearch | None,
    params: GenerationParams,
    report: Report,
    *,
    may_push: bool,
) -> tuple[tuple[Message, ...], tuple[GivenText, ...]]:
    """The messages with the texts in the last one of the user's, and what those texts are.

    `may_push`: older turns can be left out to make room. Nothing is given where there is no room.
    """
    last = max((at for at, one in enumerate(messages) if one.role is Role.USER), default=-1)
    has_text = any(one.text.strip() for one in documents)
    if last < 0 or not (has_text or search):
        return tuple(messages), ()
    room = _room(context, messages, params, may_push=may_push)
    whole = tuple(_whole(at, one) for at, one in enumerate(documents) if one.text.strip())
    # More than eight characters to a token never fit, and counting takes its time.
    if search is None and sum(len(one.text) for one in whole) <= room * 8:
        shown = _shown(messages, last, whole)
        if _fits(context, shown, messages, room):
            return shown, whole
    question = _question(messages, last)
    found = _found(context, documents, question, report) if has_text else []
    if search is not None:
        report("searching", 0, 0)
        found += [_of_library(place) for place in search(question, MOST_PASSAGES, context.abort)]
    while found:
        shown = _shown(messages, last, found)
        if _fits(context, shown, messages, room):
            return shown, tuple(found)
        found.pop()
    return tuple(messages), ()


def _room(
    context: ToolContext, messages: Sequence[Message], params: GenerationParams, *, may_push: bool
) -> int:
    """So many tokens may be added to the conversation."""
    n_ctx = context.model.info.n_ctx
    said = context.model.count_prompt_tokens(messages)
    room = n_ctx - min(params.max_tokens, n_ctx // ANSWER_SHARE) - said - _MARGIN
    return max(room, n_ctx // LEAST_SHARE) if may_push else room


def _fits(
    context: ToolContext, shown: Sequence[Message], messages: Sequence[Message], room: int
) -> bool:
    model = context.model
    return model.count_prompt_tokens(shown) - model.count_prompt_tokens(messages) <= room


def _question(messages: Sequence[Message], last: int) -> str:
    """What the last message asks; a short one with what was asked before it."""
    asked = messages[last].content
    if len(terms(asked)) < FEW_TERMS:
        before = [one.content for one in messages[:last] if one.role is Role.USER]
        asked = "\n".join([*before[-1:], asked])
    return asked[:2_000]


def _whole(number: int, document: Document) -> GivenText:
    passage = Passage(0, len(document.text), number)
    return GivenText(document.name, "", document.text, passage, document.path, whole=True)


def _found(
    context: ToolContext, documents: tuple[Document, ...], question: str, report: Report
) -> list[GivenText]:
    found: list[GivenText] = []
    for step in nearest(context, documents, question, MOST_PASSAGES):
        if isinstance(step, StepProgress):
            report(step.stage, step.done, step.total)
        elif isinstance(step, Nearest):
            for place in step.places:
                passage = place.passage
                document = documents[passage.document]
                found.append(_given(document, passage))
    return found


def _of_library(place: LibraryPlace) -> GivenText:
    return _given(place.document, Passage(place.start, place.end, LIBRARY_DOCUMENT))


def _given(document: Document, passage: Passage) -> GivenText:
    return GivenText(
        document.name,
        name_passage(document, passage.start, passage.end),
        document.text[passage.start : passage.end],
        passage,
        document.path,
    )


def _shown(
    messages: Sequence[Message], last: int, given: Sequence[GivenText]
) -> tuple[Message, ...]:
    """The texts before the question: what is asked comes last and weighs most."""
    texts = [
        fenced(one.text, f"{one.name}, {one.place}" if one.place else one.name)
        for one in sorted(
            given, key=lambda one: (one.passage.document, one.name, one.passage.start)
        )
    ]
    asked = messages[last]
    content = "\n\n".join([f"{_HEAD} {RULE}", *texts, asked.content])
    return (
        *messages[:last],
        msgspec.structs.replace(asked, content=content),
        *messages[last + 1 :],
    )
