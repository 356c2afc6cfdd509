"""Bottom left, always: whether anything can leave this computer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui.theme import Theme

DOT = 7


class OfflineBadge(QWidget):
    """A green dot and a line. There is nothing in Carrel yet that could make it say otherwise."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        label = QLabel(self.tr("Offline · nothing leaves this computer"), self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("kind", "hint")
        label.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(8 + DOT + 8, 0, 8, 0)
        row.addWidget(label)
        self.setToolTip(
            self.tr("The model, your conversations and your documents stay on this computer.")
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("positive"))
        painter.drawEllipse(8, (self.height() - DOT) // 2, DOT, DOT)
