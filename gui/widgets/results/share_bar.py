"""How many of each label: one bar in stretches, and below it what each is, in words and signs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme

BAR, GAP, ROW, SIGN, APART, PIXELS = 8, 2, 24, 14, 16, 12


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
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

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
        painter.setFont(self._theme.font(PIXELS))
        middle = Qt.AlignmentFlag.AlignVCenter
        for (token, sign, _, _), (text, x, y, width) in zip(
            self._entries, self._places(), strict=True
        ):
            painter.setPen(self._theme.color(token))
            painter.drawText(QRectF(x, y, SIGN, ROW - 2), middle, sign)
            painter.setPen(self._theme.color("mut"))
            painter.drawText(QRectF(x + SIGN, y, width + 4, ROW - 2), middle, text)

    def _places(self) -> list[tuple[str, int, int, int]]:
        """Each entry's words, where they stand, and how wide they are; in more lines if needed."""
        metrics = QFontMetrics(self._theme.font(PIXELS))
        places, x, y = [], 0, BAR + 2
        for _, _, words, count in self._entries:
            text = f"{words} {count}"
            width = metrics.horizontalAdvance(text)
            if x and x + SIGN + width > self.width():
                x, y = 0, y + ROW - 4
            places.append((text, x, y, width))
            x += SIGN + width + APART
        return places

    def _fit(self) -> None:
        places = self._places()
        self.setFixedHeight((places[-1][2] if places else BAR + 2) + ROW - 2)
