"""The real window with the real engine, answering: how long is any one turn of the event loop?

Prints one JSON line: gaps between the beats of a 1 ms timer, in milliseconds, as p50, p99 and the
largest, and how many tokens a second were shown meanwhile. `idle` measures the same without an answer:
what the machine itself does to a process.
"""

from __future__ import annotations

import itertools
import json
import sys
import time


def main(kind: str) -> int:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from engine.client import EngineClient
    from gui.app import Carrel

    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    carrel = Carrel(EngineClient)
    window = carrel.window
    window.resize(1280, 820)
    window.show()
    carrel.settings.change(max_tokens=512, temperature=0.0, repeat_penalty=1.0)
    beats: list[float] = []
    timer = QTimer(app)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(1)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))

    def begin() -> None:
        if not hasattr(carrel, "services") or carrel.services.model.info is None:
            QTimer.singleShot(100, begin)
            return
        if kind == "idle":
            timer.start()
            QTimer.singleShot(5000, end)
            return
        page = window.page("chat")
        timer.start()
        page.session.send(  # type: ignore[attr-defined]
            "Write a long story about a lighthouse keeper, with headings, lists and Python code."
        )
        QTimer.singleShot(500, wait)

    def wait() -> None:
        if carrel.services.engine.open_replies():
            QTimer.singleShot(50, wait)
        else:
            QTimer.singleShot(200, end)

    def end() -> None:
        timer.stop()
        gaps = sorted((b - a) * 1000 for a, b in itertools.pairwise(beats))
        print(
            json.dumps(
                {
                    "p50": gaps[len(gaps) // 2],
                    "p99": gaps[int(len(gaps) * 0.99)],
                    "max": gaps[-1],
                    "seconds": beats[-1] - beats[0],
                }
            ),
            flush=True,
        )
        app.quit()

    window.painted.connect(lambda: QTimer.singleShot(200, begin))
    app.exec()
    carrel.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
