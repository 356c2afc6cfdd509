"""Requests over a client, one or several at once, for the command line: send, follow, wait."""

from __future__ import annotations

import itertools
import queue
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

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

T = TypeVar("T")
# What a job yields is sent; it goes on with the end of that, or with its error raised inside it.
Job = Generator[Request, RequestFinished, T]


class CallError(EngineError):
    """A request that failed, with the error as it came."""

    def __init__(self, info: ErrorInfo) -> None:
        super().__init__(info.message, hint=info.hint, detail=info.detail)
        self.code = info.code


class Caller:
    def __init__(self, client: EngineClient) -> None:
        self._client = client
        # Apart, because a Ctrl+C may lose what `get` returns: that is a bell then, and no event.
        self._events: deque[Event] = deque()
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.ready: WorkerReady | None = None
        client.set_listener(self._hear)

    def wait_ready(self) -> WorkerReady:
        """The worker's greeting; `CallError` if it cannot start."""
        while self.ready is None:
            self._note(self._next())
        return self.ready

    def call(self, request: Request, on_event: Callable[[Event], None]) -> RequestFinished:
        """Send and wait for the end. Ctrl+C stops the request and still waits for it."""

        def job() -> Job[RequestFinished]:
            return (yield request)

        (ended,) = self.run([job()], 1, on_event)
        if isinstance(ended, EngineError):
            raise ended
        return ended

    def run(
        self, jobs: Iterable[Job[T]], width: int, on_event: Callable[[Event], None]
    ) -> Iterator[T | EngineError]:
        """What the jobs return, or fail with, in their order; `width` of them run at once.

        Ctrl+C stops every open request, waits for their ends, and is raised then.
        """
        waiting, started = iter(jobs), 0
        places: dict[str, tuple[int, Job[T]]] = {}  # of the open requests, by their ids
        ended: dict[int, T | EngineError] = {}
        for place in itertools.count():
            while place not in ended:
                while len(places) < width and (job := next(waiting, None)) is not None:
                    self._go_on(job, started, None, places, ended)
                    started += 1
                if place in ended:
                    break
                if not places:
                    return
                event = self._next_event(list(places))
                if isinstance(event, (RequestFinished, RequestFailed)):
                    if event.request_id in places:
                        number, job = places.pop(event.request_id)
                        self._go_on(job, number, event, places, ended)
                else:
                    self._note(event)
                    on_event(event)
            yield ended.pop(place)

    def _go_on(
        self,
        job: Job[T],
        place: int,
        event: RequestFinished | RequestFailed | None,
        places: dict[str, tuple[int, Job[T]]],
        ended: dict[int, T | EngineError],
    ) -> None:
        """Let a job take what it waited for and send what it asks for next."""
        try:
            if isinstance(event, RequestFailed):
                request = job.throw(CallError(event.error))
            else:
                request = job.send(event) if event else next(job)
            self._client.send(request)
            places[request.request_id] = place, job
        except StopIteration as end:
            ended[place] = end.value
        except EngineError as error:
            ended[place] = error

    def _next_event(self, open_requests: list[str]) -> Event:
        try:
            self._wait()
        except KeyboardInterrupt:
            for request_id in open_requests:
                self._client.send(Abort(request_id))
            while open_requests:  # a second Ctrl+C does not wait
                event = self._next()
                if isinstance(event, (RequestFinished, RequestFailed)):
                    open_requests = [i for i in open_requests if i != event.request_id]
            raise
        return self._next()

    def _hear(self, event: Event) -> None:
        """On the client's thread."""
        self._events.append(event)
        self._bell.put(None)

    def _wait(self) -> None:
        while not self._events:
            self._bell.get()

    def _next(self) -> Event:
        self._wait()
        return self._events.popleft()

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
