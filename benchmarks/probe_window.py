"""A window in a process of its own, for `benchmarks.window`: `carrel`, or an `empty` PySide6 window.

Prints "painted" at the first paint, "settled" when nothing more is being set up, and ends when its
standard input does. What a user's first start does is done here too: database, worker, model.
"""

from __future__ import annotations

import sys
import threading

SETTLE_MILLISECONDS = 4000


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def quit_with_parent() -> None:
    """Wait for the end of standard input on a thread, then end the event loop from its own."""
    from PySide6.QtCore import QCoreApplication, QMetaObject, Qt

    def wait() -> None:
        sys.stdin.read()
        app = QCoreApplication.instance()
        if app is not None:
            QMetaObject.invokeMethod(app, "quit", Qt.ConnectionType.QueuedConnection)

    threading.Thread(target=wait, daemon=True).start()


def empty() -> int:
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class EmptyWindow(QMainWindow):
        was_painted = False

        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            if not self.was_painted:
                self.was_painted = True
                say("painted")
                QTimer.singleShot(SETTLE_MILLISECONDS, lambda: say("settled"))

    app = QApplication(sys.argv)
    window = EmptyWindow()
    window.resize(1280, 820)
    window.show()
    quit_with_parent()
    return app.exec()


def carrel() -> int:
    from PySide6.QtCore import QTimer

    import gui.app

    def tell(parts: gui.app.Carrel) -> None:
        say("painted")
        QTimer.singleShot(SETTLE_MILLISECONDS, lambda: check(parts))

    def check(parts: gui.app.Carrel) -> None:
        heavy = {"torch", "transformers", "llama_cpp"} & set(sys.modules)
        assert not heavy, f"the window's process imported {heavy}"
        assert parts.services.model.info is not None, "the model was not loaded"
        say("settled")

    original = gui.app.Carrel.__init__

    def watched(self: gui.app.Carrel, *arguments: object) -> None:
        original(self, *arguments)  # type: ignore[arg-type]
        self.window.painted.connect(lambda: tell(self))
        quit_with_parent()

    gui.app.Carrel.__init__ = watched  # type: ignore[method-assign]
    return gui.app.main(sys.argv[:1])


if __name__ == "__main__":
    sys.exit({"carrel": carrel, "empty": empty}[sys.argv[1]]())
