"""An error in its place: what happened and what to do, calmly."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.errors import ErrorInfo
from gui import icons
from gui.theme import Theme
from gui.widgets.results.column import wrapped_label


class TroubleCard(QWidget):
    """Hidden while there is no error."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        card = QFrame(self)
        card.setProperty("kind", "trouble")
        self._mark = QLabel(card)
        self.message = wrapped_label("", card)
        self.hint = wrapped_label("", card, "caption")
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse
        self.message.setTextInteractionFlags(selectable)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.message)
        words.addWidget(self.hint)
        row = QHBoxLayout(card)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(20, 4, 20, 8)
        outside.addWidget(card)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.hide()

    def show_error(self, error: ErrorInfo | None) -> None:
        self.setVisible(error is not None)
        if error is not None:
            self.message.setText(error.message)
            self.hint.setText(error.hint)
            self.hint.setVisible(bool(error.hint))

    def _on_theme_changed(self) -> None:
        self._mark.setPixmap(icons.pixmap("circle-alert", self._theme.hex("seal"), 18))
