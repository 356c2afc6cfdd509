"""What can be done to conversations from the list: read, search, rename, pin, delete and undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from engine.storage.records import Conversation
from gui.chat_session import ChatSession
from gui.file_dialogs import FileDialogs
from gui.kept_states import KeptStates
from gui.services import Services
from gui.widgets.conversation_list import ConversationList

UNDO_SECONDS = 10
SHOWN_TITLE = 40


class ConversationKeeper(QObject):
    """Joins the list with the database; the session is told what concerns it."""

    def __init__(
        self, services: Services, shown: ConversationList, session: ChatSession, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._list = shown
        self._session = session
        self._states = KeptStates(services.engine, self)
        self._dialogs = FileDialogs(shown)
        session.list_changed.connect(self.read)
        shown.opened.connect(session.open)
        shown.rename_asked.connect(self._on_list_rename_asked)
        shown.pin_asked.connect(self._on_list_pin_asked)
        shown.delete_asked.connect(self._on_list_delete_asked)
        shown.export_asked.connect(self._on_list_export_asked)
        shown.search_changed.connect(lambda text: self.read())

    def read(self) -> None:
        """Read the list again, as far as the search box says."""
        search, storage = self._list.search.text(), self._services.storage

        def show(conversations: list[Conversation]) -> None:
            if search != self._list.search.text():
                return  # a later reading is on its way
            self._list.show_conversations(conversations, bool(search.strip()))
            for conversation in conversations:
                self._session.renamed(conversation)

        # Without a database the one error that is shown at the start is enough.
        self._services.background.run(self, lambda: storage.conversations.list(search)).then(
            show, lambda error: None
        )

    def _change(self, work: Callable[[], Any], after: Callable[[], None] | None = None) -> None:
        def done(result: Any) -> None:
            self.read()
            if after is not None:
                after()

        self._services.background.run(self, work).then(
            done, self._services.notifications.show_error
        )

    def _on_list_rename_asked(self, conversation_id: int, title: str) -> None:
        storage = self._services.storage
        self._change(lambda: storage.conversations.rename(conversation_id, title))

    def _on_list_pin_asked(self, conversation_id: int, pinned: bool) -> None:
        storage = self._services.storage
        self._change(lambda: storage.conversations.set_pinned(conversation_id, pinned))

    def _on_list_export_asked(self, conversation: Conversation, suffix: str) -> None:
        from gui.conversation_export import file_name

        self._dialogs.save(
            *(self.tr("Export the conversation"), file_name(conversation, suffix), suffix),
            lambda file: self.export(file, conversation, suffix),
        )

    def export(self, path: Path, conversation: Conversation, suffix: str) -> None:
        """Write the branch that is current."""
        from gui.conversation_export import as_json, as_markdown
        from gui.text_export import write_file

        storage, notifications = self._services.storage, self._services.notifications
        form = as_json if suffix == ".json" else as_markdown

        def work() -> None:
            write_file(path, form(conversation, storage.conversations.branch(conversation.id)))

        self._services.background.run(self, work).then(
            lambda result: notifications.show_message(
                self.tr("Saved as {name}").format(name=path.name), seconds=4
            ),
            notifications.show_error,
        )

    def _on_list_delete_asked(self, conversation: Conversation) -> None:
        """No question is asked, since it can be undone."""
        storage, session = self._services.storage, self._session
        was_shown = session.conversation is not None and session.conversation.id == conversation.id

        def undo() -> None:
            self._change(
                lambda: storage.conversations.restore(conversation.id),
                lambda: session.open(conversation.id) if was_shown else None,
            )

        def tell() -> None:
            self._states.forget((conversation.id,))  # undone, it is only read again
            title = " ".join(conversation.title.split()) or self.tr("New chat")
            if len(title) > SHOWN_TITLE:
                title = title[: SHOWN_TITLE - 1] + "…"
            self._services.notifications.show_message(
                self.tr("Deleted “{title}”").format(title=title),
                self.tr("Undo"),
                undo,
                UNDO_SECONDS,
            )

        session.forget(conversation.id)
        self._change(lambda: storage.conversations.delete(conversation.id), tell)
