"""The names of a text as rows: by count, filtered by kind and by what is typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.text_tools.results import Entity

Index = QModelIndex | QPersistentModelIndex
ENTITY_ROLE = Qt.ItemDataRole.UserRole + 1
MOST_ROLE = ENTITY_ROLE + 1  # the count of the most frequent name, for the bars


class EntityModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._all: tuple[Entity, ...] = ()
        self._rows: list[Entity] = []
        self._hidden: frozenset[str] = frozenset()
        self._search = ""

    def set_entities(self, entities: tuple[Entity, ...]) -> None:
        self._all = entities
        self._filter()

    def hide_labels(self, labels: frozenset[str]) -> None:
        self._hidden = labels
        self._filter()

    def search(self, text: str) -> None:
        self._search = text.strip().casefold()
        self._filter()

    def entity(self, index: Index) -> Entity | None:
        return self._rows[index.row()] if index.isValid() else None

    def row_of_mention(self, number: int) -> int:
        """The row of the name that this mention belongs to, or -1."""
        return next((n for n, entity in enumerate(self._rows) if number in entity.mentions), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entity = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(entity.text.split())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entity.text}, {entity.count}"
        if role == ENTITY_ROLE:
            return entity
        if role == MOST_ROLE:
            return max(row.count for row in self._rows)
        return None

    def _filter(self) -> None:
        rows = [
            entity
            for entity in self._all
            if entity.label not in self._hidden and self._search in entity.text.casefold()
        ]
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
