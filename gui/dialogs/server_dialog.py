"""Says in one sentence what connecting to a server means, before the first request is sent to it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.server_address import ServerAddress
from gui.widgets.page_column import PageColumn

WIDTH = 480


class ServerDialog(QDialog):
    """Accepted: text may go to this server."""

    def __init__(self, address: ServerAddress, parent: QWidget) -> None:
        super().__init__(parent)
        title = self.tr("Send text to this server?")
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH)
        heading = QLabel(title, self)
        heading.setProperty("kind", "title")
        self.text = PageColumn.text(self._sentence(address), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(self.text)
        if not address.is_encrypted() and not address.is_this_computer:
            words = self.tr(
                "Its address begins with http, not https: others in the same network may read"
                " along, the key included."
            )
            layout.addWidget(PageColumn.text(words, self, kind="warning"))
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setDefault(True)
        cancel.clicked.connect(self.reject)
        self.go = QPushButton(self.tr("Connect"), self)
        self.go.setProperty("kind", "primary")
        self.go.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.go)
        layout.addSpacing(4)
        layout.addLayout(buttons)

    def _sentence(self, address: ServerAddress) -> str:
        if address.is_this_computer:
            words = self.tr(
                "While one of its models is in use, what you write and the documents you have read"
                " are sent to the program at {host} on this computer."
            )
        else:
            words = self.tr(
                "While one of its models is in use, what you write and the documents you have read"
                " leave this computer and are sent to {host}."
            )
        return words.format(host=address.host)
