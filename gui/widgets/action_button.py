"""A small text button under a message: quiet until it is needed, light enough to have hundreds."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui import icons
from gui.theme import Theme

HEIGHT, PAD, PIXELS, ICON = 24, 5, 12, 14


class ActionButton(QAbstractButton):
    """Text, or an icon with `text` as its accessible name. Unrevealed it shows only on focus.

    `flush` starts at the very left, to stand below a text.
    """

    def __init__(
        self, theme: Theme, text: str, parent: QWidget, *, icon_name: str = "", flush: bool = False
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon_name
        self._revealed = True
        self._left = 0 if flush else PAD
        self._font = theme.font(PIXELS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setText(text)
        self.setAccessibleName(text)
        if icon_name:
            self.setToolTip(text)
        width = ICON if icon_name else QFontMetrics(self._font).horizontalAdvance(text)
        self.setFixedSize(QSize(width + self._left + PAD, HEIGHT))

    def set_revealed(self, revealed: bool) -> None:
        """Show it, or keep it out of sight until the message is pointed at or it has the focus."""
        if revealed != self._revealed:
            self._revealed = revealed
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self._revealed or self.hasFocus()):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        token = "text" if self.underMouse() and self.isEnabled() else "mut"
        if not self.isEnabled():
            token = "line"
        if self._icon_name:
            mark = icons.pixmap(self._icon_name, self._theme.hex(token), ICON)
            painter.drawPixmap(self._left, (HEIGHT - ICON) // 2, mark)
            return
        painter.setPen(self._theme.color(token))
        painter.setFont(self._font)
        where = self.rect().adjusted(self._left, 0, 0, 0)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, self.text())
