"""The exact text that a model saw before it wrote an answer, marks and all."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QGuiApplication, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.storage.records import StoredMessage
from gui.theme import Theme

# What chat templates put around messages: <|im_start|>, <｜User｜>, <start_of_turn>, [INST], <s> …
_MARKS = (
    r"<\|[^|<>\n]{1,64}\|>|<｜[^｜<>\n]{1,64}｜>|<</?SYS>>|\[/?[A-Z_]{3,24}\]"
    r"|</?(?:s|bos|eos|pad|unk|think|tool_call|tool_response)>|<(?:start|end)_of_[a-z]+>"
)


class PromptDialog(QDialog):
    """Read-only. `message` is the answer, which knows how many tokens its prompt had."""

    def __init__(
        self, theme: Theme, prompt: str, message: StoredMessage, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._prompt = prompt
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Prompt"))
        self.resize(720, 560)
        heading = QLabel(self.tr("What the model saw"), self)
        heading.setProperty("kind", "title")
        self._about = QLabel(self._about_text(message), self)
        self._about.setProperty("kind", "mut")
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setWordWrap(True)
        self.shown = QPlainTextEdit(prompt, self)
        self.shown.setReadOnly(True)
        self.shown.setProperty("kind", "field")
        self.shown.setFont(theme.code_font())
        self.shown.setAccessibleName(self.tr("Prompt"))
        self.shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._marks = MarkHighlighter(theme, self.shown.document())
        self.copy = QPushButton(self.tr("Copy"), self)
        self.copy.clicked.connect(self._on_copy_clicked)
        close = QPushButton(self.tr("Close"), self)
        close.setProperty("kind", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(self._about)
        layout.addWidget(self.shown, 1)
        layout.addLayout(buttons)

    def about(self) -> str:
        return self._about.text()

    def _about_text(self, message: StoredMessage) -> str:
        made = message.made_by or {}
        usage: dict[str, Any] = made.get("usage") or {}
        name = (made.get("model") or {}).get("name", "")
        parts = [name]
        if tokens := usage.get("prompt_tokens", 0):
            parts.append(self.tr("%n token(s)", "", tokens))
        if cached := usage.get("cached_tokens", 0):
            parts.append(self.tr("%n of them had been read before", "", cached))
        parts.append(self.tr("%n character(s)", "", len(self._prompt)))
        return " · ".join(part for part in parts if part)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._prompt)
        self.copy.setText(self.tr("Copied"))


class MarkHighlighter(QSyntaxHighlighter):
    """Sets the template's marks apart from what was said."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        super().__init__(document)
        self._marks = QRegularExpression(_MARKS)
        self._format = QTextCharFormat()
        self._format.setForeground(theme.color("accent"))
        self._format.setBackground(theme.color("accent_soft"))

    def highlightBlock(self, text: str) -> None:
        found = self._marks.globalMatch(text)
        while found.hasNext():
            match = found.next()
            self.setFormat(match.capturedStart(), match.capturedLength(), self._format)
