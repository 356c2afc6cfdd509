"""In a message's bubble: the documents that it came with, one below the other, and the library."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from engine.storage.records import StoredMessage
from gui.document_facts import entry_facts
from gui.document_kinds import format_icon
from gui.theme import Theme
from gui.widgets.document_chip import DocumentChip

FIRST = 4  # documents that are shown at once


class MessageDocuments(QWidget):
    opened = Signal(int)  # the document's id

    def __init__(self, theme: Theme, message: StoredMessage, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._message = theme, message
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 6, 0, 4)
        self._column.setSpacing(4)
        self._chips: list[DocumentChip] = []
        for entry in message.documents:
            chip = DocumentChip(theme, self, removable=False)
            chip.show_document(
                entry.name, format_icon(entry.format), entry_facts(entry), entry.path or ""
            )
            chip.opened.connect(lambda number=entry.id: self.opened.emit(number))
            chip.setVisible(len(self._chips) < FIRST)
            self._chips.append(chip)
            self._column.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
        rest = len(self._chips) - FIRST
        if rest > 0:
            self._more = QPushButton(self.tr("and %n more", "", rest), self)
            self._more.setProperty("kind", "small")
            self._more.clicked.connect(self._on_more_clicked)
            self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        if message.uses_library:
            asked = QLabel(self.tr("Asked the library, too"), self)
            asked.setTextFormat(Qt.TextFormat.PlainText)
            asked.setProperty("kind", "caption")
            self._column.addWidget(asked)

    def chips(self) -> list[DocumentChip]:
        return list(self._chips)

    def _on_more_clicked(self) -> None:
        for chip in self._chips:
            chip.show()
        self._more.hide()
