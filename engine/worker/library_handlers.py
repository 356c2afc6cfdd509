"""The handlers of the library's requests; see `handlers` for what a handler is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from engine.contracts import AbortFlag
from engine.documents.apart.readers import ReadError
from engine.errors import AbortedError, DocumentNoTextError
from engine.options import filled
from engine.protocol import (
    AskLibrary,
    ChangeLibrary,
    FindDocuments,
    FoundDocuments,
    LibraryAnswer,
    LibraryHits,
    LookAtLibrary,
    ReadDocument,
    ReadFromLibrary,
    RequestFinished,
    SearchLibrary,
    TerminalEvent,
    TextToolOutcome,
    UpdateLibrary,
)
from engine.text_tools.ask import Ask, AskOptions
from engine.text_tools.base import StepProgress, ToolContext
from engine.types import Document, FinishReason, ModelInfo, Passage
from engine.worker.brief import brief
from engine.worker.models import ModelHolder
from engine.worker.outbox import Outbox

if TYPE_CHECKING:
    from engine.text_tools.given_texts import LibrarySearch
    from engine.text_tools.results import AnswerResult

PASSAGES_FOR_AN_ANSWER = 8
_LONGEST_PAUSE = 5.0  # seconds between two pieces of indexing while somebody works with a model
_LOOK_SECONDS = 0.05


def look_at_library(
    request: LookAtLibrary, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    return _finished(request.request_id, models.library.info())


def change_library(
    request: ChangeLibrary, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    library = models.library
    if request.forget_all:
        library.forget()
    if request.remove:
        library.remove(request.remove)
    if request.add:
        library.add(request.add)
    return _finished(request.request_id, library.info())


def update_library(
    request: UpdateLibrary, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    readers = models.document_readers

    def find(source: str) -> tuple[str, ...]:
        asked = FindDocuments(request.request_id, (source,))
        found = msgspec.convert(readers.ask(asked, abort), FoundDocuments)
        for refused in found.refused:
            if refused.error.code != DocumentNoTextError.code:  # a folder may be empty by now
                raise ReadError(refused.error)
        return found.paths

    def read(path: str) -> Document:
        return msgspec.convert(readers.ask(ReadDocument(request.request_id, path), abort), Document)

    def give_way() -> None:
        end = time.monotonic() + _LONGEST_PAUSE  # whole nights of other work shall not stop it
        while models.in_use and time.monotonic() < end:
            abort.raise_if_set()
            time.sleep(_LOOK_SECONDS)

    reason = FinishReason.STOP
    try:
        abort.raise_if_set()
        for step in models.library.update(
            models.text_encoder, find, read, abort, give_way, request.retry
        ):
            outbox.progress("indexing", step.done, step.total)
    except AbortedError:
        reason = FinishReason.ABORT  # what was indexed so far stays
    result = msgspec.to_builtins(models.library.info())
    return RequestFinished(request.request_id, reason, result=result)


def search_library(
    request: SearchLibrary, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    hits = models.library.search(
        models.text_encoder(), request.query, request.count, abort, request.documents
    )
    return _finished(request.request_id, LibraryHits(hits))


def read_from_library(
    request: ReadFromLibrary, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    return _finished(request.request_id, models.library.document(request.document))


def ask_library(
    request: AskLibrary, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    from engine.text_tools.ask_run import answer

    options = filled(AskOptions, {**request.options, "question": request.question})
    started, library = time.monotonic(), models.library
    outbox.progress("searching", 0, 0)
    hits = library.search(
        *(models.text_encoder(), request.question, PASSAGES_FOR_AN_ANSWER, abort),
        request.documents,
    )
    numbers = list(dict.fromkeys(hit.document for hit in hits))
    documents = tuple(library.document(number) for number in numbers)
    passages = [Passage(hit.start, hit.end, numbers.index(hit.document)) for hit in hits]
    result: AnswerResult | None = None
    reason, made_by = FinishReason.STOP, None

    def answered() -> LibraryAnswer:
        seconds = time.monotonic() - started
        outcome = TextToolOutcome(Ask.tool_id, msgspec.to_builtins(result), made_by, seconds)
        return LibraryAnswer(outcome, tuple(numbers), tuple(one.name for one in documents))

    with models.lending(request.model, abort, outbox.progress) as load:
        context = ToolContext(load, models.text_encoder, abort)
        try:
            for step in answer(
                context, documents, options.question, passages, reader=options.reader
            ):
                if isinstance(step, StepProgress):
                    outbox.progress(step.stage, step.done, step.total)
                else:
                    result = step
                    outbox.partial(msgspec.to_builtins(answered()))
                abort.raise_if_set()
        except AbortedError:
            if result is None:
                raise
            reason = FinishReason.ABORT
        model: ModelInfo | None = context.used_model.info if context.used_model else None
        if model is not None and result is not None and result.model_name:
            made_by = brief(model)
    found = msgspec.to_builtins(answered())
    return RequestFinished(request.request_id, reason, context.usage, found)


def library_search(models: ModelHolder) -> LibrarySearch:
    """Where a chat finds passages of the library."""
    from engine.text_tools.given_texts import LibraryPlace

    def search(question: str, count: int, abort: AbortFlag) -> list[LibraryPlace]:
        library = models.library
        hits = library.search(models.text_encoder(), question, count, abort)
        documents = {hit.document: library.document(hit.document) for hit in hits}
        return [LibraryPlace(documents[hit.document], hit.start, hit.end) for hit in hits]

    return search


def _finished(request_id: str, result: msgspec.Struct) -> RequestFinished:
    return RequestFinished(request_id, FinishReason.STOP, result=msgspec.to_builtins(result))
