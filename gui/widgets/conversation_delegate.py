"""Draws the rows of the conversation list: headings, titles, and the time at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.item_models.conversation_model import HEADING_ROLE, TIME_ROLE
from gui.theme import Theme

ROW, HEADING, SIDE, RADIUS = 35, 36, 10, 9

Index = QModelIndex | QPersistentModelIndex


class ConversationDelegate(QStyledItemDelegate):
    """Knows only the model's roles."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, HEADING if index.data(HEADING_ROLE) else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if index.data(HEADING_ROLE):
            self._heading(painter, rect, index)
        else:
            self._row(painter, rect, state, index)
        painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, index: Index) -> None:
        painter.setFont(self._theme.font(12))
        painter.setPen(self._theme.color("mut"))
        where = rect.adjusted(SIDE, 0, -SIDE, -8)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(where, flags, index.data())

    def _row(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, index: Index) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        plate = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(self._theme.color("card" if chosen else "bubble"))
            if chosen:
                painter.setPen(QPen(self._theme.color("line"), 1))
            painter.drawRoundedRect(plate, RADIUS, RADIUS)
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(plate, RADIUS, RADIUS)
        inside = rect.adjusted(SIDE, 0, -SIDE, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if time := index.data(TIME_ROLE):
            font = self._theme.font(12)
            painter.setFont(font)
            painter.setPen(self._theme.color("mut"))
            painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, time)
            inside.setRight(inside.right() - QFontMetrics(font).horizontalAdvance(time) - 8)
        font = self._theme.font()
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        title = " ".join(str(index.data()).split())
        shown = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignLeft, shown)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("kind", "rename")
        editor.setMaxLength(200)
        editor.setAccessibleName(self.tr("Title of the conversation"))
        return editor
