"""The names of a text as a table: name, type, count and how sure; sorted, and filtered by type and by
what is typed. It knows no widget.

It sorts and filters by itself: a proxy would ask Python twice for every comparison, and partial
results come many times while a long text is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.text_tools.results import Entity
from engine.types import Span

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
Key = tuple[str, str]


class Column(IntEnum):
    NAME = 0
    TYPE = 1
    COUNT = 2
    SURE = 3


class EntityRow(NamedTuple):
    """`sure` is the mean score of its mentions, None where none has one; `place` is by count."""

    entity: Entity
    sure: float | None
    type_title: str
    place: int

    def key(self) -> Key:
        return self.entity.text, self.entity.label


class EntityModel(QAbstractTableModel):
    """`title_of` gives a label's name."""

    def __init__(self, title_of: Callable[[str], str], parent: QObject) -> None:
        super().__init__(parent)
        self._title_of = title_of
        self._all: list[EntityRow] = []
        self._rows: list[EntityRow] = []
        self._places: dict[Key, int] = {}
        self._hidden: frozenset[str] = frozenset()
        self._search = ""
        self._column, self._descending = Column.COUNT, True

    def set_entities(self, entities: Sequence[Entity], spans: Sequence[Span]) -> None:
        """`entities` by count; their mentions are indexes into `spans`."""
        self._all = [
            EntityRow(entity, _mean(entity, spans), self._title_of(entity.label), place)
            for place, entity in enumerate(entities)
        ]
        self._arrange()

    def hide_labels(self, labels: frozenset[str]) -> None:
        self._hidden = labels
        self._arrange()

    def search(self, text: str) -> None:
        """Keep the names that have these letters in any of their forms."""
        self._search = " ".join(text.split()).casefold()
        self._arrange()

    def order(self) -> tuple[Column, bool]:
        """The column that rows are sorted by, and whether the largest come first."""
        return self._column, self._descending

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._descending = Column(column), order == Qt.SortOrder.DescendingOrder
        self._arrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def entity(self, index: Index) -> Entity | None:
        return self._rows[index.row()].entity if index.isValid() else None

    def rows(self) -> list[EntityRow]:
        """Those that are shown, in their order."""
        return self._rows

    def is_empty(self) -> bool:
        """Whether there are no names at all, shown or not."""
        return not self._all

    def row_of(self, key: Key) -> int:
        """The row of a name, or -1."""
        return self._places.get(key, -1)

    def row_of_mention(self, number: int) -> int:
        """The row of the name that this mention belongs to, or -1."""
        rows = enumerate(self._rows)
        return next((n for n, row in rows if number in row.entity.mentions), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(row, Column(index.column()))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() >= Column.COUNT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(word for column in Column if (word := self._words(row, column)))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            arrow = ("↓" if self._descending else "↑") if section == self._column else ""
            title = self.titles()[section]
            return (f"{arrow} {title}" if section >= Column.COUNT else f"{title} {arrow}").strip()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if section >= Column.COUNT
                else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole and section == Column.SURE:
            return self.tr("How sure the reader is, over all mentions")
        return None

    def titles(self) -> tuple[str, ...]:
        return self.tr("Name"), self.tr("Type"), self.tr("Count"), self.tr("Sure")

    def _words(self, row: EntityRow, column: Column) -> str:
        match column:
            case Column.NAME:
                return " ".join(row.entity.text.split())
            case Column.TYPE:
                return row.type_title
            case Column.COUNT:
                return str(row.entity.count)
            case Column.SURE:
                return "" if row.sure is None else f"{row.sure * 100:.0f} %"

    def _arrange(self) -> None:
        rows = [
            row for row in self._all if row.entity.label not in self._hidden and self._is_found(row)
        ]
        if (self._column, self._descending) != (Column.COUNT, True):  # they come by count
            rows.sort(key=self._sort_key, reverse=self._descending)
        if rows == self._rows:
            return
        if [row.key() for row in rows] == [row.key() for row in self._rows]:
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(Column) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self._places = {row.key(): place for place, row in enumerate(rows)}
        self.endResetModel()

    def _is_found(self, row: EntityRow) -> bool:
        names = (row.entity.text, *row.entity.forms)
        return not self._search or any(
            self._search in " ".join(name.split()).casefold() for name in names
        )

    def _sort_key(self, row: EntityRow) -> Any:
        """What is equal stays by count, whichever way rows are sorted."""
        rank = -row.place if self._descending else row.place
        match self._column:
            case Column.NAME:
                return row.entity.text.casefold(), rank
            case Column.TYPE:
                return row.type_title, rank
            case Column.COUNT:
                return row.entity.count, rank
            case Column.SURE:
                return -1.0 if row.sure is None else row.sure, rank


def _mean(entity: Entity, spans: Sequence[Span]) -> float | None:
    scores = [score for at in entity.mentions if (score := spans[at].score) is not None]
    return sum(scores) / len(scores) if scores else None
