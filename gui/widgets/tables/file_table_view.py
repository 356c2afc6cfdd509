"""The table itself: a row per file, sorted by its headers, read by mouse and by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui.item_models.file_table_model import FileTableModel, FoundRows

ROW, FILE_WIDTH, COLUMN_WIDTH = 34, 200, 260  # pixels


class FileTableView(QTableView):
    """`arrived` at a cell (an index of the source model)."""

    arrived = Signal(QModelIndex)

    def __init__(self, model: FileTableModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = FoundRows(model, self)
        self.setModel(self.rows)
        self.setSortingEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setProperty("kind", "cells")
        self.setCornerButtonEnabled(False)
        self.setAccessibleName(self.tr("Table of files"))
        lines, columns = self.verticalHeader(), self.horizontalHeader()
        lines.hide()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setDefaultSectionSize(ROW)
        columns.setSectionsMovable(False)
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setSortIndicatorClearable(True)
        columns.setSortIndicatorShown(True)
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        columns.sortIndicatorChanged.connect(self.rows.sort)
        columns.viewport().setAutoFillBackground(False)
        columns.setSectionsClickable(True)
        model.modelReset.connect(self._set_widths)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self._set_widths()

    def _on_current_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.arrived.emit(self.rows.mapToSource(current))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.currentIndex().isValid():
            text = self.currentIndex().data(Qt.ItemDataRole.DisplayRole)
            QGuiApplication.clipboard().setText(text or "")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.arrived.emit(self.rows.mapToSource(self.currentIndex()))
        else:
            super().keyPressEvent(event)

    def _set_widths(self) -> None:
        columns = self.horizontalHeader()
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        for place in range(columns.count()):
            self.setColumnWidth(place, COLUMN_WIDTH if place else FILE_WIDTH)
        columns.setStretchLastSection(True)
