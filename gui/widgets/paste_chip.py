"""A large paste beside the message: how long it is, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from gui import icons
from gui.theme import Theme


class PasteChip(QFrame):
    """Holds the text as it is; hidden while there is none."""

    removed = Signal()
    document_asked = Signal()
    attach_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._held = ""
        self.setProperty("kind", "bubble")
        self._mark = QLabel(self)
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        read = QPushButton(self.tr("Read as a document"), self)
        read.setProperty("kind", "link")
        read.clicked.connect(self.document_asked)
        attach = QPushButton(self.tr("Attach"), self)
        attach.setProperty("kind", "link")
        attach.setToolTip(self.tr("Ask about it as a document that goes with the message"))
        attach.clicked.connect(self.attach_asked)
        self._remove = QToolButton(self)
        self._remove.setAccessibleName(self.tr("Remove the pasted text"))
        self._remove.setToolTip(self.tr("Remove"))
        self._remove.clicked.connect(self._on_remove_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 4, 4)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._label, 1)
        row.addWidget(attach)
        row.addWidget(read)
        row.addWidget(self._remove)
        self.recolor()
        theme.changed.connect(self.recolor)
        self.hide()

    def text(self) -> str:
        return self._held

    def hold(self, text: str) -> None:
        """Add to what is held; a second paste does not replace the first."""
        self._held = f"{self._held}\n\n{text}" if self._held else text
        label = self.tr("Pasted text, {count} characters")
        self._label.setText(label.format(count=f"{len(self._held):,}"))
        self.show()

    def clear(self) -> None:
        self._held = ""
        self.hide()

    def recolor(self) -> None:
        self._mark.setPixmap(icons.pixmap("clipboard-paste", self._theme.hex("mut"), 16))
        self._remove.setIcon(icons.icon("x", self._theme.hex("mut"), 14))

    def _on_remove_clicked(self) -> None:
        self.clear()
        self.removed.emit()
