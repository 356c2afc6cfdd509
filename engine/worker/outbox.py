"""What a job says while it runs: deltas joined to at most 40 a second, progress to at most 20."""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.protocol import Event, Partial, Progress, TextDelta

DELTA_SECONDS = 1 / 40
PROGRESS_SECONDS = 1 / 20


class Outbox:
    """One per request. Nothing that was said is lost: `flush` sends what is still held back."""

    def __init__(self, request_id: str, emit: Callable[[Event], None]) -> None:
        self._request_id = request_id
        self._emit = emit
        self._held: list[str] = []
        self._tokens = 0
        self._reasoning = False
        self._last_delta = 0.0
        self._last_progress = 0.0
        self._last_stage = ""

    def delta(self, text: str, tokens: int, *, reasoning: bool = False) -> None:
        if reasoning != self._reasoning:
            self.flush()
            self._reasoning = reasoning
        self._tokens = tokens
        if text:
            self._held.append(text)
        if time.monotonic() - self._last_delta >= DELTA_SECONDS:
            self.flush()

    def flush(self) -> None:
        if self._held:
            text = "".join(self._held)
            self._emit(TextDelta(self._request_id, text, self._tokens, self._reasoning))
            self._held.clear()
            self._last_delta = time.monotonic()

    def progress(self, stage: str, done: float, total: float) -> None:
        now = time.monotonic()
        is_edge = stage != self._last_stage or done >= total
        if is_edge or now - self._last_progress >= PROGRESS_SECONDS:
            self._last_progress, self._last_stage = now, stage
            self._emit(Progress(self._request_id, stage, float(done), float(total)))

    def partial(self, result: dict[str, object]) -> None:
        self._emit(Partial(self._request_id, result))
