"""A table of files as rows and columns: the file, and a cell for each thing that is asked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from engine.file_tables.table import Cell, Column, FileRow
from gui.file_table_words import cell_words, column_title
from gui.table_session import TableSession
from gui.theme import Theme
from gui.widgets.plain import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole + 1


class FileTableModel(QAbstractTableModel):
    """Reads the session's rows; `refresh` when another table is shown, `row_changed` for one row."""

    def __init__(self, session: TableSession, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._paths: list[str] = []
        self._places: dict[str, int] = {}
        self._columns: tuple[Column, ...] = ()
        theme.changed.connect(self._on_theme_changed)

    def refresh(self) -> None:
        columns = self._session.spec.columns if self._session.spec else ()
        paths = list(self._session.rows)
        if (paths, columns) == (self._paths, self._columns):
            self._on_theme_changed()
            return
        self.beginResetModel()
        self._paths, self._columns = paths, columns
        self._places = {path: number for number, path in enumerate(paths)}
        self.endResetModel()

    def row_changed(self, path: str) -> None:
        row = self._places.get(path)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._columns)))

    def file(self, index: Index) -> FileRow | None:
        return self._session.rows.get(self._paths[index.row()]) if index.isValid() else None

    def column(self, index: Index) -> Column | None:
        """None for the file's own."""
        return self._columns[index.column() - 1] if index.column() > 0 else None

    def cell(self, index: Index) -> Cell | None:
        row, column = self.file(index), self.column(index)
        if row is None or column is None or self._session.spec is None:
            return None
        return row.cells.get(self._session.spec.key(column))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._paths)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns) + bool(self._paths)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        title = self.tr("File") if section == 0 else column_title(self._columns[section - 1])
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(title)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, SORT_ROLE):
            words = self._words(index)
            cell = self.cell(index)
            if role == SORT_ROLE:
                share = cell.value if cell is not None and cell.value is not None else 0.0
                return f"{words.casefold()}\0{share:.4f}"
            return words
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._theme.color(self._token(index))
        if role == Qt.ItemDataRole.ToolTipRole:
            row = self.file(index)
            return plain_tooltip(self._words(index) if index.column() else row.path if row else "")
        return None

    def _words(self, index: Index) -> str:
        """On one line."""
        row, cell, column = self.file(index), self.cell(index), self.column(index)
        if row is None:
            return ""
        if column is None:
            return " ".join(row.name.split())
        if row.error is not None:
            return row.error.message if index.column() == 1 else ""
        if cell is None:
            return self._work_words(row.path, column)
        if cell.error is not None:
            return cell.error.message
        share = f" {cell.value:.0%}" if cell.value is not None else ""
        return " ".join(cell_words(column, cell).split()) + share

    def _work_words(self, path: str, column: Column) -> str:
        if path not in self._session.at_work:
            return ""
        at = self._session.at_work[path]
        if at is None:
            return self.tr("Reading…") if column == self._columns[0] else ""
        return self.tr("Looking…") if at == column else ""

    def _token(self, index: Index) -> str:
        row, cell = self.file(index), self.cell(index)
        if (row is not None and row.error) or (cell is not None and cell.error):
            return "warning"
        if index.column() == 0:
            return "text"
        if cell is None:
            return "hint"
        return "mut" if not cell.proofs and cell.value is None else "text"

    def _on_theme_changed(self) -> None:
        if self._paths:
            last = self.index(len(self._paths) - 1, len(self._columns))
            self.dataChanged.emit(self.index(0, 0), last)


class FoundRows(QSortFilterProxyModel):
    """Sorted by what a column says, and only the rows that hold the words that are looked for."""

    def __init__(self, source: FileTableModel, parent: QObject) -> None:
        super().__init__(parent)
        self.setSourceModel(source)
        self.setSortRole(SORT_ROLE)
        self.setFilterKeyColumn(-1)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
