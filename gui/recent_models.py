"""The GGUF files that were opened before, the latest first; kept beside the window's own state.

It knows paths only: whether a file is still there shows when it is opened again.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Signal

from engine.paths import config_folder

MOST = 8
KEY = "recent_models"


class RecentModels(QObject):
    """`paths()` is never longer than `MOST`; `changed` follows every change."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = QSettings(str(config_folder() / "window.ini"), QSettings.Format.IniFormat)

    def paths(self) -> list[str]:
        kept = self._store.value(KEY)
        # QSettings gives back a list of one as a plain text.
        kept = [kept] if isinstance(kept, str) else kept or []
        return [path for path in kept if isinstance(path, str) and path]

    def add(self, path: str) -> None:
        """`path` was opened just now."""
        before = self.paths()
        if before[:1] != [path]:
            self._keep([path, *(old for old in before if old != path)][:MOST])

    def forget(self, path: str) -> None:
        """Take it off the list; the file itself is left alone."""
        self._keep([old for old in self.paths() if old != path])

    def _keep(self, paths: list[str]) -> None:
        self._store.setValue(KEY, paths)
        self.changed.emit()
