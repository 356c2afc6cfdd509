"""One handler per request type. To add one: a function here and its line in `HANDLERS`.

A handler is a generator: it yields wherever a more urgent request may be served, and returns the
terminal event. It raises `EngineError` for what a user can meet and `AbortedError` when stopped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import msgspec

from engine.contracts import AbortFlag, GenerationEnd
from engine.documents import read_document
from engine.errors import AbortedError, BadRequestError
from engine.options import filled
from engine.protocol import (
    Chat,
    ChatResult,
    LoadModel,
    ReadDocument,
    RequestFinished,
    RunTextTool,
    TerminalEvent,
    TextToolOutcome,
)
from engine.text_tools import TEXT_TOOLS
from engine.text_tools.base import StepProgress, TextToolResult, ToolContext
from engine.types import FinishReason, ModelInfo
from engine.worker.models import ModelHolder
from engine.worker.outbox import Outbox

Run = Generator[None, None, TerminalEvent]


class Handler(msgspec.Struct, frozen=True):
    run: Callable[[Any, ModelHolder, AbortFlag, Outbox], Run]
    lane: str
    priority: int  # lower is more urgent


def brief(info: ModelInfo) -> dict[str, Any]:
    """What an answer keeps of the model that made it."""
    data: dict[str, Any] = msgspec.to_builtins(info)
    del data["chat_template"], data["metadata"]
    return data


def load_model(request: LoadModel, models: ModelHolder, abort: AbortFlag, outbox: Outbox) -> Run:
    model = models.language_model(request.model, abort, outbox.progress)
    yield
    return RequestFinished(
        request.request_id, FinishReason.STOP, result=msgspec.to_builtins(model.info)
    )


def chat(request: Chat, models: ModelHolder, abort: AbortFlag, outbox: Outbox) -> Run:
    model = models.language_model(request.model, abort, outbox.progress)
    text: list[str] = []
    end: GenerationEnd | None = None
    stream = model.stream(
        request.messages,
        request.params,
        abort,
        on_prompt=lambda done, total: outbox.progress("prompt", done, total),
    )
    for piece in stream:
        if isinstance(piece, GenerationEnd):
            end = piece
        else:
            text.append(piece.text)
            outbox.delta(piece.text, piece.tokens)
            yield
    if end is None:
        raise AbortedError
    result = ChatResult("".join(text), end.seed, request.params, brief(model.info))
    return RequestFinished(
        request.request_id, end.finish_reason, end.usage, msgspec.to_builtins(result)
    )


def read(request: ReadDocument, models: ModelHolder, abort: AbortFlag, outbox: Outbox) -> Run:
    outbox.progress("opening", 0, 0)
    document = read_document(Path(request.path), abort)
    yield
    return RequestFinished(
        request.request_id, FinishReason.STOP, result=msgspec.to_builtins(document)
    )


def run_text_tool(
    request: RunTextTool, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> Run:
    tool = next((tool for tool in TEXT_TOOLS if tool.tool_id == request.text_tool), None)
    if tool is None:
        raise BadRequestError(f"There is no text tool named {request.text_tool!r}.")
    options: Any = filled(tool.Options, request.options)
    started = time.monotonic()
    model = models.language_model(request.model, abort, outbox.progress)
    context = ToolContext(model, models.sentence_encoder, abort)
    result: TextToolResult | None = None
    reason = FinishReason.STOP
    try:
        for step in tool.run(context, request.documents, options):
            if isinstance(step, StepProgress):
                outbox.progress(step.stage, step.done, step.total)
            else:
                result = step
                outbox.partial(msgspec.to_builtins(step))
            yield
            abort.raise_if_set()
    except AbortedError:
        if result is None:
            raise
        reason = FinishReason.ABORT  # what was found so far is worth keeping
    outcome = TextToolOutcome(
        tool.tool_id,
        msgspec.to_builtins(result),
        brief(model.info),
        time.monotonic() - started,
    )
    return RequestFinished(request.request_id, reason, context.usage, msgspec.to_builtins(outcome))


HANDLERS: dict[type, Handler] = {
    LoadModel: Handler(load_model, "model", 0),
    Chat: Handler(chat, "model", 0),
    RunTextTool: Handler(run_text_tool, "model", 1),
    ReadDocument: Handler(read, "documents", 0),
}
