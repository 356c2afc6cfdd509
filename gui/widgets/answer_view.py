"""One answer: its Markdown, what is happening before and after it, and what can be done with it."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from engine.errors import ErrorInfo
from engine.protocol import Progress
from engine.storage.records import MessageStatus, StoredMessage
from gui.markdown.view import MarkdownView
from gui.theme import Theme
from gui.widgets.action_button import ActionButton
from gui.widgets.answer_status import ErrorCard, WaitingLine
from gui.widgets.branch_switcher import BranchSwitcher
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain import plain_tooltip

FOOTER_ABOVE, BELOW = 2, 20


class AnswerView(QWidget):
    """`message` is what is stored; while it streams, text comes by `add_text`."""

    again_asked = Signal(object)  # StoredMessage
    continue_asked = Signal()
    version_asked = Signal(int)
    link_clicked = Signal(str)

    def __init__(self, theme: Theme, message: StoredMessage, width: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.message = message
        self._error: ErrorCard | None = None
        self._waiting: WaitingLine | None = None
        self.markdown = MarkdownView(theme, self)
        self.markdown.expect_width(width)
        self.markdown.link_clicked.connect(self.link_clicked)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, BELOW)
        self._layout.setSpacing(FOOTER_ABOVE)
        self._layout.addWidget(self.markdown)
        self._footer = self._make_footer()
        self._layout.addWidget(self._footer)
        if message.status is MessageStatus.STREAMING:
            self._show_waiting()
        else:
            if message.content:
                self.markdown.show_text(message.content)
            self._show_end()

    def copy(self) -> None:
        QApplication.clipboard().setText(self.markdown.markdown() or self.message.content)

    def add_text(self, text: str) -> None:
        if self._waiting is not None:
            self._waiting.deleteLater()
            self._waiting = None
            self.markdown.show()
        self.markdown.add_text(text)

    def show_progress(self, progress: Progress) -> None:
        if self._waiting is not None:
            self._waiting.show_progress(progress)

    def waiting_text(self) -> str:
        """What is said before the first word; "" after it."""
        return self._waiting.text() if self._waiting else ""

    def set_message(self, message: StoredMessage) -> None:
        """The answer has ended, or has got siblings."""
        was_streaming = self.message.status is MessageStatus.STREAMING
        self.message = message
        if message.status is MessageStatus.STREAMING:
            return
        if was_streaming:
            if self._waiting is not None:
                self._waiting.deleteLater()
                self._waiting = None
            self.markdown.setVisible(bool(message.content))
            self.markdown.replace(message.content)
        self._show_end()

    def _show_waiting(self) -> None:
        self._waiting = WaitingLine(self)
        self._layout.insertWidget(0, self._waiting)
        self.markdown.hide()
        self._footer.hide()

    def _show_end(self) -> None:
        message = self.message
        self.markdown.setVisible(bool(message.content))
        self._footer.show()
        self._versions.show_versions(message.sibling_ids, message.id)
        cut = message.status in (MessageStatus.STOPPED, MessageStatus.INTERRUPTED)
        self._continue.setVisible(cut and bool(message.content))
        self._copy.setVisible(bool(message.content))
        self._about.setText(self._about_text())
        self._about.setToolTip(plain_tooltip(self._provenance()))
        if message.error is not None and self._error is None:
            error = msgspec.convert(message.error, ErrorInfo, strict=False)
            self._error = ErrorCard(self._theme, error, self)
            self._error.again_clicked.connect(lambda: self.again_asked.emit(self.message))
            self._layout.insertWidget(self._layout.indexOf(self._footer), self._error)
            self._error.show()
        self._again.setVisible(self._error is None)

    def _make_footer(self) -> QWidget:
        footer = QWidget(self)
        self._versions = BranchSwitcher(self._theme, footer)
        self._versions.chosen.connect(self.version_asked)
        self._copy = ActionButton(self._theme, self.tr("Copy"), footer, flush=True)
        self._copy.clicked.connect(self.copy)
        self._again = ActionButton(self._theme, self.tr("Again"), footer)
        self._again.clicked.connect(lambda: self.again_asked.emit(self.message))
        self._continue = ActionButton(self._theme, self.tr("Continue"), footer)
        self._continue.clicked.connect(self.continue_asked)
        self._about = ElidedLabel(footer)
        self._about.setProperty("kind", "hint")
        row = QHBoxLayout(footer)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self._versions, self._copy, self._again, self._continue):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._about)
        return footer

    def _about_text(self) -> str:
        made = self.message.made_by or {}
        marks = {
            MessageStatus.STOPPED: self.tr("stopped"),
            MessageStatus.INTERRUPTED: self.tr("interrupted"),
        }
        parts = [marks.get(self.message.status, ""), _name(made)]
        if speed := made.get("tokens_per_second"):
            parts.append(self.tr("{speed} tokens/s").format(speed=f"{speed:,.0f}"))
        if made.get("finish_reason") == "length":
            parts.append(self.tr("cut at the longest answer allowed"))
        return " · ".join(part for part in parts if part)

    def _provenance(self) -> str:
        made = self.message.made_by or {}
        model: dict[str, Any] = made.get("model") or {}
        usage: dict[str, Any] = made.get("usage") or {}
        lines = []
        if model:
            device = (model.get("device") or {}).get("name", "")
            lines.append(" · ".join(filter(None, (_name(made), model.get("quantization"), device))))
            lines.append(self.tr("Seed {seed}").format(seed=made.get("seed")))
        if usage:
            lines.append(
                self.tr("{prompt} tokens read, {answer} written").format(
                    prompt=f"{usage.get('prompt_tokens', 0):,}",
                    answer=f"{usage.get('completion_tokens', 0):,}",
                )
            )
        return "\n".join(lines)


def _name(made: dict[str, Any]) -> str:
    return str((made.get("model") or {}).get("name", ""))
