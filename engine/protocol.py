"""What the window, the command line and the worker say to each other.

Requests go to the worker, events come back. Every request has a `request_id` and ends with exactly
one terminal event: `RequestFinished` or `RequestFailed`. `WorkerReady` comes before all others;
`WorkerDied` is never sent by a worker: the client makes it when the process ends.
To add a request: one Struct here, its line in `Request`, and a handler in `engine/worker/handlers`.
"""

from __future__ import annotations

import os
from typing import Any

import msgspec

from engine.errors import ErrorInfo
from engine.types import (
    Device,
    Document,
    FinishReason,
    GenerationParams,
    Message,
    ModelSpec,
    Usage,
)

PROTOCOL_VERSION = 1


def new_request_id() -> str:
    return os.urandom(16).hex()


class LoadModel(msgspec.Struct, tag=True, frozen=True):
    """Load a model now, so that the first answer need not wait. Result: `ModelInfo`."""

    request_id: str
    model: ModelSpec


class Chat(msgspec.Struct, tag=True, frozen=True):
    """Answer `messages`. Streams `TextDelta`; result: `ChatResult`."""

    request_id: str
    model: ModelSpec
    messages: tuple[Message, ...]
    params: GenerationParams = GenerationParams()


class ReadDocument(msgspec.Struct, tag=True, frozen=True):
    """Read a file. Result: `Document`."""

    request_id: str
    path: str


class RunTextTool(msgspec.Struct, tag=True, frozen=True):
    """Run a text tool on documents. Streams `Progress` and `Partial`; result: `TextToolOutcome`."""

    request_id: str
    model: ModelSpec
    text_tool: str
    documents: tuple[Document, ...]
    options: dict[str, Any] = {}


class Abort(msgspec.Struct, tag=True, frozen=True):
    """Stop the request of this id; it still ends with its own terminal event."""

    request_id: str


Request = LoadModel | Chat | ReadDocument | RunTextTool | Abort


class ChatResult(msgspec.Struct, frozen=True):
    """A whole answer and what made it (`model` is a `ModelInfo` without template and metadata)."""

    text: str
    seed: int
    params: GenerationParams
    model: dict[str, Any]


class TextToolOutcome(msgspec.Struct, frozen=True):
    """A text tool's `Result` as plain data, with what made it."""

    text_tool: str
    result: dict[str, Any]
    model: dict[str, Any] | None
    seconds: float


class WorkerReady(msgspec.Struct, tag=True, frozen=True):
    protocol_version: int
    pid: int
    engine_version: str
    devices: tuple[Device, ...]
    backend: str


class TextDelta(msgspec.Struct, tag=True, frozen=True):
    """More text of an answer; `tokens` is the count generated so far."""

    request_id: str
    text: str
    tokens: int


class Progress(msgspec.Struct, tag=True, frozen=True):
    """How far it is. `stage`: loading, hashing, reading, writing, merging … ; `total` 0: unknown."""

    request_id: str
    stage: str
    done: float
    total: float


class Partial(msgspec.Struct, tag=True, frozen=True):
    """A text tool's result so far, in the same form as the final one."""

    request_id: str
    result: dict[str, Any]


class RequestFinished(msgspec.Struct, tag=True, frozen=True):
    """The terminal event of a request that went well (or was stopped: `finish_reason` abort)."""

    request_id: str
    finish_reason: FinishReason
    usage: Usage = Usage()
    result: Any = None


class RequestFailed(msgspec.Struct, tag=True, frozen=True):
    request_id: str
    error: ErrorInfo


class WorkerDied(msgspec.Struct, tag=True, frozen=True):
    """The process ended by itself. `will_restart` False: it died too often, nothing will be tried."""

    exit_code: int
    log_tail: str
    will_restart: bool


Event = WorkerReady | TextDelta | Progress | Partial | RequestFinished | RequestFailed | WorkerDied
TerminalEvent = RequestFinished | RequestFailed
