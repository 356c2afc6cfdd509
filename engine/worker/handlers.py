"""One handler per request type. To add one: a function here and its line in `HANDLERS`.

A handler returns the terminal event. It raises `EngineError` for what a user can meet and
`AbortedError` when stopped. Handlers of one lane may run at the same time, on as many threads as
`LANES` gives it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

import msgspec

from engine.backends import ConvertingBackend
from engine.context_window import shown_messages
from engine.contracts import AbortFlag, GenerationEnd, KeepsStates, LanguageModel
from engine.documents.apart.readers import WIDTH as DOCUMENTS_AT_ONCE
from engine.errors import AbortedError, BadRequestError
from engine.kept_state import StateStore, hashed, states_folder
from engine.options import filled
from engine.protocol import (
    AskLibrary,
    ChangeLibrary,
    Chat,
    ChatResult,
    CheckedQuote,
    ConvertModel,
    Explain,
    FindDocuments,
    GivenText,
    Judgements,
    JudgeTexts,
    KeepServerKey,
    KeptState,
    KeptStateInfo,
    LoadModel,
    LookAtLibrary,
    LookAtServer,
    ReadDocument,
    ReadFromLibrary,
    RequestFinished,
    RunTextTool,
    SearchLibrary,
    TerminalEvent,
    TextToolOutcome,
    UpdateLibrary,
)
from engine.text_tools import TEXT_TOOLS
from engine.text_tools.answer_quotes import checked_quotes
from engine.text_tools.base import StepProgress, TextToolResult, ToolContext
from engine.text_tools.copied_marks import CopiedMarks
from engine.text_tools.judging import explain, judge_texts
from engine.types import FinishReason, Message, OverflowPolicy, Role, TokenScore
from engine.worker.brief import brief
from engine.worker.library_handlers import (
    ask_library,
    change_library,
    library_search,
    look_at_library,
    read_from_library,
    search_library,
    update_library,
)
from engine.worker.models import ModelHolder
from engine.worker.outbox import Outbox
from engine.worker.servers import keep_server_key, look_at_server

# How many requests of a kind run at once; documents are read by processes of their own.
LANES = {
    "chat": 16,
    "text_tools": 16,
    "documents": DOCUMENTS_AT_ONCE,
    "models": 1,
    "servers": 2,
    "library": 4,
    "indexing": 1,
}


class Handler(msgspec.Struct, frozen=True):
    run: Callable[[Any, ModelHolder, AbortFlag, Outbox], TerminalEvent]
    lane: str


def load_model(
    request: LoadModel, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    with models.using(request.model, abort, outbox.progress) as model:
        return RequestFinished(
            request.request_id, FinishReason.STOP, result=msgspec.to_builtins(model.info)
        )


def convert_model(
    request: ConvertModel, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    backend = models.backend
    if not isinstance(backend, ConvertingBackend):
        raise BadRequestError(
            "A model of this kind cannot be converted.", hint="Choose a GGUF file."
        )
    result = backend.convert(request.model, abort, outbox.progress)
    if result.used:
        models.renew(request.model)
    return RequestFinished(
        request.request_id, FinishReason.STOP, result=msgspec.to_builtins(result)
    )


def chat(request: Chat, models: ModelHolder, abort: AbortFlag, outbox: Outbox) -> TerminalEvent:
    with models.using(request.model, abort, outbox.progress) as model:
        if isinstance(model, KeepsStates):
            model.keep_states(request.kv_disk_mb * 2**20)
        messages, given = _with_texts(request, model, models, abort, outbox)
        shown = shown_messages(
            *(model, messages, request.params, request.overflow, request.window),
            *(abort, outbox.progress),
        )
        text: list[str] = []
        thoughts: list[str] = []
        scores: list[TokenScore] = []
        end: GenerationEnd | None = None
        stream = model.stream(
            shown.messages,
            request.params,
            abort,
            on_prompt=lambda done, total: outbox.progress("prompt", done, total),
            urgent=True,
            conversation=request.conversation,
        )
        for piece in CopiedMarks(shown.messages).stream(stream) if given else stream:
            if isinstance(piece, GenerationEnd):
                end = piece
                continue
            (thoughts if piece.reasoning else text).append(piece.text)
            scores += piece.scores
            outbox.delta(piece.text, piece.tokens, reasoning=piece.reasoning)
    if end is None:
        raise AbortedError
    result = ChatResult(
        "".join(text),
        end.seed,
        request.params,
        brief(model.info),
        "".join(thoughts),
        end.prompt,
        shown.window,
        tuple(scores),
        given,
        _checked_quotes(request, "".join(text), given),
    )
    return RequestFinished(
        request.request_id, end.finish_reason, end.usage, msgspec.to_builtins(result)
    )


def _with_texts(
    request: Chat, model: LanguageModel, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> tuple[tuple[Message, ...], tuple[GivenText, ...]]:
    if not (request.documents or request.library):
        return request.messages, ()
    from engine.text_tools.given_texts import with_texts  # NumPy: only where it is needed

    return with_texts(
        ToolContext(lambda: model, models.text_encoder, abort),
        request.messages,
        request.documents,
        library_search(models) if request.library else None,
        request.params,
        outbox.progress,
        may_push=request.overflow is not OverflowPolicy.STOP,
    )


def _checked_quotes(
    request: Chat, text: str, given: tuple[GivenText, ...]
) -> tuple[CheckedQuote, ...]:
    """Of the whole answer where `text` goes on from the one so far."""
    last = request.messages[-1] if request.messages else None
    so_far = last.content if last is not None and last.role is Role.ASSISTANT else ""
    return checked_quotes(so_far + text, given)


def kept_state(
    request: KeptState, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    conversations = None if request.forget_all else request.forget
    store = StateStore(states_folder())
    if conversations is None or conversations:
        model: object = models.loaded
        if isinstance(model, KeepsStates):
            model.forget(conversations)
        if conversations is None:
            store.forget_all()
        else:
            store.forget([hashed(name) for name in conversations])
    files, size = store.size()
    return RequestFinished(
        request.request_id,
        FinishReason.STOP,
        result=msgspec.to_builtins(KeptStateInfo(files, size)),
    )


def read(
    request: ReadDocument, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    outbox.progress("opening", 0, 0)
    result = models.document_readers.ask(request, abort)
    return RequestFinished(request.request_id, FinishReason.STOP, result=result)


def find_documents(
    request: FindDocuments, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    result = models.document_readers.ask(request, abort)
    return RequestFinished(request.request_id, FinishReason.STOP, result=result)


def run_text_tool(
    request: RunTextTool, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    tool = next((tool for tool in TEXT_TOOLS if tool.tool_id == request.text_tool), None)
    if tool is None:
        raise BadRequestError(f"There is no text tool named {request.text_tool!r}.")
    options: Any = filled(tool.Options, request.options)
    started = time.monotonic()
    result: TextToolResult | None = None
    reason = FinishReason.STOP
    with contextlib.ExitStack() as stack:
        context = ToolContext(
            stack.enter_context(models.lending(request.model, abort, outbox.progress)),
            models.text_encoder,
            abort,
            request.earlier,
        )
        try:
            for step in tool.run(context, request.documents, options):
                if isinstance(step, StepProgress):
                    outbox.progress(step.stage, step.done, step.total)
                else:
                    result = step
                    outbox.partial(msgspec.to_builtins(step))
                abort.raise_if_set()
        except AbortedError:
            if result is None:
                raise
            reason = FinishReason.ABORT  # what was found so far is worth keeping
        model = context.used_model
        wrote = model is not None and result is not None and result.model_name
        made_by = brief(model.info) if model is not None and wrote else None
    outcome = TextToolOutcome(
        tool.tool_id, msgspec.to_builtins(result), made_by, time.monotonic() - started
    )
    return RequestFinished(request.request_id, reason, context.usage, msgspec.to_builtins(outcome))


def judge(
    request: JudgeTexts, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    encoder = models.text_encoder()
    found = judge_texts(encoder, request.task, request.texts, abort)
    result = msgspec.to_builtins(Judgements(tuple(found), encoder.name))
    return RequestFinished(request.request_id, FinishReason.STOP, result=result)


def explain_sentiment(
    request: Explain, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    found = explain(models.text_encoder(), request.text, request.label, abort)
    return RequestFinished(request.request_id, FinishReason.STOP, result=msgspec.to_builtins(found))


HANDLERS: dict[type, Handler] = {
    LoadModel: Handler(load_model, "models"),
    ConvertModel: Handler(convert_model, "models"),
    Chat: Handler(chat, "chat"),
    RunTextTool: Handler(run_text_tool, "text_tools"),
    JudgeTexts: Handler(judge, "text_tools"),
    Explain: Handler(explain_sentiment, "text_tools"),
    ReadDocument: Handler(read, "documents"),
    FindDocuments: Handler(find_documents, "documents"),
    KeptState: Handler(kept_state, "models"),
    LookAtServer: Handler(look_at_server, "servers"),
    LookAtLibrary: Handler(look_at_library, "library"),
    ChangeLibrary: Handler(change_library, "library"),
    UpdateLibrary: Handler(update_library, "indexing"),
    SearchLibrary: Handler(search_library, "library"),
    ReadFromLibrary: Handler(read_from_library, "library"),
    AskLibrary: Handler(ask_library, "text_tools"),
    # In the lane of loading, so that what is loaded next has the key.
    KeepServerKey: Handler(keep_server_key, "models"),
}
