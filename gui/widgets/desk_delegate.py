"""Draws a document of the desk: its name, and at the right how far it is, done, or failed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui import icons
from gui.desk_session import DeskEntry
from gui.document_kinds import format_icon
from gui.item_models.desk_model import ENTRY_ROLE, PROGRESS_ROLE
from gui.theme import Theme

ROW, FAILED_ROW, SIDE, RADIUS, ICON, CROSS = 35, 52, 10, 9, 15, 28

Index = QModelIndex | QPersistentModelIndex


class DeskDelegate(QStyledItemDelegate):
    """Where the pointer is, a cross stands at the right; the view asks `is_on_cross`."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry: DeskEntry = index.data(ENTRY_ROLE)
        return QSize(100, FAILED_ROW if entry.state == "failed" else ROW)

    @staticmethod
    def is_on_cross(rect: QRect, point: QPoint) -> bool:
        return point.x() >= rect.right() - CROSS and point.y() < rect.top() + ROW

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        entry: DeskEntry = index.data(ENTRY_ROLE)
        self._paint_plate(painter, rect, state, _is_shown_of_several(option.widget, index))
        inside = rect.adjusted(SIDE, 0, -SIDE, 0)
        inside.setHeight(ROW)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        width = self._paint_state(painter, inside, entry, index, hovered)
        inside.setRight(inside.right() - width - (8 if width else 0))
        kind = icons.pixmap(format_icon(entry.format), self._theme.hex("hint"), ICON)
        painter.drawPixmap(inside.left(), inside.center().y() - ICON // 2, kind)
        inside.setLeft(inside.left() + ICON + 8)
        font = self._theme.font()
        painter.setFont(font)
        faint = entry.state != "ready"
        painter.setPen(self._theme.color("mut" if faint else "text"))
        name = QFontMetrics(font).elidedText(
            str(index.data()), Qt.TextElideMode.ElideMiddle, inside.width()
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, name)
        if entry.error is not None:
            self._paint_reason(painter, rect, entry.error.message)
        painter.restore()

    def _paint_plate(
        self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, is_shown: bool
    ) -> None:
        """`is_shown`: of several that are selected it is the one in the reader."""
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if not chosen and not state & QStyle.StateFlag.State_MouseOver:
            return
        focused = chosen and bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setBrush(self._theme.color("card" if chosen else "bubble"))
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            painter.setPen(QPen(self._theme.color("accent" if focused or is_shown else "line"), 1))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _paint_state(
        self, painter: QPainter, inside: QRect, entry: DeskEntry, index: Index, hovered: bool
    ) -> int:
        """At the right; returns the width it took."""
        runs, share, has_result = index.data(PROGRESS_ROLE)
        if hovered:
            return self._paint_icon(painter, inside, "x", "mut")
        if entry.state == "failed":
            return self._paint_icon(painter, inside, "circle-alert", "seal")
        if entry.state == "reading" or runs:
            words = "…" if share is None else f"{round(100 * share)} %"
            font = self._theme.font(12)
            painter.setFont(font)
            painter.setPen(self._theme.color("mut"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(inside, flags, words)
            return QFontMetrics(font).horizontalAdvance(words)
        return self._paint_icon(painter, inside, "check", "mut") if has_result else 0

    def _paint_icon(self, painter: QPainter, inside: QRect, name: str, token: str) -> int:
        at = QPoint(inside.right() - ICON + 1, inside.center().y() - ICON // 2)
        painter.drawPixmap(at, icons.pixmap(name, self._theme.hex(token), ICON))
        return ICON

    def _paint_reason(self, painter: QPainter, rect: QRect, reason: str) -> None:
        font = self._theme.font(12)
        painter.setFont(font)
        painter.setPen(self._theme.color("seal"))
        room = rect.adjusted(SIDE, 28, -SIDE, -6)
        words = QFontMetrics(font).elidedText(reason, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)


def _is_shown_of_several(view: QWidget, index: Index) -> bool:
    if not isinstance(view, QAbstractItemView):
        return False
    return view.currentIndex() == index and len(view.selectionModel().selectedIndexes()) > 1
