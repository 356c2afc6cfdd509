"""A heading that opens and closes what stands below it; closed at first."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from gui import icons
from gui.theme import Theme


class Fold(QWidget):
    """`body` is a column: add what is to be folded away to it."""

    def __init__(self, theme: Theme, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.button = QPushButton(title, self)
        self.button.setProperty("kind", "fold")
        self.button.setCheckable(True)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.toggled.connect(self._on_button_toggled)
        self._inside = QWidget(self)
        self._inside.hide()
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(22, 0, 0, 12)
        self.body.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.button)
        column.addWidget(self._inside)
        self._recolor()
        theme.changed.connect(self._recolor)

    def is_open(self) -> bool:
        return self.button.isChecked()

    def _on_button_toggled(self, is_open: bool) -> None:
        self._inside.setVisible(is_open)
        self._recolor()

    def _recolor(self) -> None:
        name = "chevron-down" if self.is_open() else "chevron-right"
        self.button.setIcon(icons.icon(name, self._theme.hex("mut"), 16))
