"""Draws the cells of the names' table: the name with its colour and its other forms in muted letters,
its type, its count, and how sure it is.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from gui.item_models.entity_model import ROW_ROLE, Column, EntityRow
from gui.theme import Theme
from gui.widgets.results.name_types import LESS_SURE

ROW, SIDE, SQUARE, GAP, RADIUS, PIXELS = 30, 10, 9, 9, 8, 13
LEAST_FORMS = 48  # pixels; in less room, a name's other forms would be a letter and dots


class EntityDelegate(QStyledItemDelegate):
    """`token_of` gives the colour of a label; `hovered_row` is lit up."""

    def __init__(self, theme: Theme, token_of: Callable[[str], str], table: QTableView) -> None:
        super().__init__(table)
        self._theme, self._token_of, self._table = theme, token_of, table
        self.hovered_row = -1

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(60, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: EntityRow = index.data(ROW_ROLE)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_plate(painter, option, index)
        painter.setFont(self._theme.font(PIXELS))
        if index.column() == Column.NAME:
            self._paint_name(painter, rect, row)
        else:
            self._paint_word(painter, rect, row, index)
        painter.restore()

    def _paint_name(self, painter: QPainter, rect: QRect, row: EntityRow) -> None:
        middle = rect.top() + rect.height() / 2
        square = QRectF(rect.left() + SIDE, middle - SQUARE / 2, SQUARE, SQUARE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(self._token_of(row.entity.label)))
        painter.drawRoundedRect(square, 2, 2)
        metrics = painter.fontMetrics()
        left = rect.left() + SIDE + SQUARE + GAP
        name = " ".join(row.entity.text.split())
        left += self._draw(painter, rect, left, name, "text", metrics) + GAP
        forms = ", ".join(" ".join(form.split()) for form in row.entity.forms)
        if forms and rect.right() - left > LEAST_FORMS:
            self._draw(painter, rect, left, forms, "mut", metrics)

    def _paint_word(
        self,
        painter: QPainter,
        rect: QRect,
        row: EntityRow,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        is_number = index.column() >= Column.COUNT
        is_doubtful = index.column() == Column.SURE and (row.sure or 0.0) < LESS_SURE
        token = "warning" if is_doubtful else "text" if index.column() == Column.COUNT else "mut"
        painter.setPen(self._theme.color(token))
        side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
        room = rect.adjusted(4, 0, -(SIDE if index.column() == self._columns()[-1] else 4), 0)
        words = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, words)

    def _draw(
        self,
        painter: QPainter,
        rect: QRect,
        left: int,
        text: str,
        token: str,
        metrics: QFontMetrics,
    ) -> int:
        """Draw from `left` to the cell's end; returns the width that was taken."""
        room = QRect(left, rect.top(), rect.right() - left - 4, rect.height())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(self._theme.color(token))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        return metrics.horizontalAdvance(shown)

    def _paint_plate(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """One plate for the whole row: each cell paints its part, clipped."""
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if not chosen and self.hovered_row != index.row():
            return
        rect: QRect = option.rect
        columns = self._columns()
        plate = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
        if index.column() != columns[0]:
            plate.setLeft(rect.left() - 2 * RADIUS)
        if index.column() != columns[-1]:
            plate.setRight(rect.right() + 2 * RADIUS)
        is_focused = chosen and self._table.hasFocus()
        painter.save()
        painter.setClipRect(rect)
        painter.setPen(QPen(self._theme.color("accent"), 1) if is_focused else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("card" if chosen else "bubble"))
        painter.drawRoundedRect(plate, RADIUS, RADIUS)
        painter.restore()

    def _columns(self) -> list[Column]:
        """Those that are shown."""
        return [column for column in Column if not self._table.isColumnHidden(column)]
