"""One answer: what was thought before it, its Markdown, what is happening, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from engine.errors import ErrorInfo
from engine.protocol import Progress
from engine.storage.records import MessageStatus, StoredMessage
from gui.given_record import GivenRecord, kept_record
from gui.markdown.view import MarkdownView
from gui.running_reply import RunningReply
from gui.theme import Theme
from gui.widgets.answer_footer import AnswerFooter
from gui.widgets.answer_status import ErrorCard, WaitingLine
from gui.widgets.reasoning_view import ReasoningView

if TYPE_CHECKING:
    from gui.widgets.given_view import GivenView

FOOTER_ABOVE, BELOW = 2, 20


class AnswerView(QWidget):
    """`message` is what is stored; while it is written, `follow` shows what comes."""

    again_asked = Signal(object)  # StoredMessage
    continue_asked = Signal(object)
    prompt_asked = Signal(object)
    scores_asked = Signal(object)
    version_asked = Signal(int)
    link_clicked = Signal(str)
    given_wanted = Signal(object)  # this view: `show_given` answers it
    place_wanted = Signal(object, int, int, int)  # StoredMessage, index of a given text, its place

    def __init__(self, theme: Theme, message: StoredMessage, width: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.message = message
        self.error: ErrorCard | None = None
        self.reasoning: ReasoningView | None = None
        self.given: GivenView | None = None
        self._waiting: WaitingLine | None = None
        self.markdown = MarkdownView(theme, self)
        self.markdown.expect_width(width)
        self.markdown.link_clicked.connect(self.link_clicked)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, BELOW)
        self._layout.setSpacing(FOOTER_ABOVE)
        self._layout.addWidget(self.markdown)
        self.footer = self._make_footer()
        self._layout.addWidget(self.footer)
        if message.status is MessageStatus.STREAMING:
            self._show_waiting()
        else:
            if message.content:
                self.markdown.show_text(message.content)
            self._show_end()

    def copy(self) -> None:
        QApplication.clipboard().setText(self.markdown.markdown() or self.message.content)

    def follow(self, running: RunningReply) -> None:
        """Show the answer as it is written, from what there is of it already."""
        if running.reasoning:
            self._add_reasoning(running.reasoning)
            if not running.is_thinking:
                self._end_reasoning(running.reasoning_seconds)
        if running.text:
            self.markdown.show()
            self.markdown.add_text(running.text)
        if running.has_begun:
            self._end_waiting()
        elif running.progress is not None:
            self.show_progress(running.progress)
        running.reasoning_added.connect(self._add_reasoning_now)
        running.reasoning_ended.connect(self._end_reasoning)
        running.text_added.connect(self.add_text)
        running.progressed.connect(self.show_progress)
        running.finished.connect(self.set_message)

    def add_text(self, text: str) -> None:
        self._end_waiting()
        self.markdown.show()
        self.markdown.add_text(text)

    def show_progress(self, progress: Progress) -> None:
        if self._waiting is not None:
            self._waiting.show_progress(progress)

    def waiting_text(self) -> str:
        """What is said before the first word; "" after it."""
        return self._waiting.text() if self._waiting else ""

    def show_given(self, texts: tuple[str, ...]) -> None:
        """The texts of documents that the model was given, for the fold that was opened."""
        if self.given is not None:
            self.given.show_texts(texts)

    def set_message(self, message: StoredMessage) -> None:
        """The answer has ended, or has got siblings."""
        was_streaming = self.message.status is MessageStatus.STREAMING
        self.message = message
        if message.status is MessageStatus.STREAMING:
            return
        if was_streaming:
            self._end_waiting()
            self.markdown.setVisible(bool(message.content))
            self.markdown.replace(message.content)
        self._show_end()

    def _show_waiting(self) -> None:
        """Below the text that a continued answer begins with."""
        self._waiting = WaitingLine(self, goes_on=bool(self.message.content))
        self._layout.insertWidget(self._layout.indexOf(self.footer), self._waiting)
        self.markdown.hide()
        self.footer.hide()

    def _end_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.hide()
            self._waiting.deleteLater()
            self._waiting = None

    def _add_reasoning_now(self, text: str) -> None:
        self._end_waiting()
        self._add_reasoning(text)

    def _add_reasoning(self, text: str) -> None:
        self._reasoning_view().add_text(text)

    def _end_reasoning(self, seconds: float) -> None:
        self._reasoning_view().end(seconds)

    def _reasoning_view(self) -> ReasoningView:
        if self.reasoning is None:
            self.reasoning = ReasoningView(self._theme, self)
            self._layout.insertWidget(0, self.reasoning)
            self.reasoning.show()
        return self.reasoning

    def _show_end(self) -> None:
        message = self.message
        if message.reasoning:
            view = self._reasoning_view()
            view.show_text(message.reasoning)
            view.end((message.made_by or {}).get("reasoning_seconds", 0.0))
        self.markdown.setVisible(bool(message.content))
        self.footer.show()
        if message.error is not None and self.error is None:
            error = msgspec.convert(message.error, ErrorInfo, strict=False)
            self.error = ErrorCard(self._theme, error, self)
            self.error.again_clicked.connect(lambda: self.again_asked.emit(self.message))
            self._layout.insertWidget(self._layout.indexOf(self.footer), self.error)
            self.error.show()
        if self.given is None and (record := kept_record(message.made_by)) is not None:
            self._add_given(record)
        self.footer.show_message(message, has_failed=self.error is not None)

    def _add_given(self, record: GivenRecord) -> None:
        from gui.widgets.given_view import GivenView
        from gui.widgets.quote_marks import QuoteMarks

        self.given = GivenView(self._theme, record, self.message.content, self)
        self.given.texts_wanted.connect(lambda: self.given_wanted.emit(self))
        self.given.place_wanted.connect(
            lambda number, start, end: self.place_wanted.emit(self.message, number, start, end)
        )
        self._layout.insertWidget(self._layout.indexOf(self.footer), self.given)
        self.given.show()
        if record.quotes:
            QuoteMarks(self._theme, self.markdown).show(self.message.content, record.quotes)

    def _make_footer(self) -> AnswerFooter:
        footer = AnswerFooter(self._theme, self)
        footer.copy_asked.connect(self.copy)
        footer.version_asked.connect(self.version_asked)
        footer.again_asked.connect(lambda: self.again_asked.emit(self.message))
        footer.continue_asked.connect(lambda: self.continue_asked.emit(self.message))
        footer.prompt_asked.connect(lambda: self.prompt_asked.emit(self.message))
        footer.scores_asked.connect(lambda: self.scores_asked.emit(self.message))
        return footer
