"""The chart of the most frequent names, which leads to them: click, or Up, Down and Enter.

It holds the plot, which is loaded when the chart is first seen, and hears mouse and keys for it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
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

from engine.text_tools.results import Entity
from gui.theme import Theme
from gui.widgets.plain import plain_tooltip
from gui.widgets.results.name_types import type_title

if TYPE_CHECKING:
    from gui.widgets.results.count_plot import Bar, CountPlot

BAR_ROOM, PICTURE_BAR = 22, 30  # pixels for a bar
PICTURES = (".png", ".svg")


class CountChart(QWidget):
    """`chosen` gives the `Entity`; `picture_asked` the suffix of a file."""

    chosen = Signal(object)
    picture_asked = Signal(str)

    def __init__(self, theme: Theme, token_of: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._token_of = theme, token_of
        self._names: tuple[Entity, ...] = ()
        self._pictured: tuple[Entity, ...] = ()
        self._current = -1
        self.plot: CountPlot | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._build)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2, 2, 2, 2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Most frequent names"))

    def show_names(self, names: Sequence[Entity], pictured: Sequence[Entity] = ()) -> None:
        """The names of the bars, the most frequent first. `pictured` are those of the chart as a file,
        where there is room for more of them; without any, the same."""
        self._pictured = tuple(pictured or names)
        if tuple(names) == self._names:
            return
        chosen = self._names[self._current] if self._current >= 0 else None
        self._names = tuple(names)
        self._current = -1
        self.setFixedHeight(BAR_ROOM * max(1, len(names)) + 4)
        if chosen is not None:
            self.show_name(chosen)
        self.setAccessibleDescription(", ".join(_words(entity) for entity in self._names))
        if self.plot is not None:
            self._fill()
        elif self.isVisible():
            self._soon.start()

    def names(self) -> tuple[Entity, ...]:
        return self._names

    def show_name(self, entity: Entity | None) -> None:
        """Outline the bar of a name that was chosen elsewhere."""
        key = (entity.text, entity.label) if entity is not None else None
        places = (n for n, name in enumerate(self._names) if (name.text, name.label) == key)
        self._put(next(places, -1))

    def bar_at(self, y: float) -> int:
        assert self.plot is not None
        return self.plot.bar_at(self.plot.mapFrom(self, QPoint(0, round(y))).y())

    def picture(self, suffix: str, title: str) -> bytes:
        """The chart as a file's content: ".png" or ".svg"."""
        from gui.widgets.results.chart_picture import chart_picture
        from gui.widgets.results.count_plot import CountPlot

        plot = CountPlot(self._theme, self)
        plot.hide()
        try:
            plot.show_bars(self._bars(self._pictured))
            height = PICTURE_BAR * max(1, len(self._pictured))
            return chart_picture(plot, suffix, title, height, self._theme)
        finally:
            plot.deleteLater()

    def save_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for suffix in PICTURES:
            text = self.tr("Save chart as {form}…").format(form=suffix[1:].upper())
            menu.addAction(text, functools.partial(self.picture_asked.emit, suffix))
        menu.setEnabled(bool(self._names))
        return menu

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.plot is None and self._names:
            self._soon.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._current < 0 and self._names:
            self._put(0)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._names and self.plot is not None and event.button() == Qt.MouseButton.LeftButton:
            self._put(self.bar_at(event.position().y()))
            self.chosen.emit(self._names[self._current])

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            if self._names and self.plot is not None:
                QToolTip.showText(event.globalPos(), self.tip(self.bar_at(event.y())), self)
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.save_menu(self).popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last, keys = len(self._names) - 1, Qt.Key
        places = {
            keys.Key_Up: max(0, self._current - 1),
            keys.Key_Down: min(last, self._current + 1),
            keys.Key_Home: 0,
            keys.Key_End: last,
        }
        if self._names and event.key() in places:
            self._put(places[Qt.Key(event.key())])
        elif self._current >= 0 and event.key() in (keys.Key_Return, keys.Key_Enter):
            self.chosen.emit(self._names[self._current])
        else:
            super().keyPressEvent(event)

    def tip(self, number: int) -> str:
        entity = self._names[number]
        return plain_tooltip(f"{_words(entity)}\n{type_title(entity.label)}")

    def _bars(self, names: Sequence[Entity]) -> list[Bar]:
        from gui.widgets.results.count_plot import Bar

        return [
            Bar(" ".join(entity.text.split()), entity.count, self._token_of(entity.label))
            for entity in names
        ]

    def _put(self, number: int) -> None:
        self._current = number
        if self.plot is not None:
            self.plot.show_current(number)

    def _build(self) -> None:
        from gui.widgets.results.count_plot import CountPlot

        if self.plot is None:
            self.plot = CountPlot(self._theme, self)
            self._column.addWidget(self.plot)
            self._fill()

    def _fill(self) -> None:
        assert self.plot is not None
        self.plot.show_bars(self._bars(self._names))
        self.plot.show_current(self._current)


def _words(entity: Entity) -> str:
    return f"{' '.join(entity.text.split())} {entity.count}"
