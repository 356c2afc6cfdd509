"""The models that were opened before, the latest first; kept beside the window's own state.

An entry is a file's or folder's path, or a server's address with its model's name after a "#". It
knows names only: whether something is still there shows when it is opened again.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Signal

from engine.paths import config_folder
from engine.server_address import is_address

MOST = 8
KEY = "recent_models"


def entry_of(path: str, remote_model: str = "") -> str:
    return f"{path}#{remote_model}" if is_address(path) else path


def parts_of(entry: str) -> tuple[str, str]:
    """The path, or the address and the model's name; an address never has a "#" in it."""
    if not is_address(entry):
        return entry, ""
    address, _, remote_model = entry.partition("#")
    return address, remote_model


class RecentModels(QObject):
    """`paths()` has entries, never more than `MOST`; `changed` follows every change."""

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
