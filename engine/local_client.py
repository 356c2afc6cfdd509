"""The engine without a process: the worker's loop in this one. The same face and the same events as
`EngineClient`, for tests and for anyone who wants to debug a backend.
"""

from __future__ import annotations

import os

from engine import __version__
from engine.backends import BackendSwitch
from engine.client import Listener
from engine.errors import WorkerStartError
from engine.frames import encode_frame
from engine.protocol import PROTOCOL_VERSION, Request, WorkerReady
from engine.worker.loop import WorkerLoop


class LocalClient:
    """Thread-safe like `EngineClient`; nothing here survives a crash of the backend."""

    def __init__(self, backend: str = "echo") -> None:
        self._backend = BackendSwitch(backend)
        self._loop = WorkerLoop(self._backend, lambda event: self._listener(event))
        self._listener: Listener = lambda event: None
        self._started = self._closed = False
        self.pid = os.getpid()

    def set_listener(self, listener: Listener) -> None:
        self._listener = listener

    def start(self) -> None:
        if not self._started:
            self._started = True
            ready = WorkerReady(
                PROTOCOL_VERSION,
                self.pid,
                __version__,
                self._backend.devices(),
                self._backend.name,
            )
            self._listener(ready)

    def send(self, request: Request) -> None:
        encode_frame(request)  # what could not cross a pipe may not cross here either
        if self._closed:
            raise WorkerStartError("The engine has been closed.", hint="")
        if not self._started:
            self.start()
        self._loop.submit(request)

    def close(self) -> None:
        if self._started and not self._closed:
            self._loop.close()
        self._closed = True
