"""What an empty page says: what it is for, and what to do first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import icons
from gui.theme import Theme
from gui.widgets.results.column import wrapped_label

WIDEST, MARK = 480, 36  # pixels of the words and of the icon


class Invitation(QWidget):
    """The first of its buttons is the one that stands out."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        text: str,
        buttons: Sequence[str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._theme, self._icon = theme, icon
        self._mark = QLabel(self)
        words = (wrapped_label(title, self, "heading"), wrapped_label(text, self, "mut"))
        self.buttons = [QPushButton(name, self) for name in buttons]
        self.buttons[0].setProperty("kind", "primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in self.buttons:
            row.addWidget(button)
        row.addStretch(1)
        holder = QWidget(self)
        holder.setMaximumWidth(WIDEST)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 24, 0, 48)
        column.setSpacing(12)
        column.addStretch(1)
        for label in (self._mark, *words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(8)
        column.addLayout(row)
        column.addStretch(1)
        outside = QHBoxLayout(self)
        outside.setContentsMargins(48, 0, 48, 0)
        outside.addStretch(1)
        outside.addWidget(holder, 1000)
        outside.addStretch(1)
        theme.changed.connect(self._recolor)
        self._recolor()

    def _recolor(self) -> None:
        self._mark.setPixmap(icons.pixmap(self._icon, self._theme.hex("accent"), MARK))
        self.update()
