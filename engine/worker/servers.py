"""The requests about model servers: what one has, and its key. Nothing of a conversation is sent.

The libraries for it are imported only when such a request comes.
"""

from __future__ import annotations

import time

import msgspec

from engine.contracts import AbortFlag
from engine.protocol import (
    KeepServerKey,
    KeptKey,
    LookAtServer,
    RequestFinished,
    ServerLook,
    TerminalEvent,
)
from engine.server_address import parse_address
from engine.server_keys import forget_key, keep_key, read_key
from engine.types import FinishReason
from engine.worker.models import ModelHolder
from engine.worker.outbox import Outbox


def look_at_server(
    request: LookAtServer, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    from engine.backends.openai_backend import look_at_server as look

    address = parse_address(request.address)
    outbox.progress("connecting", 0, 0)
    started = time.monotonic()
    found, version = look(address, request.key, abort)
    result = ServerLook(
        address.base,
        tuple(model.name for model in found),
        version,
        bool(read_key(address.origin)),
        time.monotonic() - started,
    )
    return _finished(request.request_id, result)


def keep_server_key(
    request: KeepServerKey, models: ModelHolder, abort: AbortFlag, outbox: Outbox
) -> TerminalEvent:
    origin = parse_address(request.address).origin
    if not request.key:
        forget_key(origin)
        return _finished(request.request_id, KeptKey(""))
    where = keep_key(origin, request.key, in_memory=request.in_memory)
    return _finished(request.request_id, KeptKey(where))


def _finished(request_id: str, result: msgspec.Struct) -> RequestFinished:
    return RequestFinished(request_id, FinishReason.STOP, result=msgspec.to_builtins(result))
