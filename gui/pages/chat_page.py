"""The chat page: conversations at the left, the one that is shown, and the box to write in.

It only joins its parts; what is said and kept is `ChatSession`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from engine.storage.records import Conversation, StoredMessage
from engine.text import replaced_remark
from engine.types import Role
from gui.answer_dialogs import AnswerDialogs
from gui.chat_documents import ChatDocuments, Draft
from gui.chat_session import ChatSession
from gui.conversation_keeper import ConversationKeeper
from gui.conversation_text import context_cut
from gui.running_reply import RunningReply
from gui.services import Page, Services
from gui.theme import ANSWER_COLUMN
from gui.widgets.chat_header import ChatHeader
from gui.widgets.composer import Composer
from gui.widgets.conversation_list import ConversationList
from gui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from gui.widgets.transcript import Transcript

LIST_WIDTHS = (200, 268, 420)  # least, first, most


class ChatPage(Page):
    page_id = "chat"
    page_wanted = Signal(str)
    # name, text: to be read on the text page; `text_taken` is called when it is there
    text_offered = Signal(str, str)
    toast_area_changed = Signal()
    files_offered = Signal(object)  # list[Path], for the text page

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._warm = False
        self._transcript: Transcript | None = None
        self._shown_id: int | None = None
        self._drafts: dict[int | None, Draft] = {}
        self.session = ChatSession(services, self)
        self._dialogs = AnswerDialogs(services, self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.list = ConversationList(services.theme, self._splitter)
        self.list.badge.follow(services.model)
        self._keeper = ConversationKeeper(services, self.list, self.session, self)
        self._make_chat(services)
        self.documents = ChatDocuments(services, self.composer, self.session, self._middle, self)
        self.places = self.documents.places
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)
        self._connect()
        self._add_shortcuts()
        self._on_model_changed()
        self._keeper.read()

    def focus_first(self) -> None:
        self.composer.edit.setFocus()
        self.documents.show_library()

    def attach_words(self, paths: list[Path]) -> str:
        """What a drop onto the part of the window that is the chat's does."""
        return self.tr("Drop here to ask about it in the chat")

    def attach_files(self, paths: list[Path]) -> None:
        self.documents.accept(paths)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc stops the answer, unless whatever has the keyboard uses it itself."""
        if event.key() == Qt.Key.Key_Escape and self.places.is_open():
            self.places.close()
        elif event.key() == Qt.Key.Key_Escape:
            self.session.stop()
        else:
            super().keyPressEvent(event)

    def toast_area(self, host: QWidget) -> QRect:
        """Messages stand above the box to write in, not on it."""
        return QRect(self._stack.mapTo(host, QPoint(0, 0)), self._stack.size())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.toast_area_changed.emit()
        return super().eventFilter(watched, event)

    def panes(self) -> list[QWidget]:
        """F6 goes through these."""
        middle = [self._transcript] if self._transcript is not None else []
        reader = [self.places.reader.view] if self.places.reader is not None else []
        return [self.list.view, *middle, self.composer.edit, *reader]

    def new_chat(self) -> None:
        self.session.new_chat()
        self.focus_first()

    def search(self) -> None:
        self.list.show()
        self.list.focus_search()

    def _make_chat(self, services: Services) -> None:
        self._middle = QSplitter(Qt.Orientation.Horizontal, self._splitter)
        self._middle.setHandleWidth(1)
        self._middle.setChildrenCollapsible(False)
        chat = QWidget(self._middle)
        self.header = ChatHeader(services.theme, services.model, chat)
        self._stack = QStackedWidget(chat)
        self.welcome = Welcome(services.theme, self._stack)
        self._stack.installEventFilter(self)
        self._stack.addWidget(self.welcome)
        holder = QWidget(chat)
        holder.setMaximumWidth(ANSWER_COLUMN)
        self.composer = Composer(services.theme, holder)
        hint = QLabel(self.tr("Enter sends · Shift Enter for a new line"), holder)
        hint.setProperty("kind", "hint")
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        inside.addWidget(self.composer)
        inside.addWidget(hint)
        foot = QHBoxLayout()
        foot.setContentsMargins(28, 8, 38, 14)  # at the right, the transcript's scroll bar
        foot.addStretch(1)
        foot.addWidget(holder, 1000)
        foot.addStretch(1)
        column = QVBoxLayout(chat)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)
        least, first, most = LIST_WIDTHS
        self.list.setMinimumWidth(least)
        self.list.setMaximumWidth(most)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([first, 10_000])

    def _connect(self) -> None:
        session = self.session
        session.opened.connect(self._on_session_opened)
        session.branch_changed.connect(self._on_session_branch_changed)
        session.reply_started.connect(self._on_session_reply_started)
        session.message_stored.connect(self.composer.take_away)
        session.sending_failed.connect(self.services.notifications.show_error)
        session.busy_changed.connect(self.composer.set_busy)
        session.title_changed.connect(self.header.set_title)
        self.list.opened.connect(self._warm_up)
        self.list.new_asked.connect(self.new_chat)
        self.list.left.connect(self.focus_first)
        self.header.toggle_asked.connect(self._toggle_list)
        self.header.models_asked.connect(lambda: self.page_wanted.emit("models"))
        self.composer.stop_asked.connect(session.stop)
        self.composer.recall_asked.connect(self._on_composer_recall_asked)
        self.composer.document_offered.connect(self._on_composer_document_offered)
        self.composer.characters_replaced.connect(
            lambda count: self.services.notifications.show_message(replaced_remark(count))
        )
        self.composer.edit.textChanged.connect(self._warm_up)
        self.welcome.prompt_chosen.connect(self._on_welcome_prompt_chosen)
        self.welcome.documents_asked.connect(lambda: self.page_wanted.emit("text"))
        self.welcome.models_asked.connect(lambda: self.page_wanted.emit("models"))
        self.services.model.changed.connect(self._on_model_changed)
        self.places.desk_asked.connect(lambda path: self.files_offered.emit([Path(path)]))

    @property
    def transcript(self) -> Transcript:
        """Built with all that it imports when the first conversation is shown."""
        if self._transcript is None:
            from gui.widgets.transcript import Transcript

            self._transcript = Transcript(self.services.theme, self._stack)
            self._stack.addWidget(self._transcript)
            self._transcript.again_asked.connect(self.session.answer_again)
            self._transcript.continue_asked.connect(self.session.continue_answer)
            self._transcript.prompt_asked.connect(self._dialogs.show_prompt)
            self._transcript.scores_asked.connect(self._dialogs.show_scores)
            self._transcript.edited.connect(self.session.edit)
            self._transcript.version_asked.connect(self.session.select)
            self._transcript.link_clicked.connect(self._dialogs.ask_link)
            self.places.follow(self._transcript)
        return self._transcript

    def _add_shortcuts(self) -> None:
        for keys, deed in (
            ("Ctrl+B", self._toggle_list),
            ("Ctrl+R", self._answer_again),
            ("Ctrl+Shift+C", self._copy_last),
            ("F2", self.list.rename_current),
            ("Ctrl+O", self.documents.ask_for_files),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)

    def _toggle_list(self) -> None:
        self.list.setVisible(not self.list.isVisible())

    def _answer_again(self) -> None:
        if self.session.branch and (answer := self.transcript.last_answer()) is not None:
            self.session.answer_again(answer.message)

    def _copy_last(self) -> None:
        if self.session.branch and (answer := self.transcript.last_answer()) is not None:
            answer.copy()
            self.services.notifications.show_message(self.tr("Answer copied"), seconds=2)

    def _warm_up(self) -> None:
        """Import what the first answer needs on another thread, once somebody starts to write."""
        if not self._warm:
            self._warm = True
            self.services.background.run(self, _import_markdown)

    def _on_session_opened(self, conversation: Conversation | None, branch: Any) -> None:
        self._drafts[self._shown_id] = self.documents.draft()
        self._show_state(conversation, branch)
        if branch or self._transcript is not None:
            self.transcript.open_branch(branch)
            self.transcript.show_cut(context_cut(branch))
        self.documents.show_draft(self._drafts.pop(self._shown_id, Draft()), branch)
        self.places.close()

    def _on_session_branch_changed(self, branch: Any) -> None:
        self._show_state(self.session.conversation, branch)
        self.transcript.show_branch(branch)
        self.transcript.show_cut(context_cut(branch))

    def _on_session_reply_started(self, running: RunningReply) -> None:
        self.transcript.follow(running)
        running.finished.connect(self._on_running_finished)

    def _on_running_finished(self, message: StoredMessage) -> None:
        if message.conversation_id == self._shown_id:
            self._show_usage([message])
            self.transcript.show_cut(context_cut(self.session.branch))

    def _show_state(self, conversation: Conversation | None, branch: list[StoredMessage]) -> None:
        self._shown_id = conversation.id if conversation else None
        self._stack.setCurrentWidget(self.transcript if branch else self.welcome)
        self.list.mark_current(self._shown_id)
        self.header.set_title(conversation.title if conversation else "")
        self._show_usage(branch)

    def _show_usage(self, branch: list[StoredMessage]) -> None:
        """How much of the context the last answer used."""
        info = self.services.model.info
        made = next((m.made_by for m in reversed(branch) if m.made_by), None)
        usage = (made or {}).get("usage")
        if not usage or info is None:
            self.composer.set_note("")
            return
        used = usage.get("prompt_tokens", 0) + usage.get("completion_tokens", 0)
        self.composer.set_note(
            self.tr("{used} of {all} tokens").format(used=f"{used:,}", all=f"{info.n_ctx:,}")
        )

    def _on_composer_recall_asked(self) -> None:
        said = [m.content for m in self.session.branch if m.role is Role.USER]
        if said:
            self.composer.set_text(said[-1])

    def _on_composer_document_offered(self, text: str) -> None:
        self.text_offered.emit(self.tr("Pasted text"), text)

    def text_taken(self) -> None:
        """What was offered is on the text page now."""
        self.composer.paste.clear()

    def _on_welcome_prompt_chosen(self, prompt: str) -> None:
        self.composer.set_text(prompt)
        self.focus_first()

    def _on_model_changed(self) -> None:
        model = self.services.model
        self.welcome.show_model(model.info, model.address)


def _import_markdown() -> None:
    import gui.widgets.transcript  # noqa: F401
    from gui.markdown.code import warm_up
    from gui.markdown.reader import parser

    parser()
    warm_up()
