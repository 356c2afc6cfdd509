"""One piece of text laid out in lines. Positions are characters of the piece, converted for Qt.

Qt counts UTF-16 units: a character beyond U+FFFF (an emoji) is two of them.
"""

from __future__ import annotations

import bisect
import re
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from gui.theme import DOCUMENT_LINE_HEIGHT
from gui.widgets.document.pieces import RIGHT_TO_LEFT, unwrapped

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_STRONG_LEFT = re.compile("[A-Za-z\u00c0-\u058f\u0900-\u1fff\u2c00-\ufb1c]")
HEADING_PIXELS = {1: 22, 2: 19, 3: 17}
BLANK, HEADING_GAP = 14.0, 10.0  # what a blank line takes, and the air above a heading


class Line(NamedTuple):
    """A laid out line; `top` and `height` include its share of the line spacing."""

    text_line: QTextLine
    start: int  # UTF-16
    end: int
    top: float
    height: float


class Utf16:
    """Character positions of a text as UTF-16 positions, and back."""

    def __init__(self, text: str) -> None:
        self._wide = [match.start() for match in _ASTRAL.finditer(text)]
        self._wide_units = [position + count for count, position in enumerate(self._wide)]

    def units(self, position: int) -> int:
        return position + bisect.bisect_left(self._wide, position)

    def position(self, units: int) -> int:
        """The character that holds this unit."""
        return units - bisect.bisect_left(self._wide_units, units)


class PieceLayout:
    """`headings` are (start, end, level) within `text`; lines wrapped at a width are unwrapped."""

    def __init__(
        self,
        text: str,
        font: QFont,
        width: float,
        headings: list[tuple[int, int, int]],
        wrapped_at: int = 0,
    ) -> None:
        self.length = len(text)
        ends_blank = text.endswith("\n\n")
        text = text.rstrip("\n")
        self.utf16 = Utf16(text)
        right_to_left = _runs_right_to_left(text)
        self._is_mixed = bool(RIGHT_TO_LEFT.search(text))
        shown = unwrapped(text, wrapped_at).replace("\n", "\u2028")
        self._layout = QTextLayout(shown, font)
        self._layout.setCacheEnabled(True)
        option = QTextOption(
            Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft
        )
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(
            Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
        )
        self._layout.setTextOption(option)
        levels = [(self.utf16.units(a), self.utf16.units(b), level) for a, b, level in headings]
        self._layout.setFormats([_heading_format(font, *heading) for heading in levels])
        self.lines: list[Line] = []
        self.height = self._lay_out(font, width, levels)
        if ends_blank:
            self.height += BLANK

    def _lay_out(self, font: QFont, width: float, headings: list[tuple[int, int, int]]) -> float:
        top, was_blank = 0.0, True
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            start, end = line.textStart(), line.textStart() + line.textLength()
            level = next((n for a, b, n in headings if a <= start < b), 0)
            blank = line.naturalTextWidth() <= 0 and end - start <= 1
            if blank:
                height = 0.0 if was_blank and self.lines else BLANK
            else:
                pixels = HEADING_PIXELS.get(level, font.pixelSize())
                height = round(pixels * (DOCUMENT_LINE_HEIGHT if not level else 140) / 100)
                starts = any(a == start for a, _, _ in headings)
                top += HEADING_GAP if starts and self.lines else 0.0
            line.setPosition(QPointF(0, top + (height - line.height()) / 2))
            self.lines.append(Line(line, start, end, top, height))
            top, was_blank = top + height, blank
        self._layout.endLayout()
        return top

    def advance(self) -> float:
        """Mean width of a character."""
        total = sum(line.text_line.naturalTextWidth() for line in self.lines)
        return total / max(1, self.length)

    def line_at(self, y: float) -> Line:
        index = bisect.bisect_right(self.lines, y, key=lambda line: line.top) - 1
        return self.lines[max(0, index)]

    def line_of(self, position: int) -> Line:
        units = self.utf16.units(position)
        index = bisect.bisect_right(self.lines, units, key=lambda line: line.start) - 1
        return self.lines[max(0, index)]

    def position_at(self, x: float, y: float) -> int:
        """The gap between characters nearest to a point."""
        units, *_ = _pair(self.line_at(y).text_line.xToCursor(x))
        return min(self.length, self.utf16.position(int(units)))

    def lines_of(self, start: int, end: int) -> list[Line]:
        """The lines that show any of [start, end)."""
        low, high = self.utf16.units(start), self.utf16.units(end)
        return [line for line in self.lines if line.start < high and low < line.end]

    def rects(self, start: int, end: int) -> list[QRectF]:
        """Where [start, end) stands: a rectangle per line, more where directions mix."""
        low, high = self.utf16.units(start), self.utf16.units(end)
        found: list[QRectF] = []
        for line in self.lines:
            first, last = max(low, line.start), min(high, line.end)
            if first < last:
                for left, right in self._stretches(line.text_line, first, last):
                    if right > left:
                        found.append(QRectF(left, line.top, right - left, line.height))
        return found

    def _stretches(self, line: QTextLine, first: int, last: int) -> list[tuple[float, float]]:
        if not self._is_mixed:
            return [(_x(line, first), _x(line, last))]
        bounds = sorted(
            (rect.left(), rect.right())
            for rect in (run.boundingRect() for run in line.glyphRuns(first, last - first))
            if rect.width() > 0
        )
        joined: list[tuple[float, float]] = []
        for left, right in bounds:
            if joined and left - joined[-1][1] < 6:  # a space between two runs
                joined[-1] = (joined[-1][0], max(joined[-1][1], right))
            else:
                joined.append((left, right))
        return joined

    def draw(
        self,
        painter: QPainter,
        at: QPointF,
        color: QColor,
        selected: tuple[int, int, QColor] | None,
    ) -> None:
        painter.setPen(color)
        ranges = []
        if selected is not None:
            low, high = self.utf16.units(selected[0]), self.utf16.units(selected[1])
            ranges.append(_range(low, high, QTextCharFormat()))
            ranges[0].format.setBackground(selected[2])
        self._layout.draw(painter, at, ranges)


def _runs_right_to_left(text: str) -> bool:
    """By the first letter that has a direction, as Unicode's paragraphs do."""
    right = RIGHT_TO_LEFT.search(text)
    if right is None:
        return False
    left = _STRONG_LEFT.search(text)
    return left is None or right.start() < left.start()


def _heading_format(font: QFont, start: int, end: int, level: int) -> QTextLayout.FormatRange:
    big = QFont(font)
    big.setPixelSize(HEADING_PIXELS.get(level, font.pixelSize()))
    big.setWeight(QFont.Weight.DemiBold)
    look = QTextCharFormat()
    look.setFont(big)
    return _range(start, end, look)


def _range(start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, end - start, look
    return found


def _x(line: QTextLine, units: int) -> float:
    x, *_ = _pair(line.cursorToX(units))
    return float(x)


def _pair(value: object) -> tuple[float, ...]:
    """PySide gives the value alone or with the changed argument, by version."""
    return value if isinstance(value, tuple) else (value,)
