"""How many threads to decode with, corrected while decoding.

Threads that wait for each other at every layer collapse when another program takes one of their
cores: two threads on two busy cores are ten times slower than one thread. So the time of each token
is watched. When tokens take much longer than those just before, one thread is tried, and goes on
alone if that is faster; all of them are tried again from time to time. A text that grows makes its
tokens slower too, only never as fast: so nothing is compared but windows next to each other.
"""

from __future__ import annotations

import math
import statistics
from collections import deque

WINDOW = 6  # tokens that are judged together
LEAST = 3  # or so many, when they already took as long as a whole window may
RECENT = 4  # windows that the next one is compared with
SLOWDOWN = 1.5  # against the fastest of these, before one thread is tried
RETRY_TOKENS = 48  # with one thread before all are tried again; twice as many after each failure
MOST_RETRY_TOKENS = 384


class ThreadGovernor:
    """Feed `record` the seconds of each decoded token; it returns the thread count to use next.

    `begin` with 1 if that was faster a moment ago: `n_threads` are tried when things have settled.
    """

    def __init__(self, n_threads: int, begin: int = 0) -> None:
        self.full = n_threads
        self.current = begin or n_threads
        self._window: list[float] = []
        self._recent: deque[float] = deque(maxlen=RECENT)  # medians with the present count
        self._rival: float | None = None  # the other count's median, while this one is on trial
        self._since_switch = 0
        self._retry_tokens = RETRY_TOKENS

    def record(self, seconds: float) -> int:
        if self.full == 1:
            return 1
        self._window.append(seconds)
        self._since_switch += 1
        if len(self._window) >= WINDOW or self._is_hopeless():
            median = statistics.median(self._window)
            self._window.clear()
            self._judge(median)
        return self.current

    def _is_hopeless(self) -> bool:
        """These few took longer than a whole window may, and not because of a single one."""
        if len(self._window) < LEAST:
            return False
        most = WINDOW / LEAST * SLOWDOWN * (self._rival or min(self._recent, default=math.inf))
        return self._window[-1] > most and statistics.median(self._window) > most

    def _judge(self, median: float) -> None:
        rival, self._rival = self._rival, None
        if rival is not None:
            self._judge_trial(median, rival)
        elif self.current == self.full:
            if self._recent and median > SLOWDOWN * min(self._recent):
                self._try(1, median)
        elif self._since_switch >= self._retry_tokens:
            self._try(self.full, median)
        self._recent.append(median)

    def _judge_trial(self, median: float, rival: float) -> None:
        wins = median < rival
        if self.current == self.full:
            self._retry_tokens = (
                RETRY_TOKENS if wins else min(2 * self._retry_tokens, MOST_RETRY_TOKENS)
            )
        if not wins:
            self._switch(1 if self.current == self.full else self.full)

    def _try(self, n_threads: int, median: float) -> None:
        self._switch(n_threads)
        self._rival = median

    def _switch(self, n_threads: int) -> None:
        self.current, self._since_switch = n_threads, 0
        self._recent.clear()
