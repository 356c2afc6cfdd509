"""Listens to a client and lets a test wait for what it expects. Knows nothing of threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from engine.client import EngineClient
from engine.local_client import LocalClient
from engine.protocol import (
    Abort,
    Chat,
    Event,
    Request,
    RequestFailed,
    RequestFinished,
    RunTextTool,
    TerminalEvent,
    TextDelta,
    new_request_id,
)
from engine.types import Document, GenerationParams, Message, ModelSpec, Role

E = TypeVar("E")
PATIENCE = 30.0


class Recorder:
    """Every event in the order in which it came, with the time at which it did."""

    def __init__(self, client: EngineClient | LocalClient) -> None:
        self.client = client
        self.events: list[Event] = []
        self.times: list[float] = []
        self._changed = threading.Condition()
        client.set_listener(self._note)

    def _note(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self.times.append(time.monotonic())
            self._changed.notify_all()

    def wait(
        self, kind: type[E], where: Callable[[E], bool] = lambda event: True, *, after: int = 0
    ) -> E:
        """The first event of this kind from number `after` on, when it has come."""
        end = time.monotonic() + PATIENCE
        with self._changed:
            while True:
                for event in self.events[after:]:
                    if isinstance(event, kind) and where(event):
                        return event
                left = end - time.monotonic()
                assert left > 0, f"no {kind} came, but {self.events[after:]}"
                self._changed.wait(left)

    def send(self, request: Request) -> str:
        self.client.send(request)
        return request.request_id

    def abort(self, request_id: str) -> None:
        self.client.send(Abort(request_id))

    def end(self, request_id: str) -> TerminalEvent:
        """The request's terminal event, when it has come."""
        return self.wait(
            RequestFinished | RequestFailed,  # type: ignore[arg-type]
            lambda event: event.request_id == request_id,
        )

    def ends(self, request_id: str) -> list[TerminalEvent]:
        """All its terminal events so far: there must never be two."""
        return [
            event
            for event in self.events
            if isinstance(event, (RequestFinished, RequestFailed))
            and event.request_id == request_id
        ]

    def delta(self, request_id: str) -> TextDelta:
        """The request's first text, when it has come."""
        return self.wait(TextDelta, lambda event: event.request_id == request_id)

    def text(self, request_id: str) -> str:
        return "".join(
            event.text
            for event in self.events
            if isinstance(event, TextDelta) and event.request_id == request_id
        )

    def place_of(self, event: Event) -> int:
        """Its number. By identity: two deaths may well be equal."""
        return next(i for i, other in enumerate(self.events) if other is event)

    def time_of(self, event: Event) -> float:
        return self.times[self.place_of(event)]

    def finish(self, request: Request) -> RequestFinished:
        """Send, wait, and expect that it went well."""
        end = self.end(self.send(request))
        assert isinstance(end, RequestFinished), end
        return end

    def fail(self, request: Request) -> RequestFailed:
        """Send, wait, and expect that it failed."""
        end = self.end(self.send(request))
        assert isinstance(end, RequestFailed), end
        return end


def chat(*said: str, model: ModelSpec = ModelSpec(), **params: object) -> Chat:  # noqa: B008
    """A chat: user, assistant, user … in turn; `params` are `GenerationParams`."""
    roles = (Role.USER, Role.ASSISTANT)
    messages = tuple(Message(roles[i % 2], text) for i, text in enumerate(said))
    return Chat(new_request_id(), model, messages, GenerationParams(**params))  # type: ignore[arg-type]


def run_tool(
    text_tool: str,
    *texts: str,
    model: ModelSpec = ModelSpec(),  # noqa: B008
    **options: object,
) -> RunTextTool:
    documents = tuple(Document(f"text {number}", text) for number, text in enumerate(texts, 1))
    return RunTextTool(new_request_id(), model, text_tool, documents, options)
