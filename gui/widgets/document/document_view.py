"""A document to be read: a column of serif text with marks, of any length, never in the way.

It is cut in slices on a timer and laid out where it is looked at. What stays in place while heights
become known is the text at the top of the window (`_anchor`), not the scroll bar.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QEvent, QPoint, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from engine.types import Document
from gui.theme import Theme
from gui.widgets.document.flow import Flow
from gui.widgets.document.glide import Glide
from gui.widgets.document.marks import Mark, Marks
from gui.widgets.document.page_painter import PagePainter
from gui.widgets.document.piece_layout import PieceLayout
from gui.widgets.document.text_selection import SelectableArea
from gui.widgets.plain import plain_tooltip

COLUMN, SIDE, TOP, BOTTOM = 640, 44, 20, 96  # pixels
SLICE_SECONDS, SLICE_PAUSE = 0.006, 4  # of work, and milliseconds for others between
FLASH = 900  # milliseconds; a passage that was jumped to shows where it is
SPOKEN = 300  # characters of a passage that are read out


class DocumentView(SelectableArea):
    """`mark_clicked` and `mark_reached` give the mark's `number`; `tip_of` is asked for its words."""

    mark_clicked = Signal(int)
    mark_reached = Signal(int)
    loaded = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marks = Marks()
        self.tip_of: Callable[[int], str] = lambda number: ""
        self._passage: tuple[int, int] | None = None
        self._anchor: tuple[int, float] = (0, float(-TOP))
        self._is_settling = False
        self._loader = QTimer(self, interval=SLICE_PAUSE)
        self._loader.timeout.connect(self._on_loader_timeout)
        self._ahead = QTimer(self, singleShot=True, interval=0)
        self._ahead.timeout.connect(self._on_ahead_timeout)
        self._glide = Glide(self)
        self._flash = QVariantAnimation(self, startValue=1.0, endValue=0.0, duration=FLASH)
        self._flash.setEasingCurve(QEasingCurve.Type.InQuad)
        self._flash.valueChanged.connect(lambda _: self.viewport().update())
        self.setAccessibleName(self.tr("Text of the document"))
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        theme.changed.connect(self.viewport().update)
        self.set_document(None)

    # What is shown

    def set_document(self, document: Document | None) -> None:
        """Show a document from its beginning, or nothing."""
        self._glide.stop()
        self._flash.stop()
        self._document = document or Document("", "")
        self._flow = Flow(self._document, self._theme.serif_font(), self._column()[1])
        self._marks, self._passage = Marks(), None
        self._anchor = (0, float(-TOP))
        self.clear_selection()
        self._loader.start()
        self._on_loader_timeout()

    def is_loaded(self) -> bool:
        return self._flow.is_loaded()

    def set_marks(self, marks: list[Mark], hidden: frozenset[str] = frozenset()) -> None:
        self._marks = Marks(marks)
        self._marks.hide(hidden)
        self.viewport().update()

    def hide_labels(self, labels: frozenset[str]) -> None:
        self._marks.hide(labels)
        self.viewport().update()

    def marks(self) -> Marks:
        return self._marks

    def show_passage(self, start: int, end: int, *, glide: bool = True) -> None:
        """Make it the current passage and scroll there, smoothly where it is near."""
        end = max(end, start + 1)
        self._passage = (start, end)
        self._glide.to(lambda: self._value_for(start), animated=glide and self.isVisible())
        if self.isVisible():
            self._flash.stop()
            self._flash.start()
        spoken = self._document.text[start : min(end, start + SPOKEN)]
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, spoken))
        self.viewport().update()

    def clear_passage(self) -> None:
        self._passage = None
        self.viewport().update()

    def passage(self) -> tuple[int, int] | None:
        return self._passage

    def go_to_mark(self, step: int) -> None:
        """The next (1) or the previous (-1) mark."""
        position = self._passage[0] if self._passage else self.top_position() - (step > 0)
        if mark := self._marks.next_after(position, step):
            self.show_passage(mark.start, mark.end)
            self.mark_reached.emit(mark.number)

    # Where things are

    def top_position(self) -> int:
        """The first character of the topmost line that is seen."""
        index, offset = self._anchor
        if index >= len(self._flow):
            return 0
        layout = self._flow.layout(index)
        line = layout.line_at(max(0.0, offset))
        return self._flow.starts[index] + layout.utf16.position(line.start)

    def position_at(self, point: QPoint) -> int:
        """The gap between characters that is nearest to a point of the viewport."""
        if not len(self._flow):
            return 0
        y = self.verticalScrollBar().value() - TOP + point.y()
        index = self._flow.piece_at(y)
        layout = self._flow.layout(index)
        inside = layout.position_at(point.x() - self._column()[0], y - self._flow.tops()[index])
        return self._flow.starts[index] + inside

    def mark_at(self, point: QPoint) -> Mark | None:
        left, _ = self._column()
        for index, layout, y in self._visible():
            start, end = self._flow.range(index)
            for mark in self._marks.within(start, end):
                low, high = max(mark.start, start) - start, min(mark.end, end) - start
                for rect in layout.rects(low, high):
                    if rect.translated(left, y).contains(point):
                        return self._marks.at(max(mark.start, start)) or mark
        return None

    def _column(self) -> tuple[float, float]:
        """Left edge and width of the text."""
        room = self.viewport().width()
        side = SIDE if room > 420 else 20
        width = max(80, min(COLUMN, room - 2 * side))
        return math.floor((room - width) / 2), width

    def _visible(self) -> list[tuple[int, PieceLayout, float]]:
        found = []
        index, offset = self._anchor
        y = -offset
        while index < len(self._flow) and y < self.viewport().height():
            layout = self._flow.layout(index)
            found.append((index, layout, y))
            y += layout.height
            index += 1
        return found

    def _value_for(self, position: int) -> float:
        """The scroll bar's value that puts a character's line a third from the top."""
        if not len(self._flow):
            return 0.0
        index = self._flow.piece_of(position)
        line = self._flow.layout(index).line_of(position - self._flow.starts[index])
        return TOP + self._flow.tops()[index] + line.top - self.viewport().height() / 3

    # Scrolling

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if not self._is_settling and len(self._flow):
            y = self.verticalScrollBar().value() - TOP
            index = self._flow.piece_at(y)
            self._anchor = (index, y - self._flow.tops()[index])
            self._settle()

    def _settle(self) -> None:
        """Measure what is seen, then let the scroll bar say where the anchor is."""
        if not len(self._flow):
            self.verticalScrollBar().setRange(0, 0)
            return
        for _ in range(2):  # a clamped position may show pieces that were not measured yet
            self._visible()
            tops, (index, offset) = self._flow.tops(), self._anchor
            most = max(0, math.ceil(TOP + tops[-1] + BOTTOM) - self.viewport().height())
            value = min(max(0, round(TOP + tops[index] + offset)), most)
            index = self._flow.piece_at(value - TOP)
            self._anchor = (index, value - TOP - tops[index])
        self._is_settling = True
        bar = self.verticalScrollBar()
        bar.setRange(0, most)
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(20)
        bar.setValue(value)
        self._is_settling = False
        self._ahead.start()
        self.viewport().update()

    def _on_ahead_timeout(self) -> None:
        """Lay out one piece of the screens above and below, so that scrolling finds them measured."""
        index, offset = self._anchor
        room, y, below = 2 * self.viewport().height(), -offset, index
        while below < len(self._flow) and y < room:
            if not self._flow.is_measured(below):
                return self._measure(below)
            y += self._flow.height(below)
            below += 1
        y, above = offset, index - 1
        while above >= 0 and y < room / 2:
            if not self._flow.is_measured(above):
                return self._measure(above)
            y += self._flow.height(above)
            above -= 1

    def _measure(self, index: int) -> None:
        self._flow.layout(index)
        self._settle()

    def _on_loader_timeout(self) -> None:
        if self._flow.load_some(SLICE_SECONDS):
            self._loader.stop()
            self.loaded.emit()
        self._settle()
        self.viewport().update()

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        index, offset = self._anchor
        if offset < 0 or index >= len(self._flow):  # above the first line: nothing to hold
            self._flow.set_width(self._column()[1])
        else:
            position = self.top_position()
            above = offset - self._flow.layout(index).line_at(offset).top
            self._flow.set_width(self._column()[1])
            line = self._flow.layout(index).line_of(position - self._flow.starts[index])
            self._anchor = (index, line.top + above)
        self._settle()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        left, width = self._column()
        page = PagePainter(painter, self._theme, self._flow, left, width)
        if visible := self._visible():
            running = self._flash.state() == QVariantAnimation.State.Running
            flash = float(self._flash.currentValue()) if running else 0.0
            page.paint(visible, self._marks, self._passage, self.selection(), flash)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self.mark_at(event.pos())
            QToolTip.showText(
                event.globalPos(), plain_tooltip(self.tip_of(mark.number)) if mark else "", self
            )
            return True
        return super().viewportEvent(event)

    # For the selection

    def text_of_document(self) -> str:
        return self._document.text

    def on_plain_click(self, point: QPoint) -> None:
        if mark := self.mark_at(point):
            self.mark_clicked.emit(mark.number)

    def is_hot(self, point: QPoint) -> bool:
        return self.mark_at(point) is not None
