"""Paints the visible part of a document: the current passage, the marks, the text, page numbers."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.theme import Theme
from gui.widgets.document.flow import Flow
from gui.widgets.document.marks import Marks
from gui.widgets.document.piece_layout import PieceLayout

PAD_X, UNDERLINE, RADIUS, PASSAGE_RADIUS, PASSAGE_PAD = 2.0, 2.0, 4.0, 9.0, 10.0
FLASH = 0.3  # of the accent over a passage that was just jumped to
BOX = 25.0  # height of a mark around a line of 28 px
MARGIN_GAP, LABEL = 12.0, 16.0  # beside the text, and the height of a page's name above its line
DOTS = [0.1, 2.2]  # of the line under what is not sure, in widths of the line


class PagePainter:
    """One paint event's worth of work. `visible` is a list of (piece, layout, y in the viewport)."""

    def __init__(
        self, painter: QPainter, theme: Theme, flow: Flow, left: float, width: float
    ) -> None:
        self._painter = painter
        self._theme = theme
        self._flow = flow
        self._left = left
        self._width = width
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint(
        self,
        visible: list[tuple[int, PieceLayout, float]],
        marks: Marks,
        passage: tuple[int, int] | None,
        selection: tuple[int, int] | None,
        flash: float = 0.0,
    ) -> None:
        """`flash`, 1.0 to 0.0, is how strongly the passage still asks to be looked at."""
        if passage is not None:
            self._paint_passage(visible, passage, flash)
        for index, layout, y in visible:
            self._paint_marks(index, layout, y, marks, passage)
        color, selected_color = self._theme.color("text"), self._theme.color("selection")
        for index, layout, y in visible:
            inside = self._inside(index, selection)
            selected = (*inside, selected_color) if inside else None
            layout.draw(self._painter, QPointF(self._left, y), color, selected)
        self._paint_pages(visible)

    def _inside(self, index: int, stretch: tuple[int, int] | None) -> tuple[int, int] | None:
        if stretch is None:
            return None
        start, end = self._flow.range(index)
        low, high = max(start, stretch[0]), min(end, stretch[1])
        return (low - start, high - start) if low < high else None

    def _paint_passage(
        self,
        visible: list[tuple[int, PieceLayout, float]],
        passage: tuple[int, int],
        flash: float,
    ) -> None:
        top = bottom = None
        for index, layout, y in visible:
            if inside := self._inside(index, passage):
                for line in layout.lines_of(*inside):
                    top = y + line.top if top is None else top
                    bottom = y + line.top + line.height
        if top is None or bottom is None:
            return
        if passage[0] < self._flow.starts[visible[0][0]]:
            top = min(top, -2 * PASSAGE_RADIUS)  # it began above what is seen
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._theme.color("accent_soft"))
        block = QRectF(self._left, top, self._width, bottom - top)
        block.adjust(-PASSAGE_PAD, -3, PASSAGE_PAD, 3)
        self._painter.drawRoundedRect(block, PASSAGE_RADIUS, PASSAGE_RADIUS)
        if flash > 0:
            color = self._theme.color("accent")
            color.setAlphaF(FLASH * flash)
            self._painter.setBrush(color)
            self._painter.drawRoundedRect(block, PASSAGE_RADIUS, PASSAGE_RADIUS)

    def _paint_marks(
        self,
        index: int,
        layout: PieceLayout,
        y: float,
        marks: Marks,
        passage: tuple[int, int] | None,
    ) -> None:
        start, end = self._flow.range(index)
        painter = self._painter
        painter.setPen(Qt.PenStyle.NoPen)
        for mark in marks.within(start, end):
            line_color, fill = (
                self._theme.color(mark.token),
                self._theme.color(f"{mark.token}_soft"),
            )
            low, high = max(mark.start, start) - start, min(mark.end, end) - start
            for rect in layout.rects(low, high):
                height = min(BOX, rect.height()) if rect.height() < 32 else rect.height() - 2
                top = y + rect.top() + (rect.height() - height) / 2
                box = QRectF(self._left + rect.left(), top, rect.width(), height)
                box = box.adjusted(-PAD_X, 0, PAD_X, 0)
                if mark.faint:
                    self._paint_dots(box, line_color)
                else:
                    self._paint_box(box, fill, line_color)
                if (mark.start, mark.end) == passage:
                    painter.setPen(QPen(line_color, 1.2))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(box, RADIUS, RADIUS)
                    painter.setPen(Qt.PenStyle.NoPen)

    def _paint_box(self, box: QRectF, fill: QColor, line_color: QColor) -> None:
        painter = self._painter
        painter.setBrush(fill)
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        painter.save()
        painter.setClipRect(
            QRectF(box.left(), box.bottom() - UNDERLINE, box.width(), UNDERLINE),
            Qt.ClipOperation.IntersectClip,
        )
        painter.setBrush(line_color)
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        painter.restore()

    def _paint_dots(self, box: QRectF, line_color: QColor) -> None:
        painter, pen = self._painter, QPen(line_color, 1.8)
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern(DOTS)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        y = box.bottom() - UNDERLINE / 2
        painter.drawLine(QPointF(box.left() + 2, y), QPointF(box.right() - 2, y))
        painter.setPen(Qt.PenStyle.NoPen)

    def _paint_pages(self, visible: list[tuple[int, PieceLayout, float]]) -> None:
        """ "p. 3" in the margin where a page begins; a longer name, as of a sheet, above its line."""
        painter, font = self._painter, self._theme.font(11)
        painter.setPen(self._theme.color("hint"))
        painter.setFont(font)
        metrics, right = QFontMetricsF(font), self._left + self._width
        margin = painter.viewport().width() - right - MARGIN_GAP
        for section in self._flow.document.sections:
            if section.kind != "page":
                continue
            for index, layout, y in visible:
                start, end = self._flow.range(index)
                if start <= section.start < end:
                    line = layout.line_of(section.start - start)
                    fits = metrics.horizontalAdvance(section.label) <= margin
                    if fits:
                        spot = QRectF(right + MARGIN_GAP, y + line.top, margin, line.height)
                        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
                    else:
                        spot = QRectF(self._left, y + line.top - LABEL, self._width, LABEL)
                        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                    words = metrics.elidedText(
                        section.label, Qt.TextElideMode.ElideMiddle, spot.width()
                    )
                    painter.drawText(spot, flags, words)
