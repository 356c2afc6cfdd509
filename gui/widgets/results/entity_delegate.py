"""Draws a name with its colour, a bar and its count."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.text_tools.results import Entity
from gui.item_models.entity_model import ENTITY_ROLE, MOST_ROLE
from gui.theme import Theme

ROW, SIDE, SQUARE, BAR_HEIGHT, RADIUS = 30, 10, 9, 6, 8
TOKENS = {"PER": "people", "ORG": "organizations", "LOC": "places", "MISC": "other"}


class EntityDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(100, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        entity: Entity = index.data(ENTITY_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_plate(painter, rect, state)
        color = self._theme.color(TOKENS.get(entity.label, "other"))
        middle = rect.center().y() + 0.5
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        square = QRectF(rect.left() + SIDE, middle - SQUARE / 2, SQUARE, SQUARE)
        painter.drawRoundedRect(square, 2, 2)
        font = self._theme.font(13)
        painter.setFont(font)
        count_room = max(28, QFontMetrics(font).horizontalAdvance(str(entity.count)) + 4)
        bar_room = min(110, round(rect.width() * 0.3))
        bar_left = rect.right() - SIDE - count_room - bar_room - 8
        width = max(BAR_HEIGHT, bar_room * entity.count / max(1, index.data(MOST_ROLE)))
        bar = QRectF(bar_left, middle - BAR_HEIGHT / 2, width, BAR_HEIGHT)
        painter.drawRoundedRect(bar, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
        painter.setPen(self._theme.color("text"))
        count = QRectF(bar_left + bar_room + 8, rect.top(), count_room, rect.height())
        painter.drawText(count, Qt.AlignmentFlag.AlignVCenter, str(entity.count))
        left = rect.left() + SIDE + SQUARE + 12
        name = QFontMetrics(font).elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, bar_left - left - 8
        )
        room = QRectF(left, rect.top(), bar_left - left - 8, rect.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()

    def _paint_plate(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if not chosen and not state & QStyle.StateFlag.State_MouseOver:
            return
        focused = chosen and bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(self._theme.color("accent"), 1) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("card" if chosen else "bubble"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
