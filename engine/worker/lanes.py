"""A lane is a queue of jobs and a few threads that take them, the first come first.

Each lane has as many threads as its jobs may run at once: parsers allow one (PDFium), a model as many
as it can answer together. So a chat never waits for a document, nor one chat for another. Who goes
first inside a model is the model's own affair. A lane does not know what its jobs do.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from engine.contracts import AbortFlag


class Job:
    """A request on its way; `run` is called exactly once and raises nothing."""

    def __init__(self, request_id: str, work: Callable[[Job], None]) -> None:
        self.request_id = request_id
        self.abort = AbortFlag()
        self._work = work

    def run(self) -> None:
        self._work(self)

    def end(self) -> None:
        """Run it to its end at once, stopped; for a job that no lane holds any more."""
        self.abort.set()
        self.run()


class Lane:
    def __init__(self, name: str, width: int = 1) -> None:
        self._name, self._width = name, width
        self._waiting: deque[Job] = deque()
        self._running: list[Job] = []
        self._changed = threading.Condition()
        self._closed = False
        self._threads: list[threading.Thread] = []

    def put(self, job: Job) -> None:
        with self._changed:
            self._waiting.append(job)
            # Threads are made when they are first needed: most sessions never use them all.
            busy = len(self._running) + len(self._waiting)
            if len(self._threads) < min(busy, self._width):
                name = f"carrel-{self._name}-{len(self._threads) + 1}"
                self._threads.append(threading.Thread(target=self._serve, name=name))
                self._threads[-1].start()
            self._changed.notify()

    def abort(self, request_id: str) -> Job | None:
        """Flag the job of this id if it is at work; one that only waits is returned, to be ended."""
        with self._changed:
            for job in self._waiting:
                if job.request_id == request_id:
                    self._waiting.remove(job)
                    return job
            for job in self._running:
                if job.request_id == request_id:
                    job.abort.set()
        return None

    def close(self, timeout: float | None = None) -> list[Job]:
        """Abort what runs and end the threads; return what still waited, to be ended."""
        with self._changed:
            self._closed = True
            waiting = list(self._waiting)
            self._waiting.clear()
            for job in self._running:
                job.abort.set()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout)
        return waiting

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            try:
                job.run()
            finally:
                with self._changed:
                    self._running.remove(job)

    def _next(self) -> Job | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            # Running from here on: an abort finds it in one list or the other.
            self._running.append(self._waiting.popleft())
            return self._running[-1]
