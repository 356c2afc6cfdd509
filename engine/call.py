"""One request at a time over a client, for the command line and the self-test: send, follow, wait."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.client import EngineClient
from engine.errors import EngineError, ErrorInfo
from engine.protocol import (
    Abort,
    Event,
    Request,
    RequestFailed,
    RequestFinished,
    WorkerDied,
    WorkerReady,
)


class CallError(EngineError):
    """A request that failed, with the error as it came."""

    def __init__(self, info: ErrorInfo) -> None:
        super().__init__(info.message, hint=info.hint, detail=info.detail)
        self.code = info.code


class Caller:
    def __init__(self, client: EngineClient) -> None:
        self._client = client
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.ready: WorkerReady | None = None
        client.set_listener(self._events.put)

    def wait_ready(self) -> WorkerReady:
        """The worker's greeting; `CallError` if it cannot start."""
        while self.ready is None:
            self._note(self._events.get())
        return self.ready

    def call(self, request: Request, on_event: Callable[[Event], None]) -> RequestFinished:
        """Send and wait for the end. Ctrl+C stops the request and still waits for it."""
        self._client.send(request)
        stopped = False
        while True:
            try:
                event = self._events.get()
            except KeyboardInterrupt:
                if stopped:
                    raise
                stopped = True
                self._client.send(Abort(request.request_id))
                continue
            if isinstance(event, RequestFailed) and event.request_id == request.request_id:
                raise CallError(event.error)
            if isinstance(event, RequestFinished) and event.request_id == request.request_id:
                if stopped:
                    raise KeyboardInterrupt
                return event
            self._note(event)
            on_event(event)

    def _note(self, event: Event) -> None:
        if isinstance(event, WorkerReady):
            self.ready = event
        if isinstance(event, WorkerDied) and self.ready is None and not event.will_restart:
            raise CallError(ErrorInfo("WORKER_START", "The engine could not be started.", "", ""))


@contextmanager
def engine_caller(backend: str = "llama_cpp") -> Iterator[Caller]:
    """A worker for the length of the block."""
    client = EngineClient(backend)
    caller = Caller(client)
    client.start()
    try:
        yield caller
    finally:
        client.close()
