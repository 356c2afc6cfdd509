"""One client, many requests of a `Crowd`'s: sends, stops some, takes in what comes, and notes what
should not be.
"""

from __future__ import annotations

import heapq
import json
import os
import queue
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import psutil

from engine.client import EngineClient
from engine.kept_state import SUFFIX, hashed, states_folder
from engine.protocol import (
    Abort,
    Event,
    KeptState,
    RequestFailed,
    RequestFinished,
    TextDelta,
    WorkerDied,
    new_request_id,
)
from engine.types import FinishReason
from tests.proofs.soak_answers import Sample
from tests.proofs.soak_requests import KV_DISK_MB, Asked, Crowd

MB = 2**20
IN_FLIGHT = 8
STOPPED_SHARE = 0.15
REST_EVERY = 40  # requests; then everybody rests for so long that conversations are saved
REST_SECONDS = 1.0
STUCK_SECONDS = 90.0


@dataclass(eq=False)
class Open:
    """A request on its way."""

    asked: Asked
    text: list[str] = field(default_factory=list)
    stopped_at: float = 0.0


class Soak:
    """Sends `total` requests of a crowd's and takes in what comes; `wrong` has what should not be."""

    def __init__(self, client: EngineClient, crowd: Crowd, total: int, seed: int) -> None:
        self._client, self._crowd, self._total = client, crowd, total
        self._chance = random.Random(seed)
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        client.set_listener(self._events.put)
        self._open: dict[str, Open] = {}
        self._ended: set[str] = set()
        self._stops: list[tuple[float, str]] = []
        self.sent = 0
        self.most_at_once = 0
        self.wrong: list[str] = []
        self.counts: dict[str, int] = {}
        self.stop_seconds: dict[str, list[float]] = {}
        self.samples: list[Sample] = []
        self.marks: list[dict[str, float]] = []  # the worker at rest, with nothing kept
        self.tokens = {"prompt": 0, "cached": 0, "written": 0}

    def run(self, marks: int) -> None:
        """All requests; the worker is looked at that many times, at the end the last time."""
        for mark in range(1, marks + 1):
            while self.sent < self._total * mark // marks:
                self._burst(min(REST_EVERY, self._total * mark // marks - self.sent))
                time.sleep(REST_SECONDS)
            self._mark()

    def ask(self, request: Any) -> RequestFinished | None:
        """One request by itself; not counted."""
        self._send(Asked(request, "check"), stoppable=False)
        return self._drain()

    def _burst(self, count: int) -> None:
        """So many requests, now fewer and now more of them at once."""
        last, width = self.sent + count, self._chance.randint(2, IN_FLIGHT)
        while self.sent < last:
            if self._chance.random() < 0.1:
                width = self._chance.randint(1, IN_FLIGHT)
            while len(self._open) < width and self.sent < last:
                self.sent += 1
                self._send(self._crowd.next(), stoppable=True)
            self._take_one()
        self._drain()

    def _send(self, asked: Asked, *, stoppable: bool) -> None:
        name = asked.request.request_id
        if asked.kind == "forget" and asked.talk is not None:  # as the window does it
            for other, waiting in self._open.items():
                if waiting.asked.talk is asked.talk:
                    self._stop(other)
        self._open[name] = Open(asked)
        self.most_at_once = max(self.most_at_once, len(self._open))
        self._count(asked.kind)
        self._client.send(asked.request)
        if stoppable and self._chance.random() < STOPPED_SHARE:
            delay = self._chance.choice((0.0, self._chance.uniform(0.0, 1.5)))
            heapq.heappush(self._stops, (time.monotonic() + delay, name))

    def _stop(self, name: str) -> None:
        waiting = self._open.get(name)
        if waiting is not None and not waiting.stopped_at:
            waiting.stopped_at = time.monotonic()
            self._client.send(Abort(name))

    def _drain(self) -> RequestFinished | None:
        end = None
        while self._open:
            end = self._take_one() or end
        return end

    def _take_one(self) -> RequestFinished | None:
        """Stop whose time has come, and take in one event."""
        while self._stops and self._stops[0][0] <= time.monotonic():
            self._stop(heapq.heappop(self._stops)[1])
        patience = STUCK_SECONDS
        if self._stops:
            patience = max(0.0, self._stops[0][0] - time.monotonic())
        try:
            event = self._events.get(timeout=patience)
        except queue.Empty:
            if patience < STUCK_SECONDS:
                return None
            kinds = [waiting.asked.kind for waiting in self._open.values()]
            raise RuntimeError(f"nothing came for {STUCK_SECONDS} s; open: {kinds}") from None
        return self._take(event)

    def _take(self, event: Event) -> RequestFinished | None:
        if isinstance(event, WorkerDied):
            self.wrong.append(f"the worker died ({event.exit_code}): {event.log_tail[-2000:]}")
            return None
        name = getattr(event, "request_id", "")
        if name in self._ended:
            self.wrong.append(f"{type(event).__name__} after a request's end")
        waiting = self._open.get(name)
        if waiting is None:
            return None
        if isinstance(event, TextDelta):
            waiting.text.append(event.text)
        elif isinstance(event, (RequestFinished, RequestFailed)):
            self._ended.add(name)
            del self._open[name]
            self._end(waiting, event)
            return event if isinstance(event, RequestFinished) else None
        return None

    def _end(self, waiting: Open, event: RequestFinished | RequestFailed) -> None:
        asked, streamed = waiting.asked, "".join(waiting.text)
        if isinstance(event, RequestFailed):
            self.wrong.append(f"a {asked.kind} failed: {event.error}")
            self._crowd.took(asked, None)
            return
        if event.finish_reason is FinishReason.ABORT:
            self._count("stopped")
            if not waiting.stopped_at:
                self.wrong.append(f"a {asked.kind} ended as stopped that nobody stopped")
        if waiting.stopped_at:
            seconds = time.monotonic() - waiting.stopped_at
            self.stop_seconds.setdefault(asked.kind, []).append(seconds)
        if asked.kind in ("chat", "check") and event.result is not None and streamed:
            if event.result["text"] != streamed:
                self.wrong.append(f"streamed {streamed!r}, but ended with {event.result['text']!r}")
            self._look_at(asked, event)
        self._crowd.took(asked, streamed)

    def _look_at(self, asked: Asked, event: RequestFinished) -> None:
        params, usage, text = asked.request.params, event.usage, event.result["text"]
        self.tokens["prompt"] += usage.prompt_tokens
        self.tokens["cached"] += usage.cached_tokens
        self.tokens["written"] += usage.completion_tokens
        if usage.completion_tokens > params.max_tokens:
            self.wrong.append(f"{usage.completion_tokens} tokens where {params.max_tokens} may be")
        if any(stop in text for stop in params.stop):
            self.wrong.append(f"a stop string {params.stop} stands in {text!r}")
        if params.logprobs and len(event.result["scores"]) != usage.completion_tokens:
            self.wrong.append("an answer's scores are not as many as its tokens")
        if params.json_schema is not None and event.finish_reason is FinishReason.STOP:
            try:
                json.loads(text)
            except ValueError:
                self.wrong.append(f"not JSON: {text!r}")
        whole = event.finish_reason is not FinishReason.ABORT
        if asked.is_greedy or params.seed is not None:
            self.samples.append(Sample(asked.request.messages, params, text, whole))

    def _mark(self) -> None:
        """How large the worker is when nothing is kept, and whether what was deleted is gone."""
        ends = tuple(f"-{hashed(name)}{SUFFIX}" for name in self._crowd.deleted)
        files = list(states_folder().iterdir()) if states_folder().exists() else []
        if left := [path.name for path in files if path.name.endswith(ends)]:
            self.wrong.append(f"of deleted conversations there is still on disk: {left}")
        if sum(path.stat().st_size for path in files) > KV_DISK_MB * MB:
            self.wrong.append("more is kept on disk than may be")
        self.ask(KeptState(new_request_id(), forget_all=True))
        time.sleep(0.2)
        if states_folder().exists() and (left := os.listdir(states_folder())):
            self.wrong.append(f"after everything was forgotten there is still: {left}")
        pid = self._client.pid
        if pid is None:
            self.wrong.append("there is no worker")
            return
        worker = psutil.Process(pid)
        with worker.oneshot():
            self.marks.append(
                {
                    "requests": self.sent,
                    "mb": round(worker.memory_info().rss / MB, 1),
                    "threads": worker.num_threads(),
                    "files": worker.num_fds() if hasattr(worker, "num_fds") else 0,
                    "kept_files": len(files),
                }
            )
        print(self.marks[-1], file=sys.stderr, flush=True)

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
