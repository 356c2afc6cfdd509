"""How many of each label: one bar in stretches, and below it what each is, in words and signs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme

BAR, GAP, ROW, SIGN = 8, 2, 24, 14


class ShareBar(QWidget):
    """Entries are (colour token, sign, words, count); empty ones take no room in the bar."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: list[tuple[str, str, str, int]] = []
        self.setFixedHeight(BAR + ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_entries(self, entries: list[tuple[str, str, str, int]]) -> None:
        self._entries = entries
        self.setAccessibleName(", ".join(f"{words} {count}" for _, _, words, count in entries))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(0, 0, self.width(), BAR), BAR / 2, BAR / 2)
        painter.save()
        painter.setClipPath(shape)
        shown = [(token, count) for token, _, _, count in self._entries if count]
        total, x = sum(count for _, count in shown), 0.0
        for token, count in shown:
            width = (self.width() - GAP * (len(shown) - 1)) * count / total
            painter.fillRect(QRectF(x, 0, width, BAR), self._theme.color(token))
            x += width + GAP
        if not shown:
            painter.fillRect(QRectF(0, 0, self.width(), BAR), self._theme.color("line"))
        painter.restore()
        self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        font = self._theme.font(12)
        painter.setFont(font)
        x = 0
        for token, sign, words, count in self._entries:
            text = f"{words} {count}"
            painter.setPen(self._theme.color(token))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(x, BAR + 2, SIGN, ROW - 2), middle, sign)
            painter.setPen(self._theme.color("mut"))
            width = QFontMetrics(font).horizontalAdvance(text)
            painter.drawText(QRectF(x + SIGN, BAR + 2, width + 4, ROW - 2), middle, text)
            x += SIGN + width + 16
