"""The documents on the desk as rows, with how far their text tools are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.desk_session import DeskEntry
from gui.widgets.plain import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
PROGRESS_ROLE = ENTRY_ROLE + 1  # (runs, share or None, has a result)

ProgressOf = Callable[[int], tuple[bool, float | None, bool]]


class DeskModel(QAbstractListModel):
    def __init__(self, progress_of: ProgressOf, parent: QObject) -> None:
        super().__init__(parent)
        self._progress_of = progress_of
        self._all: list[DeskEntry] = []
        self._rows: list[DeskEntry] = []
        self._search = ""

    def set_entries(self, entries: list[DeskEntry]) -> None:
        self._all = entries
        self._filter()

    def search(self, text: str) -> None:
        self._search = text.strip().casefold()
        self._filter()

    def entry(self, index: Index) -> DeskEntry | None:
        return self._rows[index.row()] if index.isValid() else None

    def index_of(self, key: int | None) -> QModelIndex:
        row = next((n for n, entry in enumerate(self._rows) if entry.key == key), -1)
        return self.index(row) if row >= 0 else QModelIndex()

    def progress_changed(self, key: int) -> None:
        index = self.index_of(key)
        if index.isValid():
            self.dataChanged.emit(index, index, [PROGRESS_ROLE])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(entry.name.split())
        if role == Qt.ItemDataRole.ToolTipRole:
            if entry.error is not None:
                return plain_tooltip(f"{entry.error.message}\n{entry.error.hint}".strip())
            return plain_tooltip(entry.path or entry.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            reason = entry.error.one_line() if entry.error else ""
            return f"{entry.name} {reason}".strip()
        if role == ENTRY_ROLE:
            return entry
        if role == PROGRESS_ROLE:
            return self._progress_of(entry.key)
        return None

    def _filter(self) -> None:
        rows = [entry for entry in self._all if self._search in entry.name.casefold()]
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
