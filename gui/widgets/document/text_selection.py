"""Selecting and copying in a self-painted text: mouse, keyboard, menu. Knows positions only."""

from __future__ import annotations

import re

from PySide6.QtCore import QBasicTimer, QPoint, Qt, QTimerEvent, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QWidget

_WORD = re.compile(r"\w+")
DRAG_SCROLL = 30  # milliseconds


class SelectableArea(QAbstractScrollArea):
    """Subclasses say where a point is in the text, and what the text is."""

    selection_changed = Signal()

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._from = self._to = 0
        self._pressed: QPoint | None = None
        self._drag_timer = QBasicTimer()
        self._drag_point = QPoint()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setAutoFillBackground(False)

    def position_at(self, point: QPoint) -> int:
        raise NotImplementedError

    def text_of_document(self) -> str:
        raise NotImplementedError

    def on_plain_click(self, point: QPoint) -> None:
        """Pressed and released in one place."""

    def is_hot(self, point: QPoint) -> bool:
        """Whether a click at this point does something."""
        return False

    def go_to_mark(self, step: int) -> None:
        """F3 and Shift+F3."""

    def selection(self) -> tuple[int, int] | None:
        low, high = sorted((self._from, self._to))
        return (low, high) if low < high else None

    def selected_text(self) -> str:
        stretch = self.selection()
        return self.text_of_document()[slice(*stretch)] if stretch else ""

    def select(self, start: int, end: int) -> None:
        self._from, self._to = start, end
        self.selection_changed.emit()
        self.viewport().update()

    def clear_selection(self) -> None:
        self.select(0, 0)

    def select_all(self) -> None:
        self.select(0, len(self.text_of_document()))

    def copy(self) -> None:
        if text := self.selected_text():
            QGuiApplication.clipboard().setText(text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = event.position().toPoint()
        position = self.position_at(self._pressed)
        extending = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self.select(self._from if extending else position, position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._pressed is None:
            hot = self.is_hot(point)
            shape = Qt.CursorShape.PointingHandCursor if hot else Qt.CursorShape.IBeamCursor
            if self.viewport().cursor().shape() != shape:
                self.viewport().setCursor(shape)
            return
        self._drag_point = point
        self.select(self._from, self.position_at(point))
        if self.viewport().rect().contains(point):
            self._drag_timer.stop()
        elif not self._drag_timer.isActive():
            self._drag_timer.start(DRAG_SCROLL, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag_timer.stop()
        pressed, self._pressed = self._pressed, None
        point = event.position().toPoint()
        if pressed is not None and self.selection() is None:
            self.on_plain_click(point)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position().toPoint())
        text = self.text_of_document()
        low = max(0, position - 100)
        for word in _WORD.finditer(text, low, min(len(text), position + 100)):
            if word.start() <= position <= word.end():
                self.select(word.start(), word.end())
                return

    def timerEvent(self, event: QTimerEvent) -> None:
        if event.timerId() != self._drag_timer.timerId():
            super().timerEvent(event)
            return
        y, height = self._drag_point.y(), self.viewport().height()
        over = y if y < 0 else max(0, y - height)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + over)
        edge = QPoint(self._drag_point.x(), 0 if y < 0 else height - 1)
        self.select(self._from, self.position_at(edge))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        page = bar.pageStep() - bar.singleStep()
        moves = {
            Qt.Key.Key_Up: -2 * bar.singleStep(),
            Qt.Key.Key_Down: 2 * bar.singleStep(),
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Space: page,
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() == Qt.Key.Key_F3:
            self.go_to_mark(-1 if shift else 1)
        elif (move := moves.get(Qt.Key(event.key()))) is not None:
            bar.setValue(
                bar.value() + (-move if shift and event.key() == Qt.Key.Key_Space else move)
            )
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Copy"), self.copy).setEnabled(self.selection() is not None)
        menu.addAction(self.tr("Select all"), self.select_all)
        menu.popup(event.globalPos())
