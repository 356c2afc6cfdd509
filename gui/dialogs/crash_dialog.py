"""What is shown when Carrel itself is at fault: what happened, that nothing is lost, and a report.

Nothing is sent anywhere. The report holds versions and the traceback, and no conversation.
"""

from __future__ import annotations

import platform
import traceback
from typing import ClassVar

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine import __version__


class CrashDialog(QDialog):
    """One at a time; further bugs are added to the report that is already open."""

    _open: ClassVar[CrashDialog | None] = None

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Something went wrong"))
        self.resize(560, 420)
        heading = QLabel(self.tr("Carrel made a mistake"), self)
        heading.setProperty("kind", "heading")
        text = QLabel(
            self.tr(
                "Your conversations and documents are saved. You can go on working; if the window"
                " behaves oddly, start Carrel again. The report below stays on this computer"
                " unless you send it yourself."
            ),
            self,
        )
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        self._report = QPlainTextEdit(self)
        self._report.setReadOnly(True)
        self._report.setProperty("kind", "field")
        self._report.setAccessibleName(self.tr("Report"))
        self._copy = QPushButton(self.tr("Copy report"), self)
        self._copy.clicked.connect(self._on_copy_clicked)
        go_on = QPushButton(self.tr("Continue"), self)
        go_on.setProperty("kind", "primary")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        quit_app = QPushButton(self.tr("Quit Carrel"), self)
        quit_app.clicked.connect(self._on_quit_clicked)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(quit_app)
        buttons.addWidget(go_on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(16)
        layout.addWidget(heading)
        layout.addWidget(text)
        layout.addWidget(self._report, 1)
        layout.addLayout(buttons)
        go_on.setFocus()

    @classmethod
    def report(cls, error: BaseException, parent: QWidget | None) -> None:
        """Show `error`, without blocking what else goes on."""
        if cls._open is None:
            cls._open = cls(parent)
            cls._open.finished.connect(cls._on_dialog_finished)
            cls._open.add_text(versions())
        cls._open.add_text("".join(traceback.format_exception(error)))
        cls._open.open()

    def add_text(self, text: str) -> None:
        self._report.appendPlainText(text.rstrip() + "\n")

    def text(self) -> str:
        return self._report.toPlainText()

    @classmethod
    def _on_dialog_finished(cls) -> None:
        cls._open = None

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self._copy.setText(self.tr("Copied"))

    def _on_quit_clicked(self) -> None:
        self.accept()
        QApplication.quit()


def versions() -> str:
    """What a report needs to know about this computer: no names, no paths."""
    return "\n".join(
        (
            f"Carrel {__version__}",
            f"Python {platform.python_version()}, PySide6 {PySide6.__version__}",
            f"{platform.system()} {platform.release()} {platform.machine()}",
        )
    )
