"""What the worker says: how far it is, and how each request ended."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.errors import ErrorInfo
from engine.types import (
    Device,
    FinishReason,
    Usage,
)


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
