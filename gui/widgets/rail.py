"""The icon rail at the left edge: the app's mark, and one button for each page."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from gui import icons
from gui.pages import PAGES, PageEntry
from gui.theme import Theme

WIDTH, BUTTON, MARK = 60, 44, 30


class Rail(QFrame):
    """Emits `chosen` with a page id. It does not know what the pages are made of."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("kind", "rail")
        self.setFixedWidth(WIDTH)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 15, 0, 14)
        layout.setSpacing(6)
        mark = QLabel(self)
        mark.setPixmap(icons.pixmap("carrel", "#B8412A", MARK))
        mark.setAccessibleName("Carrel")
        layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(14)
        for position, entry in enumerate(PAGES):
            if position == len(PAGES) - 1:
                layout.addStretch(1)
            layout.addWidget(self._button(entry, position), 0, Qt.AlignmentFlag.AlignHCenter)
        self.recolor()
        theme.changed.connect(self.recolor)

    def show_chosen(self, page_id: str) -> None:
        """Mark the page that is open, without emitting."""
        self._buttons[page_id].setChecked(True)
        self.recolor()

    def button(self, page_id: str) -> QToolButton:
        return self._buttons[page_id]

    def recolor(self) -> None:
        for entry in PAGES:
            button = self._buttons[entry.page_id]
            token = "accent" if button.isChecked() else "mut"
            button.setIcon(icons.icon(entry.icon_name, self._theme.hex(token)))

    def _button(self, entry: PageEntry, position: int) -> QToolButton:
        title = QCoreApplication.translate("Pages", entry.title)
        button = QToolButton(self)
        button.setProperty("kind", "railbutton")
        button.setCheckable(True)
        button.setFixedSize(BUTTON, BUTTON)
        button.setIconSize(QSize(20, 20))
        button.setAccessibleName(title)
        button.setToolTip(
            self.tr("{page}  (Ctrl+{number})").format(page=title, number=position + 1)
        )
        button.clicked.connect(lambda: self.chosen.emit(entry.page_id))
        self._group.addButton(button)
        self._buttons[entry.page_id] = button
        return button
