"""A check box drawn as a switch: on or off can be told at a glance, in light and dark."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

WIDTH, HEIGHT, KNOB, ROOM = 36, 20, 14, 2


class Switch(QCheckBox):
    """Colours come from the palette, so that it needs no theme."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(WIDTH + 2 * ROOM, HEIGHT + 2 * ROOM)

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groove = QRectF(ROOM, ROOM, WIDTH, HEIGHT)
        on = self.isChecked()
        accent = palette.color(palette.ColorRole.Accent)
        if self.hasFocus():
            painter.setPen(QPen(accent, 1))
            painter.drawRoundedRect(groove.adjusted(-1.5, -1.5, 1.5, 1.5), 11.5, 11.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent if on else palette.placeholderText().color())
        painter.drawRoundedRect(groove, HEIGHT / 2, HEIGHT / 2)
        space = (HEIGHT - KNOB) / 2
        left = groove.right() - space - KNOB if on else groove.left() + space
        painter.setBrush(palette.base())
        painter.drawEllipse(QRectF(left, groove.top() + space, KNOB, KNOB))
