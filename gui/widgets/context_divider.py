"""The place in a conversation from which on the model sees it, and what it was told of the rest."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import icons
from gui.conversation_text import ContextCut
from gui.theme import Theme
from gui.widgets.form import hairline
from gui.widgets.quiet_text import QuietText

ABOVE, BELOW, LEAST_RULE = 4, 24, 36


class ContextDivider(QWidget):
    """A line across the column with a few quiet words in it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = QLabel(self)
        self._words.setProperty("kind", "hint")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(hairline(self), 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._words, 0)
        line.addWidget(hairline(self), 1, Qt.AlignmentFlag.AlignVCenter)
        self.button = QPushButton(self.tr("What the model was told instead"), self)
        self.button.setProperty("kind", "aside")
        self.button.setCheckable(True)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.toggled.connect(self._on_button_toggled)
        self._note = QuietText(theme, self.tr("What the model was told instead"), self)
        self._note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, ABOVE, 0, BELOW)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._note)
        self._recolor()
        theme.changed.connect(self._recolor)

    def show_cut(self, cut: ContextCut) -> None:
        words = self.tr("%n message(s) above are no longer seen by the model", "", cut.count)
        self._words.setText(words)
        self._fit()
        self.button.setVisible(bool(cut.note))
        self._note.setVisible(bool(cut.note) and self.button.isChecked())
        self._note.show_text(cut.note)

    def words(self) -> str:
        return self._words.text()

    def note(self) -> str:
        """What is unfolded; "" while it is folded."""
        return self._note.toPlainText() if self._note.isVisibleTo(self) else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """On one line if that leaves some of the rule to be seen, else on several."""
        room = max(1, self.width() - 2 * LEAST_RULE)
        natural = self._words.fontMetrics().horizontalAdvance(self._words.text())
        self._words.setWordWrap(natural > room)
        self._words.setMinimumWidth(min(natural, room))

    def _on_button_toggled(self, is_open: bool) -> None:
        self._note.setVisible(is_open)
        self._recolor()

    def _recolor(self) -> None:
        name = "chevron-down" if self.button.isChecked() else "chevron-right"
        self.button.setIcon(icons.icon(name, self._theme.hex("hint"), 14))
