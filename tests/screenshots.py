"""Pictures of every page, light and dark, empty and filled: `python -m tests.screenshots OUT`.

Each picture is a function that takes a `Stage` and brings the window into its state (it may return
another widget that is to be pictured instead), listed in `SHOTS` of a module beside this one,
`screenshot_pages_*.py`. Further words choose pictures by a part of their name:
`python -m tests.screenshots OUT chat`. CARREL_LANGUAGE=zh_CN
pictures the Chinese window. The window is the real one, with the echo backend and a
database of its own, so that what is shown is what the app shows.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui import translations

if TYPE_CHECKING:
    from gui.app import Carrel
    from gui.main_window import MainWindow

SIZE, THEMES = (1280, 820), ("light", "dark")


class Stage:
    """A window to be brought into the state that is to be pictured."""

    def __init__(self, carrel: Carrel) -> None:
        self.carrel = carrel
        self.services = carrel.services
        self.window: MainWindow = carrel.window

    def wait(self, seconds: float = 0.2) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.005)

    def wait_until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError
            self.wait(0.01)

    def stored(self, work: Callable[[], Any]) -> Any:
        """Do something on the storage thread and wait for its result."""
        results: list[Any] = []
        self.services.background.run(self.window, work).then(results.append)
        self.wait_until(lambda: bool(results))
        return results[0]


Act = Callable[[Stage], QWidget | None]
Shot = tuple[str, Act]


def shots() -> list[Shot]:
    """Of every `screenshot_pages_*.py` beside this file, in the order of their names."""
    found: list[Shot] = []
    for path in sorted(Path(__file__).parent.glob("screenshot_pages_*.py")):
        found += importlib.import_module(f"tests.{path.stem}").SHOTS
    return found


def take(name: str, act: Act, theme: str, out: Path) -> Path:
    """One picture, of a Carrel that starts and ends for it."""
    from engine.local_client import LocalClient
    from gui.app import Carrel

    with tempfile.TemporaryDirectory() as home:
        os.environ["CARREL_HOME"] = home
        carrel = Carrel(lambda: LocalClient("echo"))
        carrel.furnish()
        carrel.services.settings.change(theme=theme)
        stage = Stage(carrel)
        stage.window.resize(*SIZE)
        stage.window.show()
        stage.wait_until(lambda: carrel.services.model.state in ("ready", "failed"))
        shown = act(stage) or stage.window
        stage.wait(0.15)
        path = out / f"{name}_{theme}.png"
        shown.grab().save(str(path))
        carrel.close()
        carrel.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return path


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    out, wanted = Path(arguments[0]), arguments[1:]
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    translations.install(os.environ.get("CARREL_LANGUAGE", "en"), app)
    for name, shot in shots():
        if not wanted or any(word in name for word in wanted):
            for theme in THEMES:
                print(take(name, shot, theme, out))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
