"""A worker's loop whose handlers do what a test says, step by step."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import pytest

from engine.backends.echo_backend import EchoBackend
from engine.protocol import (
    Abort,
    Chat,
    Event,
    ReadDocument,
    RequestFailed,
    RequestFinished,
    RunTextTool,
    TerminalEvent,
)
from engine.types import FinishReason, Message, ModelSpec, Role
from engine.worker.handlers import HANDLERS, LANES, Handler
from engine.worker.loop import WorkerLoop

Step = Callable[[], None]


class Desk:
    """A loop whose handlers do what a test says: one script of steps per request."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(LANES, "documents", 1)  # who waits for whom is seen in a lane of one
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.order: list[str] = []
        self.scripts: dict[str, list[Step]] = {}
        for kind in HANDLERS:
            known = HANDLERS[kind]
            monkeypatch.setitem(HANDLERS, kind, Handler(self._run, known.lane))
        self.loop = WorkerLoop(EchoBackend(), self.events.put)

    def _run(self, request, models, abort, outbox) -> TerminalEvent:  # type: ignore[no-untyped-def]
        for step in self.scripts[request.request_id]:
            abort.raise_if_set()
            self.order.append(request.request_id)
            step()
        return RequestFinished(request.request_id, FinishReason.STOP)

    def tool(self, name: str, *steps: Step) -> None:
        self._submit(RunTextTool(name, ModelSpec(), "summarize", ()), steps)

    def chat(self, name: str, *steps: Step) -> None:
        self._submit(Chat(name, ModelSpec(), (Message(Role.USER, "hi"),)), steps)

    def read(self, name: str, *steps: Step) -> None:
        self._submit(ReadDocument(name, "a.txt"), steps)

    def _submit(self, request: Chat | RunTextTool | ReadDocument, steps: tuple[Step, ...]) -> None:
        self.scripts[request.request_id] = list(steps)
        self.loop.submit(request)

    def abort(self, name: str) -> None:
        self.loop.submit(Abort(name))

    def next_end(self) -> TerminalEvent:
        event = self.events.get(timeout=5)
        assert isinstance(event, (RequestFinished, RequestFailed))
        return event

    def close(self) -> None:
        self.loop.close()


class Gate:
    """A step that says it has been reached, and waits until it may go on."""

    def __init__(self) -> None:
        self._reached, self._open = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self._reached.set()
        assert self._open.wait(5)

    def wait(self) -> None:
        assert self._reached.wait(5)

    def open(self) -> None:
        self._open.set()
