"""A sentence with its source chips behind the last word, and doubtful words marked.

The chips are real buttons, so that the keyboard reaches them.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.document.piece_layout import Utf16
from gui.widgets.plain import plain_tooltip

LINE_HEIGHT, CHIP_HEIGHT, GAP = 1.5, 20, 6


class Chip(NamedTuple):
    """A link to a passage; `tip` is its full name."""

    text: str
    tip: str
    start: int
    end: int


class CitedText(QWidget):
    """`chosen` gives the passage of the chip that was pressed, or of the first by a click."""

    chosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget, *, serif: bool = False) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font: QFont = theme.serif_font(15) if serif else theme.font()
        self._layout = QTextLayout("", self._font)
        self._text = ""
        self._doubts: tuple[str, ...] = ()
        self._chips: tuple[Chip, ...] = ()
        self._placed_for = -1
        self._buttons: list[QPushButton] = []
        self._heights: dict[int, int] = {}  # by width; layouts ask again and again
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._on_theme_changed)

    def set_content(self, text: str, chips: tuple[Chip, ...], doubts: tuple[str, ...] = ()) -> None:
        """`doubts` are words of `text` that the source does not have."""
        text = " ".join(text.split())
        if (text, chips, doubts) == (self._text, self._chips, self._doubts):
            return
        self._text, self._chips, self._doubts = text, chips, doubts
        self._layout = QTextLayout(text, self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._layout.setTextOption(option)
        self._color_doubts()
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(chip) for chip in chips]
        self.setAccessibleName(text)
        self._heights.clear()
        self._place(self.width())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._text

    def chips(self) -> list[QPushButton]:
        return self._buttons

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(self.width() or 240))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._place(width, move=False)
        return self._heights[width]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._placed_for != self.width():
            self._place(self.width())
        painter = QPainter(self)
        painter.setPen(self._theme.color("text"))
        self._layout.draw(painter, QPointF(0, 0))

    def mouseReleaseEvent(self, event: object) -> None:
        if self._chips:
            self.chosen.emit(self._chips[0].start, self._chips[0].end)

    def _button(self, chip: Chip) -> QPushButton:
        button = QPushButton(chip.text.replace("&", "&&"), self)
        button.setProperty("kind", "source")
        button.setToolTip(plain_tooltip(chip.tip))
        button.setAccessibleName(self.tr("Show in the text: {place}").format(place=chip.tip))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.chosen.emit(chip.start, chip.end))
        button.show()
        return button

    def _place(self, width: int, *, move: bool = True) -> int:
        """Lay the text out for a width, the chips behind it; returns the height."""
        self._placed_for = width
        height = round(self._font.pixelSize() * LINE_HEIGHT)
        x, y = 0.0, 0.0
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(max(40, width))
            line.setPosition(QPointF(0, y + (height - line.height()) / 2))
            x, y = line.naturalTextWidth() + GAP, y + height
        self._layout.endLayout()
        y = max(0.0, y - height)
        for button in self._buttons:
            size = button.sizeHint()
            if x and x + size.width() > width:
                x, y = 0.0, y + height
            if move:
                top = round(y + (height - CHIP_HEIGHT) / 2)
                button.setGeometry(round(x), top, min(size.width(), width), CHIP_HEIGHT)
            x += size.width() + GAP
        return round(y) + height

    def _color_doubts(self) -> None:
        utf16, formats = Utf16(self._text), []
        for doubt in self._doubts:
            at = self._text.find(doubt)
            if doubt and at >= 0:
                look = QTextCharFormat()
                look.setForeground(self._theme.color("warning"))
                look.setBackground(self._theme.color("warning_soft"))
                look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
                found = QTextLayout.FormatRange()
                found.start = utf16.units(at)
                found.length = utf16.units(at + len(doubt)) - found.start
                found.format = look
                formats.append(found)
        self._layout.setFormats(formats)

    def _on_theme_changed(self) -> None:
        self._color_doubts()
        self._place(self.width())
        self.update()
