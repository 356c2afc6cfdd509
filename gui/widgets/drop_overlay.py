"""A veil over the whole window while files are dragged over it, that says what a drop will do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui import icons
from gui.theme import Theme

INSET, RADIUS, ICON = 16, 16, 32


class DropOverlay(QWidget):
    """Lets every mouse and drag event through; the window decides what happens."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._window = parent
        self._icon_name, self._text = "", ""
        self._promise = self.tr("It stays on this computer.")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def announce(self, icon_name: str, text: str) -> None:
        """Cover the parent and say `text`."""
        self._icon_name, self._text = icon_name, text
        self.setAccessibleName(text)
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.update()

    def text(self) -> str:
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = self._theme.color("bg")
        veil.setAlphaF(0.94)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(self._theme.color("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(self._theme.color("accent_soft"))
        inner = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
        painter.drawRoundedRect(inner, RADIUS, RADIUS)
        middle = self.rect().center()
        mark = icons.pixmap(self._icon_name, self._theme.hex("accent"), ICON)
        painter.drawPixmap(middle.x() - ICON // 2, middle.y() - ICON - 8, mark)
        painter.setPen(self._theme.color("text"))
        painter.setFont(self._theme.font(16, bold=True))
        where = self.rect().adjusted(40, middle.y() + 8, -40, 0)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        used = painter.drawText(where, flags | Qt.TextFlag.TextWordWrap, self._text)
        painter.setPen(self._theme.color("mut"))
        painter.setFont(self._theme.font(13))
        painter.drawText(where.adjusted(0, used.height() + 8, 0, 0), flags, self._promise)
