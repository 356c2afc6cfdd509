"""The settings as they are now; changes are written at once and announced."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.settings import HIDDEN, Settings, load_settings, save_settings


class SettingsStore(QObject):
    """`current` is immutable; `change(theme="dark")` replaces, saves and emits `changed`.

    A file that cannot be written raises `SettingsError` after the change took effect in memory.
    """

    changed = Signal(object)  # Settings

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self.current, self.remarks = load_settings(path)

    def change(self, **values: Any) -> None:
        changed = dataclasses.replace(self.current, **values)
        if changed == self.current:
            return
        self.current = changed
        self.changed.emit(changed)
        save_settings(changed, self._path)

    def reset(self) -> None:
        """Every setting of the page back to its default, but not the chosen model."""
        fields = dataclasses.fields(Settings)
        self.change(**{f.name: f.default for f in fields if f.metadata["group"] != HIDDEN})
