"""Where a question about documents is typed. Enter asks; Up in an empty box brings the last one back."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from gui import icons
from gui.theme import Theme

LONGEST = 2000  # characters
SEND = 34


class QuestionBox(QWidget):
    asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._last = ""
        self._is_busy = False
        self.line = _QuestionLine(self)
        self.line.setMaxLength(LONGEST)
        self.line.setFixedHeight(SEND)
        self.line.setAccessibleName(self.tr("Question"))
        self.line.returnPressed.connect(self._ask)
        self.line.textChanged.connect(lambda _: self._show())
        self.line.recall_asked.connect(lambda: self.line.setText(self._last))
        self.button = QToolButton(self)
        self.button.setProperty("kind", "send")
        self.button.setFixedSize(SEND, SEND)
        self.button.setIconSize(QSize(18, 18))
        self.button.setAccessibleName(self.tr("Ask"))
        self.button.setToolTip(self.tr("Ask  (Enter)"))
        self.button.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 4, 20, 10)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.line)
        theme.changed.connect(self._show)
        self.show_state(1, "", False)

    def show_state(self, documents: int, last: str, is_busy: bool) -> None:
        """Of how many documents is asked, what was asked last, and whether an answer is under way."""
        self._last, self._is_busy = last, is_busy
        several = self.tr("Ask about these %n document(s)…", "", documents)
        one = self.tr("Ask about this document…")
        self.line.setPlaceholderText(several if documents > 1 else one)
        self._show()

    def give_back(self, question: str) -> None:
        """It could not be answered: nobody should have to type it again."""
        if not self.line.text():
            self.line.setText(question)

    def _ask(self) -> None:
        question = " ".join(self.line.text().split())
        if question and not self._is_busy:
            self.line.clear()
            self.line.setFocus()
            self.asked.emit(question)

    def _show(self) -> None:
        can_ask = bool(self.line.text().strip()) and not self._is_busy
        self.button.setEnabled(can_ask)
        color = self._theme.hex("on_accent" if can_ask else "hint")
        self.button.setIcon(icons.icon("arrow-up", color, 18))


class _QuestionLine(QLineEdit):
    recall_asked = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Up and not self.text():
            self.recall_asked.emit()
        else:
            super().keyPressEvent(event)
