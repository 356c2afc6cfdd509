"""Asks before a link is opened, with its whole address."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)


class LinkDialog(QDialog):
    """The model wrote the address: it may lead anywhere, and what it carries leaves this computer."""

    def __init__(self, address: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._address = address
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Open this link?"))
        self.setMinimumWidth(480)
        heading = QLabel(self.tr("Open this link?"), self)
        heading.setProperty("kind", "title")
        text = QLabel(
            self.tr("It opens outside Carrel, and the address is sent over the network."), self
        )
        text.setProperty("kind", "mut")
        text.setWordWrap(True)
        shown = QPlainTextEdit(address, self)
        shown.setReadOnly(True)
        shown.setProperty("kind", "field")
        shown.setAccessibleName(self.tr("Address"))
        shown.setFixedHeight(72)
        copy = QPushButton(self.tr("Copy"), self)
        copy.clicked.connect(self._on_copy_clicked)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setDefault(True)
        cancel.clicked.connect(self.reject)
        go = QPushButton(self.tr("Open"), self)
        go.setProperty("kind", "primary")
        go.clicked.connect(self._on_go_clicked)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        for widget in (heading, text, shown):
            layout.addWidget(widget)
        layout.addLayout(buttons)

    def address(self) -> str:
        return self._address

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
        self.accept()

    def _on_go_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl(self._address))
        self.accept()
