"""How many threads to decode with, corrected while decoding.

Threads that wait for each other at every layer collapse when another program takes one of their
cores: two threads on two busy cores are ten times slower than one thread. So the time of each token
is watched, and the same work goes on with one thread while that is faster. Method: medians of short
windows, a retry of the full count after every `RETRY_TOKENS`.
"""

from __future__ import annotations

import statistics

WINDOW = 6
SLOWDOWN = 1.5  # against the best window seen, before fewer threads are tried
RETRY_TOKENS = 192


class ThreadGovernor:
    """Feed `record` the seconds of each decoded token; it returns the thread count to use next.

    `begin` with 1 if that was faster a moment ago: `n_threads` are tried when things have settled.
    """

    def __init__(self, n_threads: int, begin: int = 0) -> None:
        self.full = n_threads
        self.current = begin or n_threads
        self._window: list[float] = []
        self._best: float | None = None  # at the full count
        self._single: float | None = None  # last median with one thread
        self._since_switch = 0

    def record(self, seconds: float) -> int:
        if self.full == 1:
            return 1
        self._window.append(seconds)
        self._since_switch += 1
        if len(self._window) < WINDOW:
            return self.current
        median = statistics.median(self._window)
        self._window.clear()
        if self.current == self.full:
            self._judge_full(median)
        else:
            self._single = median
            if self._since_switch >= RETRY_TOKENS:
                self._switch(self.full)
        return self.current

    def _judge_full(self, median: float) -> None:
        self._best = median if self._best is None else min(self._best, median)
        just_retried = self._since_switch <= WINDOW and self._single is not None
        if just_retried and self._single is not None:
            if median > self._single:
                self._switch(1)
        elif median > SLOWDOWN * self._best:
            self._switch(1)

    def _switch(self, n_threads: int) -> None:
        self.current, self._since_switch = n_threads, 0
