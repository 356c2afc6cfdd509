"""The painted mood through the text: above the line positive, below it negative.

A click, or Left, Right and Enter, goes to the sentence.
"""

from __future__ import annotations

import itertools

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme

HEIGHT, PAD, DOT, LABELS = 96, 8.0, 4.0, 18.0


class MoodCurve(QWidget):
    """`chosen` gives the number of the sentence."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curve: list[tuple[float, int]] = []
        self._point = 0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Mood through the text"))
        self.setToolTip(self.tr("Click to go to the sentence"))
        theme.changed.connect(self.update)

    def show_curve(self, curve: list[tuple[float, int]]) -> None:
        self._curve = curve
        lowest = min(range(len(curve)), key=lambda n: -abs(curve[n][0]), default=0)
        self._point = lowest
        self.update()

    def show_sentence(self, number: int) -> None:
        """Put the dot on a sentence that was chosen elsewhere."""
        if self._curve:
            points = range(len(self._curve))
            self._point = min(points, key=lambda n: abs(self._curve[n][1] - number))
            self.update()

    def point_for(self, x: float) -> int:
        """The point of the curve nearest to a horizontal place."""
        share = (x - PAD) / max(1.0, self.width() - 2 * PAD)
        return min(len(self._curve) - 1, max(0, round(share * (len(self._curve) - 1))))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self._y(0)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
        if not self._curve:
            return
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(QPen(self._ink(), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(self._path())
        at = QPointF(self._x(self._point), self._y(self._curve[self._point][0]))
        painter.setPen(QPen(self._theme.color("side"), 2))
        painter.setBrush(self._theme.color(self._token(self._curve[self._point][0])))
        painter.drawEllipse(at, DOT, DOT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._curve and event.button() == Qt.MouseButton.LeftButton:
            self._choose(self.point_for(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if self._curve and event.key() in steps:
            last = len(self._curve) - 1
            self._point = min(last, max(0, self._point + steps[Qt.Key(event.key())]))
            self.update()
        elif self._curve and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._point)
        else:
            super().keyPressEvent(event)

    def _choose(self, point: int) -> None:
        self._point = point
        self.update()
        self.chosen.emit(self._curve[point][1])

    def _x(self, point: int) -> float:
        return PAD + (self.width() - 2 * PAD) * point / max(1, len(self._curve) - 1)

    def _y(self, mood: float) -> float:
        return PAD + (HEIGHT - 2 * PAD) * (1 - mood) / 2

    @staticmethod
    def _token(mood: float) -> str:
        return "positive" if mood > 0.1 else "negative" if mood < -0.1 else "neutral"

    def _ink(self) -> QLinearGradient:
        gradient = QLinearGradient(0, self._y(0.35), 0, self._y(-0.35))
        gradient.setColorAt(0, self._theme.color("positive"))
        gradient.setColorAt(0.5, self._theme.color("neutral"))
        gradient.setColorAt(1, self._theme.color("negative"))
        return gradient

    def _path(self) -> QPainterPath:
        """Through every point, level at the points, so that nothing overshoots."""
        spots = [QPointF(self._x(n), self._y(mood)) for n, (mood, _) in enumerate(self._curve)]
        path = QPainterPath(spots[0])
        if len(spots) == 1:
            path.lineTo(QPointF(self.width() - PAD, spots[0].y()))
        for before, after in itertools.pairwise(spots):
            middle = (before.x() + after.x()) / 2
            path.cubicTo(QPointF(middle, before.y()), QPointF(middle, after.y()), after)
        return path
