"""The conversation that is shown, without any widget: what is said, kept, asked and branched.

The order is the promise: a message is in the database before the engine hears of it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from engine.errors import ErrorInfo
from engine.storage.records import Conversation, StoredMessage
from engine.types import Document, Role
from gui.conversation_text import last_window, prompt_messages, title_from
from gui.given_record import branch_documents, uses_library
from gui.running_reply import RunningReply
from gui.services import Services
from gui.storage_session import StorageSession

Branch = list[StoredMessage]
Stored = tuple[Conversation, Branch, tuple[Document, ...]]  # the documents of the whole branch


class ChatSession(QObject):
    """`conversation` is None for a new chat, which is stored when its first message is sent."""

    opened = Signal(object, list)  # Conversation | None, its current branch
    branch_changed = Signal(list)  # the same conversation, told anew
    reply_started = Signal(object)  # RunningReply of the conversation that is shown
    message_stored = Signal(str)  # this text is safe now
    sending_failed = Signal(object)  # ErrorInfo; nothing was kept
    busy_changed = Signal(bool)
    title_changed = Signal(str)
    list_changed = Signal()  # the list of conversations must be read again

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self.conversation: Conversation | None = None
        self.branch: Branch = []
        self._running: dict[int, RunningReply] = {}  # by conversation
        self._storing = False
        self._ticket = 0  # counts what was opened, to tell answers for an earlier one

    # What the page asks for

    def new_chat(self) -> None:
        self._ticket += 1
        self._show(None, [])

    def open(self, conversation_id: int) -> None:
        """Show a conversation; `opened` follows."""
        self._ticket += 1
        ticket, storage = self._ticket, self._services.storage

        def read() -> tuple[Conversation, Branch]:
            conversations = storage.conversations
            return conversations.get(conversation_id), conversations.branch(conversation_id)

        def show(result: tuple[Conversation, Branch]) -> None:
            if ticket == self._ticket:
                self._show(*result)

        self._run(read, show)

    def send(self, text: str, documents: tuple[int, ...] = (), library: bool = False) -> bool:
        """Say `text` at the end of the branch. False if something is still being answered.

        `documents` (ids) belong to the message; with `library` that is looked through, too.
        """
        parent_id = self.branch[-1].id if self.branch else None
        return self._say(text, parent_id, documents, library)

    def edit(self, message: StoredMessage, text: str) -> bool:
        """Say `text` in place of an earlier message: a new branch beside it."""
        documents = tuple(entry.id for entry in message.documents)
        return self._say(text, message.parent_id, documents, message.uses_library)

    def answer_again(self, message: StoredMessage) -> bool:
        """Another answer beside this one."""
        return self._answer_beside(message, "", "")

    def continue_answer(self, message: StoredMessage) -> bool:
        """Another answer beside this one, which begins with its text and goes on."""
        return self._answer_beside(message, message.content, message.reasoning)

    def select(self, message_id: int) -> None:
        """Show the branch through this message."""
        if self.is_busy():
            return
        ticket, storage = self._ticket, self._services.storage

        def show(branch: Branch) -> None:
            if ticket == self._ticket:
                self.branch = branch
                self.branch_changed.emit(branch)

        self._run(lambda: storage.conversations.select_message(message_id), show)

    def stop(self) -> None:
        if (running := self.running_reply()) is not None:
            running.stop()

    def forget(self, conversation_id: int) -> None:
        """The conversation was deleted: end its answer, and show a new chat if it was open."""
        if conversation_id in self._running:
            self._running[conversation_id].stop()
        if self.conversation is not None and self.conversation.id == conversation_id:
            self.new_chat()

    def renamed(self, conversation: Conversation) -> None:
        """As it was just read for the list: perhaps with another title."""
        if self.conversation is not None and self.conversation.id == conversation.id:
            before, self.conversation = self.conversation.title, conversation
            if conversation.title != before:
                self.title_changed.emit(conversation.title)

    def running_reply(self) -> RunningReply | None:
        """The answer being written in the conversation that is shown."""
        return self._running.get(self.conversation.id) if self.conversation else None

    def is_busy(self) -> bool:
        return self._storing or self.running_reply() is not None

    # How it is done

    def _answer_beside(self, message: StoredMessage, content: str, reasoning: str) -> bool:
        conversation, parent_id = self.conversation, message.parent_id
        if self.is_busy() or conversation is None or parent_id is None:
            return False

        def store() -> Stored:
            storage = self._services.storage
            storage.conversations.start_reply(conversation.id, parent_id, content, reasoning)
            return _stored(storage, conversation.id)

        return self._store(store, "")

    def _say(
        self, text: str, parent_id: int | None, documents: tuple[int, ...], library: bool
    ) -> bool:
        if self.is_busy() or not text.strip():
            return False
        known = self.conversation

        def store() -> Stored:
            storage = self._services.storage
            conversation = known or storage.conversations.create(title_from(text))
            said = storage.conversations.add_message(
                conversation.id, Role.USER, text, parent_id, documents, library
            )
            storage.conversations.start_reply(conversation.id, said.id)
            return _stored(storage, conversation.id)

        return self._store(store, text)

    def _store(self, store: Callable[[], Stored], text: str) -> bool:
        """Write on the storage thread, then ask the engine."""
        self._storing = True
        self.busy_changed.emit(True)
        ticket = self._ticket

        def stored(result: Stored) -> None:
            self._storing = False
            conversation, branch, documents = result
            self.message_stored.emit(text)
            if ticket == self._ticket:
                self.conversation, self.branch = conversation, branch
                self.branch_changed.emit(branch)
            self._start_reply(conversation.id, branch, documents)
            self.list_changed.emit()
            self.busy_changed.emit(self.is_busy())

        def failed(error: ErrorInfo) -> None:
            self._storing = False
            self.sending_failed.emit(error)
            self.busy_changed.emit(self.is_busy())

        self._run(store, stored, failed)
        return True

    def _start_reply(
        self, conversation_id: int, branch: Branch, documents: tuple[Document, ...]
    ) -> None:
        running = RunningReply(self._services, branch[-1], self)
        self._running[conversation_id] = running
        running.finished.connect(lambda message: self._on_reply_finished(running, message))
        if self.conversation is not None and self.conversation.id == conversation_id:
            self.reply_started.emit(running)
        instructions = self._services.settings.current.system_prompt
        before, reply = branch[:-1], branch[-1]
        running.start(
            *(prompt_messages(before, instructions, reply.content), last_window(before)),
            documents,
            branch_documents(before),
            uses_library(before),
        )

    def _on_reply_finished(self, running: RunningReply, message: StoredMessage) -> None:
        self._running.pop(message.conversation_id, None)
        running.deleteLater()
        if self.conversation is not None and self.conversation.id == message.conversation_id:
            self.branch = [message if m.id == message.id else m for m in self.branch]
            self.busy_changed.emit(False)
        self.list_changed.emit()

    def _show(self, conversation: Conversation | None, branch: Branch) -> None:
        self.conversation, self.branch = conversation, branch
        self.opened.emit(conversation, branch)
        if (running := self.running_reply()) is not None:
            self.reply_started.emit(running)
        self.busy_changed.emit(self.is_busy())

    def _run(
        self,
        work: Callable[[], object],
        success: Callable[..., None],
        failure: Callable[[ErrorInfo], None] | None = None,
    ) -> None:
        failure = failure or self._services.notifications.show_error
        self._services.background.run(self, work).then(success, failure)


def _stored(storage: StorageSession, conversation_id: int) -> Stored:
    """On the storage thread: what is shown and asked after a change."""
    conversations, desk = storage.conversations, storage.desk
    branch = conversations.branch(conversation_id)
    documents = tuple(desk.document(entry.id).document for entry in branch_documents(branch))
    return conversations.get(conversation_id), branch, documents
