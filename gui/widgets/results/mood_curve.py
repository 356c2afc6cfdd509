"""The mood through the text as a chart that leads to its passages: click, or Left, Right and Enter.

It holds the plot, which is loaded when the chart is first seen, and hears mouse and keys for it.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from engine.types import Span
from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain import plain_tooltip
from gui.widgets.results.mood import mood_curve, signed
from gui.widgets.results.sentiment_words import label_title, sign

if TYPE_CHECKING:
    from gui.widgets.results.mood_plot import MoodPlot

HEIGHT, TIP_LENGTH = 168, 400
PICTURES = (".png", ".svg")


class MoodCurve(QWidget):
    """`chosen` gives the number of the sentence; `picture_asked` the suffix of a file."""

    chosen = Signal(int)
    picture_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spans: tuple[Span, ...] = ()
        self._curve: list[tuple[float, int]] = []
        self._point = 0
        self._wanted: int | None = None  # the sentence somebody chose; it stays while a text grows
        self.plot: MoodPlot | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._build)
        self.caption = ElidedLabel(self)
        self.caption.setProperty("kind", "caption")
        self.caption.setContentsMargins(4, 0, 4, 2)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2, 4, 2, 2)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self._column.addWidget(self.caption)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Mood through the text"))

    def show_spans(self, spans: tuple[Span, ...]) -> None:
        """The sentences, all or those so far; the cursor stays where somebody put it."""
        self._spans, self._curve = spans, mood_curve(spans)
        if self._wanted is not None and self._wanted >= len(spans):
            self._wanted = None
        if self.plot is not None:
            self._fill()
        elif self.isVisible():
            self._soon.start()

    def forget(self) -> None:
        """Another document is shown: nobody chose one of its sentences yet."""
        self._wanted = None

    def show_sentence(self, number: int) -> None:
        """Put the dot on a sentence that was chosen elsewhere."""
        self._wanted = number
        if self._curve:
            self._put(self._nearest(number))

    def picture(self, suffix: str, title: str) -> bytes:
        """The chart as a file's content: ".png" or ".svg"."""
        from gui.widgets.results.mood_picture import mood_picture

        return mood_picture(suffix, title, self._curve, self._values(), self._theme, self)

    def point_for(self, x: float) -> int:
        """The point of the curve nearest to a horizontal place."""
        assert self.plot is not None
        return self._nearest(self.plot.number_at(self.plot.mapFrom(self, QPoint(round(x), 0)).x()))

    def save_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for suffix in PICTURES:
            text = self.tr("Save chart as {form}…").format(form=suffix[1:].upper())
            menu.addAction(text, functools.partial(self.picture_asked.emit, suffix))
        menu.setEnabled(bool(self._curve))
        return menu

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.plot is None and self._curve:
            self._soon.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._curve and self.plot is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(self.point_for(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._curve and self.plot is not None:
            point = self.point_for(event.position().x())
            self.plot.show_hover(point)
            if QToolTip.isVisible():
                QToolTip.showText(event.globalPosition().toPoint(), self.tip(point), self)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self.plot is not None:
            self.plot.show_hover(None)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            if self._curve and self.plot is not None:
                QToolTip.showText(event.globalPos(), self.tip(self.point_for(event.x())), self)
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.save_menu(self).popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last, keys = len(self._curve) - 1, Qt.Key
        places = {
            keys.Key_Left: max(0, self._point - 1),
            keys.Key_Right: min(last, self._point + 1),
            keys.Key_Home: 0,
            keys.Key_End: last,
        }
        if self._curve and event.key() in places:
            self._put(places[Qt.Key(event.key())])
            self._wanted = self._curve[self._point][1]
        elif self._curve and event.key() in (keys.Key_Return, keys.Key_Enter):
            self._choose(self._point)
        else:
            super().keyPressEvent(event)

    def tip(self, point: int) -> str:
        """The sentence at a point, as the text has it."""
        text = " ".join(self._spans[self._curve[point][1]].text.split())
        cut = text if len(text) <= TIP_LENGTH else text[:TIP_LENGTH].rstrip() + "…"
        return plain_tooltip(cut)

    def _choose(self, point: int) -> None:
        self._put(point)
        self._wanted = self._curve[point][1]
        self.chosen.emit(self._wanted)

    def _nearest(self, number: float) -> int:
        points = range(len(self._curve))
        return min(points, key=lambda n: abs(self._curve[n][1] - number))

    def _values(self) -> list[float]:
        return [signed(span) for span in self._spans]

    def _build(self) -> None:
        from gui.widgets.results.mood_plot import MoodPlot

        if self.plot is None:
            self.plot = MoodPlot(
                self._theme, label_title("positive"), label_title("negative"), self
            )
            self._column.insertWidget(0, self.plot, 1)
            self._column.setStretch(1, 0)
            self._fill()

    def _fill(self) -> None:
        assert self.plot is not None
        self.plot.show_curve(self._curve, self._values())
        if not self._curve:
            self.caption.clear()
        elif self._wanted is not None:
            self._put(self._nearest(self._wanted))
        else:
            points = range(len(self._curve))
            self._put(min(points, key=lambda n: -abs(self._curve[n][0])))

    def _put(self, point: int) -> None:
        self._point = point
        number = self._curve[point][1]
        span = self._spans[number]
        words = " ".join(span.text[:TIP_LENGTH].split())
        count = f"{number + 1} / {len(self._spans)}"
        self.caption.setText(f"{sign(span.label)} {count} · {words}")
        self.setAccessibleDescription(f"{count}, {label_title(span.label)}: {words}")
        if self.plot is not None:
            self.plot.show_cursor(point)
