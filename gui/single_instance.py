"""One Carrel per data folder: a second start tells the first to come to the front.

A lock file decides who is first; a later start rings by making a file beside it, which the first one
takes away as its answer. No networking library is loaded for that, and nothing is left to clean up
after a crash: a lock whose owner is gone does not count, and a bell is only heard by who is there.
"""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QLockFile, QObject, Signal

from engine.paths import data_folder

ANSWER_SECONDS = 2.0


class SingleInstance(QObject):
    """`is_first` once, then `listen`; `second_start` tells of every later start."""

    second_start = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = QLockFile(str(data_folder() / "window.lock"))
        self._lock.setStaleLockTime(0)
        self._watcher: QFileSystemWatcher | None = None

    def is_first(self) -> bool:
        """True if no other window uses this data folder; otherwise that window was raised.

        A folder that cannot be written counts as first: the window must come up to say so.
        """
        try:
            data_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return True
        if self._lock.tryLock(0) or self._lock.error() != QLockFile.LockError.LockFailedError:
            return True
        return not self._ring()

    def listen(self) -> None:
        """Hear later starts from now on, and one that rang already."""
        self._watcher = QFileSystemWatcher([str(data_folder())], self)
        self._watcher.directoryChanged.connect(self._on_watcher_directory_changed)
        self._on_watcher_directory_changed()

    def close(self) -> None:
        if self._watcher is not None:
            self._watcher.deleteLater()
            self._watcher = None
        self._lock.unlock()

    def _ring(self) -> bool:
        """Whether the first window answered."""
        bell = _bell()
        try:
            bell.touch()
            end = time.monotonic() + ANSWER_SECONDS
            while bell.exists() and time.monotonic() < end:
                time.sleep(0.02)
            heard = not bell.exists()
            bell.unlink(missing_ok=True)
        except OSError:
            return False
        return heard

    def _on_watcher_directory_changed(self, folder: str = "") -> None:
        try:
            _bell().unlink()
        except OSError:
            return  # something else changed in the folder
        self.second_start.emit()


def _bell() -> Path:
    return data_folder() / "window.bell"
