"""A document's parts side by side, those that were read filled; a click on one asks to see it.

Parts are of about one length, so a part's place is told by its share of the text.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.types import Coverage
from gui.theme import Theme
from gui.widgets.plain import plain_tooltip

HEIGHT, BAR, THICK, GAP, NARROWEST = 14, 4, 8, 2, 5  # pixels; below the last, parts are not drawn


class PartsBar(QWidget):
    """`share_chosen` says how much of the text stands before what was asked for, 0.0 to 1.0."""

    share_chosen = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._coverage = Coverage(1, 1)
        self._at: int | None = None  # the part under the pointer, or chosen by key
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def show_coverage(self, coverage: Coverage, words: str) -> None:
        if coverage != self._coverage:
            self._coverage, self._at = coverage, None
        self.setAccessibleName(words)
        self.setAccessibleDescription(self.tr("Arrow keys choose a part, Enter shows it"))
        self.update()

    def _count(self) -> int:
        return max(1, self._coverage.parts)

    def _part_at(self, x: float) -> int:
        return min(self._count() - 1, max(0, int(x * self._count() / max(1, self.width()))))

    def _choose(self, part: int) -> None:
        self.share_chosen.emit(part / self._count())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 1))
            frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(frame, 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        count, read = self._count(), self._coverage.parts_read
        if self.width() / count < NARROWEST:
            self._paint(painter, 0, 1, "line", BAR)
            self._paint(painter, 0, read / count, "accent", BAR)
        for part in range(count if self.width() / count >= NARROWEST else 0):
            height = THICK if part == self._at else BAR
            token = "accent" if part < read else "line"
            self._paint(painter, part / count, (part + 1) / count, token, height)

    def _paint(self, painter: QPainter, start: float, end: float, token: str, height: int) -> None:
        gap = GAP if end < 1 and self._count() > 1 else 0
        left, right = start * self.width(), end * self.width() - gap
        painter.setBrush(self._theme.color(token))
        bar = QRectF(left, (HEIGHT - height) / 2, max(0.0, right - left), height)
        painter.drawRoundedRect(bar, 2, 2)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._part_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._part_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if (step := steps.get(Qt.Key(event.key()))) is not None:
            start = -1 if self._at is None and step > 0 else self._at or 0
            self._point_at(min(self._count() - 1, max(0, start + step)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._at or 0)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tooltip(self.tip(event.pos().x())), self)
            return True
        return super().event(event)

    def tip(self, x: int) -> str:
        """What a click there shows."""
        part, count = self._part_at(x), self._count()
        if count == 1:
            return self.tr("Show the text from its beginning")
        words = self.tr("Part {number} of {count}: show it in the text")
        return words.format(number=part + 1, count=count)

    def _point_at(self, part: int | None) -> None:
        if part != self._at:
            self._at = part
            self.update()
