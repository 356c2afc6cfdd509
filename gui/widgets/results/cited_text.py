"""Sentences, each with its source chips behind the last word, and doubtful words marked.

Several sentences flow as one paragraph. The chips are real buttons, so that the keyboard reaches
them; in the text, each has the room of one wide space.
"""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolTip, QWidget

from gui.theme import Theme
from gui.widgets.document.piece_layout import Utf16
from gui.widgets.plain import plain_tooltip

LINE_HEIGHT, CHIP_HEIGHT, GAP = 1.5, 20, 3
ROOM = "\u00a0"  # in whose place a chip stands; a line may break at the spaces beside it


class Chip(NamedTuple):
    """A link to a passage; `tip` is its full name."""

    text: str
    tip: str
    start: int
    end: int
    document: int = 0


class Sentence(NamedTuple):
    """`doubts` are words of `text` that the source does not have."""

    text: str
    chips: tuple[Chip, ...] = ()
    doubts: tuple[str, ...] = ()


class CitedText(QWidget):
    """`chosen` gives the passage of the chip that was pressed, or of the clicked sentence's first."""

    chosen = Signal(int, int, int)  # start, end, document

    def __init__(
        self, theme: Theme, parent: QWidget, *, serif: bool = False, font: QFont | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = font or (theme.serif_font(15) if serif else theme.font())
        self._layout = QTextLayout("", self._font)
        self._sentences: tuple[Sentence, ...] = ()
        self._ends: list[int] = []  # of the sentences with their chips, in the laid out text
        self._rooms: list[int] = []  # where the chips stand in it, in UTF-16
        self._doubts: list[tuple[int, int]] = []
        self._utf16 = Utf16("")
        self._placed_for = -1
        self._buttons: list[QPushButton] = []
        self._heights: dict[int, int] = {}  # by width; layouts ask again and again
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._on_theme_changed)

    def set_content(self, text: str, chips: tuple[Chip, ...], doubts: tuple[str, ...] = ()) -> None:
        """One sentence."""
        self.set_sentences((Sentence(text, chips, doubts),))

    def set_sentences(self, sentences: tuple[Sentence, ...]) -> None:
        """A paragraph."""
        sentences = tuple(one._replace(text=" ".join(one.text.split())) for one in sentences)
        if sentences == self._sentences:
            return
        self._sentences = sentences
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(chip) for one in sentences for chip in one.chips]
        has_source = any(one.chips for one in sentences)
        shape = Qt.CursorShape.PointingHandCursor if has_source else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self._compose()
        self.setAccessibleName(self.text())
        self._heights.clear()
        self._place(self.width())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return " ".join(one.text for one in self._sentences)

    def chips(self) -> list[QPushButton]:
        return self._buttons

    def sizeHint(self) -> QSize:
        """Of one line: how many there are, layouts ask by the width."""
        return QSize(240, round(self._font.pixelSize() * LINE_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

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

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        sentence = self._sentence_at(event.position().toPoint())
        if sentence is not None and sentence.chips:
            _, _, *passage = sentence.chips[0]
            self.chosen.emit(*passage)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._position_at(event.pos())
            if any(start <= at < end for start, end in self._doubts):
                words = self.tr("The source does not have this: it may be made up.")
                QToolTip.showText(event.globalPos(), plain_tooltip(words), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _button(self, chip: Chip) -> QPushButton:
        button = QPushButton(chip.text.replace("&", "&&"), self)
        button.setProperty("kind", "source")
        button.setToolTip(plain_tooltip(chip.tip))
        button.setAccessibleName(self.tr("Show in the text: {place}").format(place=chip.tip))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.chosen.emit(chip.start, chip.end, chip.document))
        button.show()
        return button

    def _compose(self) -> None:
        """The text with a space for each chip, and where all of that is."""
        text, self._ends, rooms, self._doubts = "", [], [], []
        for one in self._sentences:
            start = len(text)
            for low, high in places_of(one.doubts, one.text):
                self._doubts.append((start + low, start + high))
            text += one.text
            for _ in one.chips:
                rooms.append(len(text) + 1)
                text += f" {ROOM}"
            text += " "
            self._ends.append(len(text))
        self._utf16 = Utf16(text)
        self._rooms = [self._utf16.units(at) for at in rooms]
        self._layout = QTextLayout(text.rstrip(" "), self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self._layout.setTextOption(option)
        self._set_formats()

    def _set_formats(self) -> None:
        formats = []
        for start, end in self._doubts:
            look = QTextCharFormat()
            look.setForeground(self._theme.color("warning"))
            look.setBackground(self._theme.color("warning_soft"))
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            first, last = self._utf16.units(start), self._utf16.units(end)
            formats.append(_range(first, last, look))
        space = QFontMetricsF(self._font).horizontalAdvance(ROOM)
        for at, button in zip(self._rooms, self._buttons, strict=True):
            look = QTextCharFormat()
            look.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
            look.setFontLetterSpacing(button.sizeHint().width() - space)
            formats.append(_range(at, at + 1, look))
        self._layout.setFormats(formats)

    def _place(self, width: int, *, move: bool = True) -> int:
        """Lay the text out for a width, the chips in it; returns the height."""
        self._placed_for = width
        height = round(self._font.pixelSize() * LINE_HEIGHT)
        y, chips = 0.0, list(zip(self._rooms, self._buttons, strict=True))
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(max(40, width))
            line.setPosition(QPointF(0, y + (height - line.height()) / 2))
            end = line.textStart() + line.textLength()
            while move and chips and chips[0][0] < end:
                at, button = chips.pop(0)
                x = min(_x(line, at), _x(line, at + 1))
                room = min(button.sizeHint().width(), width)
                top = round(y + (height - CHIP_HEIGHT) / 2)
                button.setGeometry(round(x), top, room, CHIP_HEIGHT)
            y += height
        self._layout.endLayout()
        return max(round(y), height)

    def _position_at(self, point: QPoint) -> int:
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            if point.y() < line.y() + line.height() + GAP:
                units, *_ = _pair(line.xToCursor(point.x()))
                return self._utf16.position(int(units))
        return -1

    def _sentence_at(self, point: QPoint) -> Sentence | None:
        at = self._position_at(point)
        found = itertools.compress(self._sentences, (at < end for end in self._ends))
        return next(found, self._sentences[-1] if self._sentences else None)

    def _on_theme_changed(self) -> None:
        self._set_formats()
        self._place(self.width())
        self.update()


def places_of(doubts: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    """Where words stand in a text: as words of their own, or else, as in Chinese, inside of others."""
    places = []
    for doubt in filter(None, doubts):
        words = re.escape(doubt)
        found = list(re.finditer(rf"(?<!\w)(?<!\d[.,]){words}(?![.,]?\d)(?!\w)", text))
        places += [match.span() for match in found or re.finditer(words, text)]
    return places


def _range(start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, end - start, look
    return found


def _x(line: object, units: int) -> float:
    return _pair(line.cursorToX(units))[0]  # type: ignore[attr-defined]


def _pair(value: object) -> tuple[float, ...]:
    """PySide gives the value alone or with the changed argument, by version."""
    return value if isinstance(value, tuple) else (value,)
