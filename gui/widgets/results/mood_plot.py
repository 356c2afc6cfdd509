"""The mood through a text as a plot, drawn by pyqtgraph. A picture only: it hears no mouse and no key.

Import this late, like `gui.plotting`.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QWidget

from gui.plotting import pg
from gui.theme import Theme
from gui.widgets.results.mood import outline, round_numbers

MOST_DOTS, DOT, CURSOR, MARGIN, PIXELS = 200, 4, 9, 0.12, 11
AREA = 0.22  # how opaque the areas are


class MoodPlot(pg.PlotWidget):
    """x is the number of the sentence, from 1; y the mood, from -1 to 1."""

    def __init__(self, theme: Theme, above: str, below: str, parent: QWidget) -> None:
        """`above` and `below` are the words for the two halves."""
        box = pg.ViewBox(enableMenu=False, defaultPadding=0.0)
        super().__init__(parent, background=None, viewBox=box)
        self._theme = theme
        self._curve: list[tuple[float, int]] = []
        self._count = 0
        self._words = above, below
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setStyleSheet("background: transparent")
        self.getPlotItem().setContentsMargins(0, 0, 16, 0)
        self.hideButtons()
        self.setMenuEnabled(False)
        box.setMouseEnabled(False, False)
        box.setYRange(-1 - MARGIN, 1 + MARGIN)
        self._zero = pg.InfiniteLine(0, angle=0)
        self._areas = [pg.PlotCurveItem(fillLevel=0.0) for _ in range(2)]
        self._lines = [pg.PlotCurveItem(connect="finite") for _ in range(2)]
        self._dots = pg.ScatterPlotItem(size=DOT, useCache=False)
        self._hover = pg.InfiniteLine(angle=90)
        self._cursor = pg.ScatterPlotItem(size=CURSOR, useCache=False)
        self._hover.hide()
        for item in (self._zero, *self._areas, self._dots, *self._lines, self._hover, self._cursor):
            self.addItem(item)
        left = self.getAxis("left")
        left.setTicks([[(0.5, above), (-0.5, below)]])
        left.setStyle(tickLength=0, tickTextOffset=6)
        self.getAxis("bottom").setStyle(tickLength=4, tickTextOffset=4, hideOverlappingLabels=False)
        theme.changed.connect(self.recolor)
        self.recolor()

    def show_curve(self, curve: list[tuple[float, int]], values: list[float]) -> None:
        """`values` are the sentences' own; few of them are shown as dots behind the curve."""
        self._curve, self._count = curve, len(values)
        xs, ys = outline(curve) if curve else ([], [])
        self._areas[0].setData(xs, [max(0.0, y) for y in ys])
        self._areas[1].setData(xs, [min(0.0, y) for y in ys])
        self._lines[0].setData(xs, _side(ys))
        self._lines[1].setData(xs, [-y for y in _side([-y for y in ys])])
        few = values if 1 < len(values) <= MOST_DOTS else []
        self._dots.setData(list(range(1, len(few) + 1)), few)
        side = max(0.5, 0.012 * self._count)
        self.getViewBox().setXRange(1 - side, max(1, self._count) + side)
        self.getAxis("bottom").setTicks([[(n, str(n)) for n in round_numbers(self._count)]])

    def show_cursor(self, point: int) -> None:
        """Put the dot on a point of the curve."""
        mood, number = self._curve[point]
        token = "positive" if mood > 0.1 else "negative" if mood < -0.1 else "neutral"
        self._cursor.setData([1 + number], [mood])
        self._cursor.setBrush(self._theme.color(token))

    def show_hover(self, point: int | None) -> None:
        self._hover.setVisible(point is not None)
        if point is not None:
            self._hover.setValue(1 + self._curve[point][1])

    def number_at(self, x: float) -> float:
        """The place among the sentences, from 0, of a pixel in the widget."""
        scene = self.mapToScene(round(x), 0)
        return float(self.getViewBox().mapSceneToView(QPointF(scene)).x()) - 1

    def recolor(self) -> None:
        theme = self._theme
        for item, line, token in zip(
            self._areas, self._lines, ("positive", "negative"), strict=True
        ):
            fill = theme.color(token)
            fill.setAlphaF(AREA)
            item.setPen(None)
            item.setBrush(fill)
            line.setPen(pg.mkPen(theme.color(token), width=2))
        faint = QColor(theme.color("mut"))
        faint.setAlphaF(0.45)
        self._dots.setPen(None)
        self._dots.setBrush(faint)
        self._zero.setPen(pg.mkPen(theme.color("hint"), width=1))
        self._hover.setPen(pg.mkPen(theme.color("focus"), width=1))
        self._cursor.setPen(pg.mkPen(theme.color("side"), width=1.5))
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(theme.color("line")))
            axis.setTextPen(theme.color("mut"))
            axis.setTickFont(theme.font(PIXELS))
        # Known beforehand, so that nothing moves after the first time it is drawn.
        metrics = QFontMetrics(theme.font(PIXELS))
        widest = max(metrics.horizontalAdvance(word) for word in self._words)
        self.getAxis("left").setWidth(widest + 10)
        self.getAxis("bottom").setHeight(metrics.height() + 8)


def _side(ys: list[float]) -> list[float]:
    """What lies above zero, with the zeros at its ends, and gaps elsewhere."""
    around = zip([0.0, *ys], ys, [*ys[1:], 0.0], strict=False)
    return [y if y > 0 or (y == 0 and max(a, b) > 0) else math.nan for a, y, b in around]
