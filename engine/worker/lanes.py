"""A lane is one thread with a queue of jobs, the most urgent first.

The model lane owns the model; the documents lane owns the parsers (PDFium allows one thread only).
A job is a generator: wherever it yields, more urgent jobs for the same model are run in between, so
that a chat never waits for a whole document. A lane does not know what its jobs do.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator

from engine.contracts import AbortFlag
from engine.types import ModelSpec


class Job:
    """A request on its way: `work` is driven to its end exactly once, unless it never started."""

    def __init__(
        self,
        request_id: str,
        priority: int,
        model: ModelSpec | None,
        start: Callable[[Job], Iterator[None]],
    ) -> None:
        self.request_id = request_id
        self.priority = priority  # lower is more urgent
        self.model = model
        self.abort = AbortFlag()
        self.work = start(self)


class Lane:
    def __init__(self, name: str) -> None:
        self._heap: list[tuple[int, int, Job]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._running: list[Job] = []
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=f"carrel-{name}")

    def start(self) -> None:
        self._thread.start()

    def put(self, job: Job) -> None:
        with self._changed:
            heapq.heappush(self._heap, (job.priority, next(self._order), job))
            self._changed.notify()

    def abort(self, request_id: str) -> Job | None:
        """Flag the running job of this id; a job that only waits is taken out and returned."""
        with self._changed:
            for job in self._running:
                if job.request_id == request_id:
                    job.abort.set()
            for item in self._heap:
                if item[2].request_id == request_id:
                    self._heap.remove(item)
                    heapq.heapify(self._heap)
                    return item[2]
        return None

    def close(self, timeout: float | None = None) -> None:
        """Abort what runs, drop what waits, and end the thread."""
        with self._changed:
            self._closed = True
            self._heap.clear()
            for job in self._running:
                job.abort.set()
            self._changed.notify()
        self._thread.join(timeout)

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._drive(job)

    def _next(self) -> Job | None:
        with self._changed:
            while not self._heap and not self._closed:
                self._changed.wait()
            return None if self._closed else heapq.heappop(self._heap)[2]

    def _more_urgent_than(self, job: Job) -> Job | None:
        with self._changed:
            if self._heap and not self._closed:
                first = self._heap[0][2]
                # Another model would take this job's model away from under it.
                if first.priority < job.priority and first.model == job.model:
                    return heapq.heappop(self._heap)[2]
        return None

    def _drive(self, job: Job) -> None:
        self._running.append(job)
        try:
            for _ in job.work:
                while (urgent := self._more_urgent_than(job)) is not None:
                    self._drive(urgent)
        finally:
            self._running.remove(job)
