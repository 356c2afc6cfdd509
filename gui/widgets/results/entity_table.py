"""The table of names: headers that sort, rows that lead into the text, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QToolTip, QWidget

from gui.item_models.entity_model import Column, EntityModel, Key
from gui.theme import Theme
from gui.widgets.plain import plain_tooltip
from gui.widgets.results.entity_delegate import ROW, EntityDelegate

TYPE_WIDTH, COUNT_WIDTH, SURE_WIDTH = 96, 60, 62
TYPE_FROM = 340  # pixels of the table, from where types have a column of their own
_FALLING = (Column.COUNT, Column.SURE)  # the largest come first


class EntityTable(QTableView):
    """`arrived` at another row, and `pressed` (click or Enter) on the one that was current."""

    arrived = Signal(object)  # Entity
    pressed_again = Signal(object)  # Entity

    def __init__(
        self, theme: Theme, model: EntityModel, token_of: Callable[[str], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme, self._names = theme, model
        self._key: Key | None = None
        self._was_current = False
        self._rows_look = EntityDelegate(theme, token_of, self)
        self.setModel(model)
        self.setItemDelegate(self._rows_look)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.setAccessibleName(self.tr("Names; Enter goes to the next mention"))
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW)
        rows.setDefaultSectionSize(ROW)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        columns.setMinimumSectionSize(30)
        columns.setHighlightSections(False)
        columns.setSectionsClickable(True)
        columns.viewport().setAutoFillBackground(False)
        columns.sectionClicked.connect(self.sort_by)
        for column, width in zip(Column, (0, TYPE_WIDTH, COUNT_WIDTH, SURE_WIDTH), strict=True):
            if width:
                columns.resizeSection(column, width)
        model.modelAboutToBeReset.connect(self._on_model_about_to_be_reset)
        model.modelReset.connect(self._on_model_reset)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        theme.changed.connect(self.viewport().update)

    def sort_by(self, column: int) -> None:
        """By a column; by the one that is sorted by, the other way round."""
        current, falls = self._names.order()
        down = not falls if column == current else Column(column) in _FALLING
        order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self._names.sort(column, order)
        if (index := self.currentIndex()).isValid():
            self.scrollTo(index)

    def show_name(self, row: int) -> None:
        """Make a row the current one, without going anywhere in the text."""
        self._put(row)
        if row >= 0:
            self.scrollTo(self._names.index(row, 0))

    def show_sure(self, is_known: bool) -> None:
        """A reader that does not say how sure it is leaves no empty column."""
        self.setColumnHidden(Column.SURE, not is_known)

    def forget(self) -> None:
        """Another document: no name is chosen, and the first rows are seen."""
        self._put(-1)
        self.scrollToTop()

    def order_menu(self) -> QMenu:
        """What the headers do, for the keyboard."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column, title in zip(Column, self._names.titles(), strict=True):
            action = menu.addAction(self.tr("Sort by: {column}").format(column=title))
            action.setCheckable(True)
            action.setChecked(column == self._names.order()[0])
            action.triggered.connect(lambda on, column=column: self.sort_by(column))
        entity = self._names.entity(self.currentIndex())
        if entity is not None:
            menu.addSeparator()
            name = " ".join(entity.text.split())
            menu.addAction(self.tr("Copy name"), lambda: QGuiApplication.clipboard().setText(name))
        return menu

    def tip(self, index: QModelIndex) -> str:
        """The whole name and its other forms."""
        entity = self._names.entity(index)
        if entity is None:
            return ""
        lines = [" ".join(entity.text.split())]
        if entity.forms:
            forms = ", ".join(" ".join(form.split()) for form in entity.forms)
            lines.append(self.tr("Also: {forms}").format(forms=forms))
        return plain_tooltip("\n".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            entity = self._names.entity(self.currentIndex())
            if entity is not None:
                self.pressed_again.emit(entity)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._remember(event)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second of two quick clicks is a click like any other."""
        self._remember(event)
        super().mouseDoubleClickEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        entity = self._names.entity(index)
        is_left = event.button() == Qt.MouseButton.LeftButton
        if entity is not None and is_left and self._was_current:
            self.pressed_again.emit(entity)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.order_menu().popup(event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(self.indexAt(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(Column.TYPE, self.viewport().width() < TYPE_FROM)
        row = self.visualRect(self.currentIndex())
        if row.isValid() and 0 <= row.top() < event.oldSize().height():
            self.scrollTo(self.currentIndex())  # what was seen and chosen stays in sight

    def _hover(self, row: int) -> None:
        if row != self._rows_look.hovered_row:
            self._rows_look.hovered_row = row
            self.viewport().update()

    def _remember(self, event: QMouseEvent) -> None:
        at = self.indexAt(event.position().toPoint())
        self._was_current = at.isValid() and self.selectionModel().isSelected(at)

    def _put(self, row: int) -> None:
        flags = QItemSelectionModel.SelectionFlag
        index = self._names.index(row, 0) if row >= 0 else QModelIndex()
        self._key = None
        if row >= 0 and (entity := self._names.entity(index)) is not None:
            self._key = (entity.text, entity.label)
        self.selectionModel().blockSignals(True)
        if row >= 0:
            how = flags.ClearAndSelect | flags.Rows
            self.selectionModel().setCurrentIndex(index, how)
        else:
            self.selectionModel().clear()
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def _on_selection_changed(self, chosen: QItemSelection, before: QItemSelection) -> None:
        """Not by the current row: one comes with the focus, and nobody has chosen it yet."""
        rows = chosen.indexes()
        entity = self._names.entity(rows[0]) if rows else None
        if entity is not None:
            self._key = (entity.text, entity.label)
            self.arrived.emit(entity)

    def _on_model_about_to_be_reset(self) -> None:
        self._scrolled = self.verticalScrollBar().value()
        self._kept = self._key

    def _on_model_reset(self) -> None:
        """While a text is read, the chosen name stays chosen and nothing jumps."""
        if self._kept is not None and (row := self._names.row_of(self._kept)) >= 0:
            self._put(row)
        else:
            self._key = self._kept
        self.verticalScrollBar().setValue(self._scrolled)
