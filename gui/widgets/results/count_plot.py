"""The most frequent names as horizontal bars, drawn by pyqtgraph. A picture only: it hears no mouse
and no key.

Import this late, like `gui.plotting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from gui.plotting import pg
from gui.theme import Theme

PIXELS, BAR_SHARE, LABEL_ROOM, COUNT_ROOM = 12, 0.56, 0.36, 44  # shares, and pixels for a count
MOST_LABEL = 220  # pixels


class Bar(NamedTuple):
    text: str
    number: int
    token: str


class CountPlot(pg.PlotWidget):
    """The first bar is at the top, at y 0; the next at -1, and so on."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        box = pg.ViewBox(enableMenu=False, defaultPadding=0.0)
        super().__init__(parent, background=None, viewBox=box)
        self._theme = theme
        self._bars: tuple[Bar, ...] = ()
        self._current = -1
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCacheMode(pg.PlotWidget.CacheModeFlag.CacheNone)  # the pane's colour shows
        self.viewport().setAutoFillBackground(False)
        self.hideButtons()
        self.setMenuEnabled(False)
        box.setMouseEnabled(False, False)
        self._rects = pg.BarGraphItem(x0=[], y=[], height=BAR_SHARE, width=[])
        self.addItem(self._rects)
        self._counts: list[pg.TextItem] = []
        self.hideAxis("bottom")
        self.getAxis("left").setStyle(tickLength=0, tickTextOffset=8, tickAlpha=0)
        theme.changed.connect(self.recolor)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = tuple(bars)
        self._arrange()
        self.recolor()

    def show_current(self, number: int) -> None:
        """Outline a bar; -1 for none."""
        if number != self._current:
            self._current = number
            self.recolor()

    def bar_at(self, y: float) -> int:
        """The bar at the height of a pixel of the widget."""
        scene = self.mapToScene(0, round(y))
        place = -self.getViewBox().mapSceneToView(QPointF(scene)).y()
        return max(0, min(len(self._bars) - 1, round(place)))

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_counts"):  # the base class resizes while it is made
            self._arrange()

    def recolor(self) -> None:
        theme, colors = self._theme, [self._theme.color(bar.token) for bar in self._bars]
        self._rects.setVisible(bool(self._bars))
        if not self._bars:  # which pyqtgraph's bars cannot be
            return
        outline = pg.mkPen(theme.color("text"), width=1.5)
        self._rects.setOpts(
            x0=[0.0] * len(self._bars),
            y=[-float(n) for n in range(len(self._bars))],
            height=BAR_SHARE,
            width=[float(bar.number) for bar in self._bars],
            brushes=colors,
            pens=[outline if n == self._current else pg.mkPen(None) for n in range(len(colors))],
        )
        for text in self._counts:
            text.setColor(theme.color("mut"))
        axis = self.getAxis("left")
        axis.setPen(pg.mkPen(None))
        axis.setTextPen(theme.color("text"))

    def _arrange(self) -> None:
        """Labels, counts and ranges for the bars and the room there is."""
        font = self._theme.font(PIXELS)
        metrics = QFontMetrics(font)
        most_label = round(min(MOST_LABEL, max(60, self.width() * LABEL_ROOM)))
        labels = [
            metrics.elidedText(bar.text, Qt.TextElideMode.ElideRight, most_label)
            for bar in self._bars
        ]
        axis = self.getAxis("left")
        axis.setTickFont(font)
        axis.setWidth(12 + max((metrics.horizontalAdvance(label) for label in labels), default=0))
        axis.setTicks([[(-n, label) for n, label in enumerate(labels)]])
        while len(self._counts) < len(self._bars):
            text = pg.TextItem(anchor=(0, 0.5))
            text.setFont(font)
            self.addItem(text, ignoreBounds=True)
            self._counts.append(text)
        for number, text in enumerate(self._counts):
            text.setVisible(number < len(self._bars))
        for number, (bar, text) in enumerate(zip(self._bars, self._counts, strict=False)):
            text.setText(str(bar.number), self._theme.color("mut"))
            text.setPos(bar.number, -number)
        room = max(1.0, self.width() - axis.width())
        most = max((bar.number for bar in self._bars), default=1)
        widest = most / max(0.2, 1 - COUNT_ROOM / room)
        self.getPlotItem().layout.activate()  # labels that wait for their width are not drawn
        self.getViewBox().setXRange(0, widest)
        self.getViewBox().setYRange(0.5 - max(1, len(self._bars)), 0.5)
