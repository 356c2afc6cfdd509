"""How a text speaks where it mentions a name: name, count, a bar to either side, and words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.text_tools.results import TargetSentiment
from gui.theme import Theme
from gui.widgets.plain import plain_tooltip
from gui.widgets.results.sentiment_words import LABELS, label_title, sign

HEIGHT, PAD, GAP = 26, 4, 10
BAR_WIDTH, BAR_HEIGHT = 84, 6
NAME_PIXELS, WORD_PIXELS = 14, 12


class TargetRow(QWidget):
    """`chosen` gives a sentence that mentions the name: the first, then the next, and round."""

    chosen = Signal(int)
    step_asked = Signal(int)  # to the row below (1) or above (-1)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.target: TargetSentiment | None = None
        self._next = 0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def show_target(self, target: TargetSentiment) -> None:
        if target is self.target:
            return
        self.target, self._next = target, 0
        title = label_title(target.label)
        shares = ", ".join(
            f"{label_title(label)} {round(100 * share)} %"
            for label, share in target.probabilities.items()
        )
        self.setToolTip(plain_tooltip(f"{target.text}\n{shares}" if shares else target.text))
        self.setAccessibleName(f"{target.text}, {target.count}, {title}")
        self.update()

    def value(self) -> float:
        """From -1 (negative) to 1 (positive)."""
        shares = self.target.probabilities if self.target is not None else {}
        return shares.get("positive", 0.0) - shares.get("negative", 0.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_on()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._go_on()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step_asked.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.target is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        words = QFontMetrics(self._theme.font(WORD_PIXELS))
        verdicts = (f"{sign(label)} {label_title(label)}" for label in LABELS)
        width = max(words.horizontalAdvance(verdict) for verdict in verdicts) + 4
        right = self.width() - PAD - width
        bar = QRectF(right - GAP - BAR_WIDTH, (HEIGHT - BAR_HEIGHT) / 2, BAR_WIDTH, BAR_HEIGHT)
        self._paint_bar(painter, bar)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._theme.font(WORD_PIXELS))
        label = self.target.label
        painter.setPen(self._theme.color(label))
        shown = sign(label)
        painter.drawText(QRectF(right, 0, width, HEIGHT), middle, shown)
        painter.setPen(self._theme.color("mut"))
        inset = words.horizontalAdvance(shown + " ")
        painter.drawText(QRectF(right + inset, 0, width, HEIGHT), middle, label_title(label))
        count = str(self.target.count)
        place = QRectF(PAD, 0, bar.left() - GAP - PAD, HEIGHT)
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, count)
        place.setWidth(place.width() - words.horizontalAdvance(count) - GAP)
        font = self._theme.font(NAME_PIXELS)
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        name = " ".join(self.target.text.split())
        elided = QFontMetrics(font).elidedText(
            name, Qt.TextElideMode.ElideRight, round(place.width())
        )
        painter.drawText(place, middle, elided)

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("line"))
        painter.drawRoundedRect(bar, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
        middle, value = bar.center().x(), self.value()
        length = max(1.5, abs(value) * bar.width() / 2)
        left = middle if value >= 0 else middle - length
        painter.setBrush(self._theme.color(self.target.label if self.target else "neutral"))
        painter.drawRoundedRect(QRectF(left, bar.top(), length, bar.height()), 2, 2)
        painter.fillRect(
            QRectF(middle - 0.5, bar.top() - 3, 1, bar.height() + 6), self._theme.color("hint")
        )

    def _go_on(self) -> None:
        if self.target is not None and self.target.sentences:
            number = self.target.sentences[self._next % len(self.target.sentences)]
            self._next += 1
            self.chosen.emit(number)
