"""Whether the file of a document was changed since it was read, without widgets.

It is looked at when the document is opened and when the window comes to the front, not all the time.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.storage.records import StoredDocument
from gui.services import Services

TOLERANCE = 1.0  # seconds; storage keeps whole ones


class FileWatch(QObject):
    """`told` says of a document (id) whether its file is newer than its text."""

    told = Signal(int, bool)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._settled: dict[str, float] = {}  # by path: the change that was read or is known

    def look(self, stored: StoredDocument | None) -> None:
        """`told` follows, unless the document has no file."""
        if stored is None or not stored.document.path:
            return
        path, read_at = stored.document.path, stored.added_at

        def done(modified: float | None) -> None:
            is_known = modified is None or modified == self._settled.get(path)
            is_newer = (modified or 0.0) > _seconds(read_at) + TOLERANCE
            self.told.emit(stored.id, is_newer and not is_known)

        # A disk that sleeps must not hold up the window.
        self._services.background.run(self, lambda: modified_at(path)).then(done)

    def settle(self, path: str) -> None:
        """The file is about to be read: what it is now is no news, whatever its clock says."""

        def done(modified: float | None) -> None:
            if modified is not None:
                self._settled[path] = modified

        self._services.background.run(self, lambda: modified_at(path)).then(done)


def modified_at(path: str) -> float | None:
    """Seconds since the epoch, of the archive if the file is inside one; None if it is gone."""
    for place in (Path(path), *Path(path).parents):
        try:
            if place.is_file():
                return place.stat().st_mtime
            if place.is_dir():
                return None
        except (OSError, ValueError):
            return None
    return None


def _seconds(time: str) -> float:
    """Of a time as storage writes it."""
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()
