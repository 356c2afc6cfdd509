"""What storage hands out: immutable values, detached from the database.

Ids only grow, also across restarts and deletions: sort by id, never by time, since clocks jump.
Times are ISO 8601 in UTC with seconds, as in `2026-11-22T14:10:05Z`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from engine.types import Document, Role, TokenScore


class MessageStatus(StrEnum):
    COMPLETE = "complete"
    STREAMING = "streaming"  # being written; what is stored is the last flush
    INTERRUPTED = "interrupted"  # Carrel ended in mid-reply; the content is what was flushed
    STOPPED = "stopped"  # the user pressed Stop
    FAILED = "failed"  # `error` says why; the content is what came before


class Conversation(msgspec.Struct, frozen=True):
    """`current_message_id` is the leaf of the branch that is shown, None while it is empty."""

    id: int
    title: str
    created_at: str
    updated_at: str
    pinned: bool
    current_message_id: int | None


class DocumentEntry(msgspec.Struct, frozen=True):
    """A document as a list shows it, without its text."""

    id: int
    name: str
    format: str
    path: str | None
    page_count: int | None
    characters: int
    added_at: str


class FileTableEntry(msgspec.Struct, frozen=True):
    """A table of files as a list shows it."""

    id: int
    name: str
    created_at: str
    files: int


class StoredFileTable(msgspec.Struct, frozen=True):
    """`rows` by path, in their order; None where nothing was found yet."""

    id: int
    name: str
    spec: dict[str, Any]
    rows: dict[str, dict[str, Any] | None]


class StoredMessage(msgspec.Struct, frozen=True):
    """One node of a conversation's tree; `parent_id` None marks a first message.

    `sibling_ids` are all messages with the same parent, oldest first, this one included.
    `made_by` tells how a reply was made: model, device, parameters, seed, versions, timings.
    `reasoning` is what the model thought before it. Whether the prompt and the tokens' scores are
    kept is told here; they are read when they are asked for. `documents` are those that a message
    came with; with `uses_library` it was to be answered from the library, too.
    """

    id: int
    conversation_id: int
    parent_id: int | None
    role: Role
    content: str
    status: MessageStatus
    created_at: str
    made_by: dict[str, Any] | None
    error: dict[str, Any] | None
    sibling_ids: tuple[int, ...]
    reasoning: str = ""
    has_prompt: bool = False
    has_scores: bool = False
    documents: tuple[DocumentEntry, ...] = ()
    uses_library: bool = False


class ReplyDetails(msgspec.Struct, frozen=True):
    """What is kept of a finished reply beside its text. Empty ones take no room."""

    reasoning: str = ""
    prompt: str = ""
    scores: tuple[TokenScore, ...] = ()
    given: tuple[str, ...] = ()  # "" for a text that was given whole: it is its document's


class StoredDocument(msgspec.Struct, frozen=True):
    id: int
    document: Document
    added_at: str


class StoredRun(msgspec.Struct, frozen=True):
    """The result of a text tool on a document; `options`, `result` and `model` as plain values.

    `further` are the ids of the other documents that were read together with it, in their order.
    """

    id: int
    document_id: int
    text_tool: str
    options: dict[str, Any]
    result: dict[str, Any]
    model: dict[str, Any] | None
    seconds: float
    created_at: str
    further: tuple[int, ...] = ()
