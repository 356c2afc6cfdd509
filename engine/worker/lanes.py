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
        self.taken = False  # out of its lane: whoever took it ends it
        self.work = start(self)

    def end(self) -> None:
        """Stop it and drive it to its end; for a job that is not at work on its lane's thread."""
        self.abort.set()
        for _ in self.work:
            pass


class Lane:
    def __init__(self, name: str) -> None:
        self._heap: list[tuple[int, int, Job]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._running: list[Job] = []  # the last one is at work, those before it wait for it
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=f"carrel-{name}")

    def start(self) -> None:
        self._thread.start()

    def put(self, job: Job) -> None:
        with self._changed:
            heapq.heappush(self._heap, (job.priority, next(self._order), job))
            self._changed.notify()

    def abort(self, request_id: str) -> Job | None:
        """Flag the job of this id if it is at work; one that only waits is returned, to be ended."""
        with self._changed:
            for item in self._heap:
                if item[2].request_id == request_id:
                    self._heap.remove(item)
                    heapq.heapify(self._heap)
                    return item[2]
            for job in self._running:
                if job.request_id == request_id:
                    job.abort.set()
                    if job is not self._running[-1]:
                        self._running.remove(job)
                        job.taken = True
                        return job
        return None

    def close(self, timeout: float | None = None) -> list[Job]:
        """Abort what runs and end the thread; return what still waited, to be ended."""
        with self._changed:
            self._closed = True
            waiting = [job for _, _, job in sorted(self._heap)]
            self._heap.clear()
            for job in self._running:
                job.abort.set()
            self._changed.notify()
        self._thread.join(timeout)
        return waiting

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._drive(job)

    def _next(self) -> Job | None:
        with self._changed:
            while not self._heap and not self._closed:
                self._changed.wait()
            return None if self._closed else self._take()

    def _take(self) -> Job:
        """The first job, running from here on: an abort finds it in one list or the other."""
        job = heapq.heappop(self._heap)[2]
        self._running.append(job)
        return job

    def _more_urgent_than(self, job: Job) -> Job | None:
        with self._changed:
            if self._heap and not self._closed:
                first = self._heap[0][2]
                # Another model would take this job's model away from under it.
                if first.priority < job.priority and first.model == job.model:
                    return self._take()
        return None

    def _drive(self, job: Job) -> None:
        try:
            for _ in job.work:
                while (urgent := self._more_urgent_than(job)) is not None:
                    self._drive(urgent)
                    if job.taken:  # stopped while it waited; another thread has ended it
                        return
        finally:
            with self._changed:
                if not job.taken:
                    self._running.remove(job)
