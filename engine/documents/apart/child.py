"""The process that reads documents: requests come in on standard input, events go out again.

It says that it goes on whenever a format looks at its abort flag, and it ends with its parent.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import IO

import msgspec

from engine.contracts import AbortFlag
from engine.documents import find_documents, ocr, read_document
from engine.documents.apart.limits import limit_this_process
from engine.errors import EngineError, ErrorInfo
from engine.frames import encode_frame, read_frame
from engine.protocol import (
    Event,
    FindDocuments,
    Progress,
    ReadDocument,
    RequestFailed,
    RequestFinished,
)
from engine.types import FinishReason

BEAT_SECONDS = 0.25
_Asked = ReadDocument | FindDocuments


class _Beats(AbortFlag):
    """Formats look at it between pages and blocks: each look is a sign of life."""

    def __init__(self, emit: IO[bytes], request_id: str) -> None:
        super().__init__()
        self._emit, self._request_id = emit, request_id
        self._last = time.monotonic()
        self._looks = 0.0

    def raise_if_set(self) -> None:
        self._looks += 1
        now = time.monotonic()
        if now - self._last >= BEAT_SECONDS:
            self._last = now
            self._emit.write(encode_frame(Progress(self._request_id, "opening", self._looks, 0)))


def main(arguments: list[str]) -> int:
    requests = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # what native code prints is nobody's affair
        os.dup2(null, descriptor)
    limit_this_process(reads_pictures=ocr.program())
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests, waiting), daemon=True).start()
    decoder = msgspec.msgpack.Decoder(_Asked)
    while True:
        request = decoder.decode(waiting.get())
        _write(events, _answer(request, _Beats(events, request.request_id)))


def _receive(requests: IO[bytes], waiting: queue.SimpleQueue[bytes]) -> None:
    """On a thread of its own, so that the end of the parent is seen while a document is read."""
    while (frame := read_frame(requests)) is not None:
        waiting.put(frame)
    os._exit(0)


def _answer(request: _Asked, abort: AbortFlag) -> Event:
    try:
        result: msgspec.Struct
        if isinstance(request, ReadDocument):
            result = read_document(Path(request.path), abort)
        else:
            result = find_documents(request.paths, abort)
        data = msgspec.to_builtins(result)
        return RequestFinished(request.request_id, FinishReason.STOP, result=data)
    except EngineError as error:
        return RequestFailed(request.request_id, error.info())
    except (Exception, RecursionError) as error:
        # The file is a stranger's: what no format foresaw is the file's fault until shown otherwise.
        told = ErrorInfo(
            "DOCUMENT_DAMAGED",
            "The file could not be read: it may be damaged.",
            "Open it in the program that made it and save it again.",
            "".join(traceback.format_exception(error)),
        )
        return RequestFailed(request.request_id, told)


def _write(events: IO[bytes], event: Event) -> None:
    try:
        frame = encode_frame(event)
    except EngineError as error:
        assert not isinstance(event, Progress)
        frame = encode_frame(RequestFailed(event.request_id, error.info()))  # type: ignore[union-attr]
    view = memoryview(frame)
    while view:
        view = view[events.write(view) :]


if __name__ == "__main__":
    sys.exit(main([]))
