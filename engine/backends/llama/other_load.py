"""How much of the processor other programs take, while this one measures something."""

from __future__ import annotations

import os
import time
from pathlib import Path

_STAT = Path("/proc/stat")
_IDLE, _WAITING = 3, 4  # columns of /proc/stat that are not work
_COUNTED = 8  # user … steal; the guests' time behind them is in user's already


class OtherLoad:
    """From now on. Time that the machine's host took away ("steal") counts as others'."""

    def __init__(self) -> None:
        self._begin = _sample()

    def cores(self) -> float:
        """Cores kept busy by others since the beginning; 0.0 where that cannot be known."""
        (at, own, busy), (now, own_now, busy_now) = self._begin, _sample()
        seconds = now - at
        if seconds <= 0 or not busy_now:
            return 0.0
        return max((busy_now - busy - (own_now - own)) / seconds, 0.0)


def _sample() -> tuple[float, float, float]:
    """Now, this process's time on the processor, everybody's; in seconds."""
    return time.monotonic(), time.process_time(), _busy()


def _busy() -> float:
    try:
        cpus = {f"cpu{number}" for number in os.sched_getaffinity(0)}
        ticks = 0
        for line in _STAT.read_text(encoding="ascii").splitlines():
            name, *columns = line.split()
            if name in cpus:
                counted = [int(column) for column in columns[:_COUNTED]]
                ticks += sum(counted) - counted[_IDLE] - counted[_WAITING]
        return ticks / os.sysconf("SC_CLK_TCK")
    except (AttributeError, OSError, ValueError, IndexError):
        return 0.0
