"""How long single turns of Qt's event loop take, measured from inside it.

Counted is the processor time of the window's thread, so that another program on the machine fails no
test, and what other tests left in memory is kept from the garbage collector, which would take half a
second to look through it; how long a person waits is measured by `benchmarks.window`.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, Qt, QTimer


class StallMeter(QObject):
    """Between `start` and `stop`: `turns` holds the milliseconds between two ticks of the loop."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.turns: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self, interval=1)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)

    def start(self) -> None:
        self.turns.clear()
        gc.collect()
        gc.freeze()
        self._last = time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        self._on_timer_timeout()
        self._timer.stop()
        gc.unfreeze()

    def longest(self) -> float:
        return max(self.turns)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.turns)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def _on_timer_timeout(self) -> None:
        now = time.thread_time()
        self.turns.append((now - self._last) * 1000)
        self._last = now
