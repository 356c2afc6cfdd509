"""An answer's tokens as running text, each shaded the more the less likely it was.

One token is current: the one pointed at, or else the one that the arrow keys or a click chose.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from engine.types import TokenScore
from gui.markdown.view import SilentDocument
from gui.theme import ANSWER_PIXELS, Theme

STEPS, STRONGEST = 12, 0.55  # shades, and how opaque the last one is
LINE_HEIGHT = 30
LINE_END = "↵"


class TokenMap(QTextEdit):
    """`current_changed(number)` follows pointer and keys."""

    current_changed = Signal(int)

    def __init__(
        self, theme: Theme, head: str, scores: Sequence[TokenScore], parent: QWidget
    ) -> None:
        """`head` is text before the tokens, of which nothing is known."""
        super().__init__(parent)
        self._theme = theme
        self._starts: list[int] = []  # in UTF-16 units, as Qt counts
        self._chosen = 0
        self._current = -1
        document = SilentDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDefaultFont(theme.font(ANSWER_PIXELS))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        self.setDocument(document)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(self.tr("The answer, word by word"))
        self._fill(head, scores)
        self.choose(0)

    def count(self) -> int:
        return len(self._starts) - 1

    def current(self) -> int:
        return self._current

    def choose(self, number: int) -> None:
        """Make a token the current one and bring it into view."""
        if self.count() <= 0:
            return
        self._chosen = min(max(number, 0), self.count() - 1)
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._starts[self._chosen])
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        self._set_current(self._chosen)

    def shade(self, number: int) -> QColor:
        """The colour behind a token; transparent for one that was sure."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._starts[number] + 1)
        brush = cursor.charFormat().background()
        return brush.color() if brush.style() != Qt.BrushStyle.NoBrush else QColor(0, 0, 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = event.key(), Qt.Key
        if key in (keys.Key_Left, keys.Key_Right):
            self.choose(self._chosen + (1 if key == keys.Key_Right else -1))
        elif key in (keys.Key_Up, keys.Key_Down):
            up, down = QTextCursor.MoveOperation.Up, QTextCursor.MoveOperation.Down
            cursor = self.textCursor()
            cursor.movePosition(up if key == keys.Key_Up else down)
            self.choose(self._at(cursor.position()))
        elif key in (keys.Key_Home, keys.Key_End):
            self.choose(0 if key == keys.Key_Home else self.count() - 1)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._at(self.cursorForPosition(event.position().toPoint()).position())
        self._set_current(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.choose(self._at(self.cursorForPosition(event.position().toPoint()).position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self.count() > 0:
            self._set_current(self._chosen)

    def _at(self, position: int) -> int:
        """The token that a place in the text belongs to."""
        return min(max(bisect_right(self._starts, position) - 1, 0), max(self.count() - 1, 0))

    def _set_current(self, number: int) -> None:
        if number == self._current:
            return
        self._current = number
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._starts[number])
        cursor.setPosition(self._starts[number + 1], QTextCursor.MoveMode.KeepAnchor)
        chosen = QTextCharFormat()
        chosen.setBackground(self._theme.color("selection"))
        chosen.setForeground(self._theme.color("text"))
        mark.cursor, mark.format = cursor, chosen
        self.setExtraSelections([mark])
        self.current_changed.emit(number)

    def _fill(self, head: str, scores: Sequence[TokenScore]) -> None:
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        block = cursor.blockFormat()
        block.setLineHeight(LINE_HEIGHT, int(block.LineHeightTypes.FixedHeight.value))
        cursor.setBlockFormat(block)
        shades = [self._shade(step) for step in range(STEPS + 1)]
        plain = QTextCharFormat()
        plain.setForeground(self._theme.color("mut"))
        cursor.insertText(head, plain)
        for score in scores:
            self._starts.append(cursor.position())
            doubt = 1 - min(1.0, math.exp(min(0.0, score.logprob)))
            text = score.text.replace("\n", LINE_END + "\n")
            cursor.insertText(text, shades[round(doubt * STEPS)])
        self._starts.append(cursor.position())
        cursor.endEditBlock()

    def _shade(self, step: int) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setForeground(self._theme.color("text"))
        if step:
            color = self._theme.color("warning")
            color.setAlphaF(STRONGEST * step / STEPS)
            made.setBackground(color)
        return made
