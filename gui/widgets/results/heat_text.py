"""A sentence as a heat map: words tinted by how much they speak for a label, or against it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QToolTip, QWidget

from engine.protocol import WordWeight
from gui.markdown.view import SilentDocument
from gui.theme import Theme
from gui.widgets.document.piece_layout import Utf16

STRONGEST, WEAKEST = 0.55, 0.12  # opacity of the strongest word, and what is not tinted at all
FLOOR = 0.05  # a weight that is called strong at least: less is noise, however it compares
LINE_HEIGHT, PIXELS = 150, 15


class HeatText(QTextEdit):
    """As high as its text, up to `most` pixels; then it scrolls."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self._words: tuple[WordWeight, ...] = ()
        self._most = 120
        document = SilentDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setDefaultFont(theme.serif_font(PIXELS))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        document.setDefaultTextOption(option)
        self.setDocument(document)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.viewport().setAutoFillBackground(False)
        theme.changed.connect(self._fill)

    def show_words(self, text: str, words: tuple[WordWeight, ...]) -> None:
        """`words` may be empty: then the text alone is shown."""
        # Line ends would be paragraphs of their own, and of CR LF Qt makes one.
        self._text = text.replace("\r", " ").replace("\n", " ")
        self._words = words
        self.setAccessibleName(text)
        self._fill()

    def limit(self, most: int) -> None:
        self._most = most
        self._fit()

    def shade(self, number: int) -> QColor:
        """The colour behind a word; transparent for one that does not matter."""
        word = self._words[number]
        strength = self._strength(word)
        if abs(strength) < WEAKEST:
            return QColor(0, 0, 0, 0)
        color = self._theme.color("positive" if strength > 0 else "negative")
        color.setAlphaF(STRONGEST * abs(strength))
        return color

    def is_tinted(self) -> bool:
        """Whether any word matters."""
        return any(self.shade(number).alpha() for number in range(len(self._words)))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tip(event), self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _strength(self, word: WordWeight) -> float:
        most = max((abs(other.weight) for other in self._words), default=0.0)
        return word.weight / max(FLOOR, most)

    def _tip(self, event: QHelpEvent) -> str:
        """How many points of the label's share a word makes."""
        at = self.cursorForPosition(event.pos()).position()
        utf16 = Utf16(self._text)
        for word in self._words:
            if utf16.units(word.start) <= at <= utf16.units(word.end):
                return f"{100 * word.weight:+.0f} %".replace("-", "−")
        return ""

    def _fill(self) -> None:
        self.setPlainText(self._text)
        utf16 = Utf16(self._text)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        block, plain = cursor.blockFormat(), QTextCharFormat()
        block.setLineHeight(LINE_HEIGHT, int(block.LineHeightTypes.ProportionalHeight.value))
        cursor.setBlockFormat(block)
        plain.setForeground(self._theme.color("text"))
        cursor.setCharFormat(plain)
        for number, word in enumerate(self._words):
            color = self.shade(number)
            if color.alpha():
                tinted = QTextCharFormat(plain)
                tinted.setBackground(color)
                cursor.setPosition(utf16.units(word.start))
                cursor.setPosition(utf16.units(word.end), QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(tinted)
        self._fit()

    def _fit(self) -> None:
        height = round(self.document().size().height()) + 2
        self.setFixedHeight(max(24, min(self._most, height)))
