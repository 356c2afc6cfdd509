"""Where a passage stands: its document beside what was found, scrolled to it, words in it marked."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from engine.types import Document
from gui import icons
from gui.document_facts import document_facts
from gui.theme import Theme
from gui.widgets.document.document_view import DocumentView
from gui.widgets.document.marks import Mark
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.results.column import plain_label

FOUND = "found"


class PlaceReader(QWidget):
    close_asked = Signal()
    desk_asked = Signal(str)  # the file's path

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._number: int | None = None
        self._document: Document | None = None
        self.name = ElidedLabel(self)
        self.name.setProperty("kind", "section")
        self.facts = plain_label("", self, "caption")
        self.desk_button = QPushButton(self.tr("Open in Documents"), self)
        self.desk_button.setProperty("kind", "small")
        self.desk_button.setToolTip(self.tr("Summarize it, ask about it, find its names"))
        self.desk_button.clicked.connect(self._on_desk_button_clicked)
        self.close_button = QToolButton(self)
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setAccessibleName(self.tr("Close the document"))
        self.close_button.setToolTip(self.tr("Close the document  (Esc)"))
        self.close_button.clicked.connect(self.close_asked)
        self.view = DocumentView(theme, self)
        head = QHBoxLayout()
        head.setContentsMargins(24, 16, 12, 4)
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(self.facts)
        head.addWidget(self.desk_button)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        theme.changed.connect(self._recolor)
        self._recolor()

    def number(self) -> int | None:
        """What it was shown as."""
        return self._number

    def show_place(
        self,
        number: int,
        document: Document,
        place: tuple[int, int] | None,
        found: list[tuple[int, int]],
    ) -> None:
        """`found` are the words to mark; `place` is gone to."""
        if number != self._number or document != self._document:
            self._number, self._document = number, document
            self.name.setText(document.name)
            self.facts.setText(document_facts(document))
            self.desk_button.setVisible(bool(document.path))
            self.view.set_document(document)
        marks = [Mark(start, end, "accent", FOUND, at) for at, (start, end) in enumerate(found)]
        self.view.set_marks(marks)
        if place is not None:
            self.view.show_passage(*place)

    def _on_desk_button_clicked(self) -> None:
        if self._document is not None and self._document.path:
            self.desk_asked.emit(self._document.path)

    def _recolor(self) -> None:
        self.close_button.setIcon(icons.icon("x", self._theme.hex("mut"), 16))
