"""What the worker is asked to do. Each says what it streams and what its result is."""

from __future__ import annotations

import os
from typing import Any

import msgspec

from engine.types import (
    ContextWindow,
    Document,
    GenerationParams,
    Message,
    ModelSpec,
    OverflowPolicy,
)


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
    `documents` are attached to the last message; with `library` the library is looked through, too.
    What the model was given of them is in `ChatResult.given`.
    """

    request_id: str
    model: ModelSpec
    messages: tuple[Message, ...]
    params: GenerationParams = GenerationParams()
    conversation: str = ""
    kv_disk_mb: int = 0
    overflow: OverflowPolicy = OverflowPolicy.STOP
    window: ContextWindow = ContextWindow()
    documents: tuple[Document, ...] = ()
    library: bool = False


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


class LookAtLibrary(msgspec.Struct, tag=True, frozen=True):
    """What is in the library. Result: `LibraryInfo`."""

    request_id: str


class ChangeLibrary(msgspec.Struct, tag=True, frozen=True):
    """Add files, folders and archives, which are watched from then on, by their paths; remove sources by
    their ids; or forget everything. Nothing is read yet. Result: `LibraryInfo`."""

    request_id: str
    add: tuple[str, ...] = ()
    remove: tuple[int, ...] = ()
    forget_all: bool = False


class UpdateLibrary(msgspec.Struct, tag=True, frozen=True):
    """Read what is new or changed in the sources; with `retry` also what could not be read before.

    Streams `Progress` (stage "indexing"; done and total in documents). It gives way to chats and text
    tools, and may be stopped and killed at any time: it goes on where it was. Result: `LibraryInfo`.
    """

    request_id: str
    retry: bool = False


class SearchLibrary(msgspec.Struct, tag=True, frozen=True):
    """The best passages of the library, by words and by meaning. Result: `LibraryHits`."""

    request_id: str
    query: str
    count: int = 20
    documents: tuple[int, ...] = ()  # only in these


class ReadFromLibrary(msgspec.Struct, tag=True, frozen=True):
    """A document of the library as it was indexed. Result: `Document`."""

    request_id: str
    document: int


class AskLibrary(msgspec.Struct, tag=True, frozen=True):
    """Answer a question from the library. `options` are those of the text tool "ask" but the question.

    Streams `Progress` and `Partial`, each a `LibraryAnswer` as the result is.
    """

    request_id: str
    model: ModelSpec
    question: str
    documents: tuple[int, ...] = ()
    options: dict[str, Any] = {}


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
