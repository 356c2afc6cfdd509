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
    ContextWindow,
    Device,
    Document,
    FinishReason,
    GenerationParams,
    Message,
    ModelSpec,
    OverflowPolicy,
    Span,
    TokenScore,
    Usage,
)

PROTOCOL_VERSION = 2


def new_request_id() -> str:
    return os.urandom(16).hex()


class LoadModel(msgspec.Struct, tag=True, frozen=True):
    """Load a model now, so that the first answer need not wait. Result: `ModelInfo`."""

    request_id: str
    model: ModelSpec


class Chat(msgspec.Struct, tag=True, frozen=True):
    """Answer `messages`. Streams `TextDelta`; result: `ChatResult`.

    `conversation` names what the model's state is kept for, in memory and, up to `kv_disk_mb` for
    all conversations together, on disk. `window` is that of the last answer of the same branch.
    """

    request_id: str
    model: ModelSpec
    messages: tuple[Message, ...]
    params: GenerationParams = GenerationParams()
    conversation: str = ""
    kv_disk_mb: int = 0
    overflow: OverflowPolicy = OverflowPolicy.STOP
    window: ContextWindow = ContextWindow()


class ReadDocument(msgspec.Struct, tag=True, frozen=True):
    """Read a file. Result: `Document`."""

    request_id: str
    path: str


class FindDocuments(msgspec.Struct, tag=True, frozen=True):
    """The files that can be read in these files, folders and archives. Result: `FoundDocuments`."""

    request_id: str
    paths: tuple[str, ...]


class RunTextTool(msgspec.Struct, tag=True, frozen=True):
    """Run a text tool on documents. Streams `Progress` and `Partial`; result: `TextToolOutcome`.

    `earlier` is the result of an earlier run of the same tool, on an older text perhaps, which a tool
    may go on from (`ToolContext.earlier`).
    """

    request_id: str
    model: ModelSpec
    text_tool: str
    documents: tuple[Document, ...]
    options: dict[str, Any] = {}
    earlier: dict[str, Any] | None = None


class JudgeTexts(msgspec.Struct, tag=True, frozen=True):
    """Read many short texts, each by itself, with the built-in encoder: `task` is "sentiment",
    "entities" or "embed". Result: `Judgements`."""

    request_id: str
    task: str
    texts: tuple[str, ...]


class Explain(msgspec.Struct, tag=True, frozen=True):
    """Which words of a text of at most a few sentences made its sentiment. Result: `Explanation`."""

    request_id: str
    text: str
    label: str


class KeptState(msgspec.Struct, tag=True, frozen=True):
    """The models' state that is kept on disk: forget that of these conversations, or all of it.

    Result: `KeptStateInfo`, of what is kept afterwards.
    """

    request_id: str
    forget: tuple[str, ...] = ()
    forget_all: bool = False


class ConvertModel(msgspec.Struct, tag=True, frozen=True):
    """Write a GGUF that this processor reads faster, and measure both. Result: `Conversion`.

    The converted file is used from the next load on, unless its measures speak against it.
    """

    request_id: str
    model: ModelSpec


class LookAtServer(msgspec.Struct, tag=True, frozen=True):
    """Ask a model server what it has, with this key or the one kept for it. Result: `ServerLook`.

    The key is used for this look only.
    """

    request_id: str
    address: str
    key: str = ""


class KeepServerKey(msgspec.Struct, tag=True, frozen=True):
    """Keep a server's key in the system's keyring, or forget it for "". Result: `KeptKey`.

    Without a keyring, or with `in_memory`, it is kept until the worker ends.
    """

    request_id: str
    address: str
    key: str = ""
    in_memory: bool = False


class Abort(msgspec.Struct, tag=True, frozen=True):
    """Stop the request of this id; it still ends with its own terminal event."""

    request_id: str


Request = (
    LoadModel
    | Chat
    | ReadDocument
    | FindDocuments
    | RunTextTool
    | JudgeTexts
    | Explain
    | KeptState
    | ConvertModel
    | LookAtServer
    | KeepServerKey
    | Abort
)


class ChatResult(msgspec.Struct, frozen=True):
    """A whole answer and what made it (`model` is a `ModelInfo` without template and metadata).

    `prompt` is the text that the model saw. `scores` has the answer's tokens if they were asked for.
    """

    text: str
    seed: int
    params: GenerationParams
    model: dict[str, Any]
    reasoning: str = ""
    prompt: str = ""
    window: ContextWindow = ContextWindow()
    scores: tuple[TokenScore, ...] = ()


class KeptStateInfo(msgspec.Struct, frozen=True):
    """How much of the models' state is on disk."""

    files: int
    bytes: int


class Conversion(msgspec.Struct, frozen=True):
    """Speeds in tokens per second of a read prompt; perplexities on the same text, lower is better."""

    path: str
    quantization: str
    source_quantization: str
    size_bytes: int
    prompt_speed: float
    source_prompt_speed: float
    perplexity: float
    source_perplexity: float
    used: bool  # it is faster and as good: the next load takes it


class ServerLook(msgspec.Struct, frozen=True):
    """`address` as requests take it; `version` "" if the server does not say what it is."""

    address: str
    models: tuple[str, ...]
    version: str
    has_key: bool  # one is kept for it
    seconds: float


class KeptKey(msgspec.Struct, frozen=True):
    """`where` a key is kept now: keyring, session (the worker's memory), or "" for nowhere."""

    where: str


class RefusedFile(msgspec.Struct, frozen=True):
    path: str
    error: ErrorInfo


class FoundDocuments(msgspec.Struct, frozen=True):
    """`paths` in the order of their names, for `ReadDocument`: one inside an archive is the archive's
    path and the member's name behind it ("/x/letters.zip/1998/May.docx")."""

    paths: tuple[str, ...]
    refused: tuple[RefusedFile, ...] = ()


class TextToolOutcome(msgspec.Struct, frozen=True):
    """A text tool's `Result` as plain data, with what made it."""

    text_tool: str
    result: dict[str, Any]
    model: dict[str, Any] | None
    seconds: float


class TextJudgement(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found in one text: sentiment as `label`, `score` and `probabilities`, names as
    `spans`, or a `vector` of unit length. `error` says why nothing could be."""

    label: str = ""
    score: float | None = None
    probabilities: dict[str, float] = {}
    spans: tuple[Span, ...] = ()
    vector: tuple[float, ...] = ()
    error: ErrorInfo | None = None


class Judgements(msgspec.Struct, frozen=True):
    """One for each text, in their order; `made_by` names the encoder."""

    texts: tuple[TextJudgement, ...]
    made_by: str


class WordWeight(msgspec.Struct, frozen=True):
    """How much less likely the label is without the characters `start` to `end`, -1.0 to 1.0."""

    start: int
    end: int
    weight: float


class Explanation(msgspec.Struct, frozen=True):
    label: str
    score: float
    words: tuple[WordWeight, ...]


class WorkerReady(msgspec.Struct, tag=True, frozen=True):
    protocol_version: int
    pid: int
    engine_version: str
    devices: tuple[Device, ...]
    backend: str


class TextDelta(msgspec.Struct, tag=True, frozen=True):
    """More text of an answer, or of the `reasoning` before it; `tokens` are those generated so far."""

    request_id: str
    text: str
    tokens: int
    reasoning: bool = False


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
