"""A window in a process of its own, for `benchmarks.window`: `carrel`, or an `empty` PySide6 window.

Prints "painted" at the window's first paint, "ready" when its first page has been painted and can be
typed in, "settled" when nothing more is being set up, and ends when its standard input does. What a
user's start does is done here too: database, worker, model.
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
                say("ready")
                QTimer.singleShot(SETTLE_MILLISECONDS, lambda: say("settled"))

    app = QApplication(sys.argv)
    window = EmptyWindow()
    window.resize(1280, 820)
    window.show()
    quit_with_parent()
    return app.exec()


def carrel() -> int:
    """As `carrel` without arguments opens it."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    import gui.app

    class FirstPage(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                say("ready")
                watched.removeEventFilter(self)
                QTimer.singleShot(SETTLE_MILLISECONDS, check)
            return False

    def check() -> None:
        heavy = {"torch", "transformers", "llama_cpp"} & set(sys.modules)
        assert not heavy, f"the window's process imported {heavy}"
        assert parts[0].services.model.info is not None, "the model was not loaded"
        say("settled")

    parts: list[gui.app.Carrel] = []
    first_page = FirstPage()
    original_init, original_furnish = gui.app.Carrel.__init__, gui.app.Carrel.furnish

    def init(self: gui.app.Carrel, *arguments: object) -> None:
        original_init(self, *arguments)  # type: ignore[arg-type]
        parts.append(self)
        self.window.painted.connect(lambda: say("painted"))
        quit_with_parent()

    def furnish(self: gui.app.Carrel) -> None:
        original_furnish(self)
        self.window.current_page().installEventFilter(first_page)

    gui.app.Carrel.__init__ = init  # type: ignore[method-assign]
    gui.app.Carrel.furnish = furnish  # type: ignore[method-assign]
    return gui.app.main(sys.argv[:1])


if __name__ == "__main__":
    sys.exit({"carrel": carrel, "empty": empty}[sys.argv[1]]())
