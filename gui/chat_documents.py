"""What stands beside the message that is written in the chat: its documents, and the library's switch.

It joins the composer with the files, and sends; what is said and kept is `ChatSession`'s. A message
that is sent while a document is still being read waits for it.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSplitter, QWidget

from engine.paths import library_file
from gui.attachments import FAILED, Attachment, Attachments
from gui.chat_session import Branch, ChatSession
from gui.file_dialogs import FileDialogs
from gui.given_places import GivenPlaces
from gui.given_record import uses_library
from gui.services import Services
from gui.widgets.composer import Composer


@dataclasses.dataclass
class Draft:
    """A message that was begun."""

    text: str = ""
    documents: list[Attachment] = dataclasses.field(default_factory=list)
    library: bool | None = None  # None: as in the last message


class ChatDocuments(QObject):
    """`places` opens what belongs to messages, beside the chat in `splitter`."""

    def __init__(
        self,
        services: Services,
        composer: Composer,
        session: ChatSession,
        splitter: QSplitter,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._services, self._composer, self._session = services, composer, session
        self._dialogs = FileDialogs(parent)
        self._waits = False  # the message is sent as soon as its documents are read
        self._sent: list[Attachment] = []
        self.places = GivenPlaces(services, splitter, self)
        self.places.closed.connect(composer.edit.setFocus)
        self.attachments = Attachments(services, self)
        self.attachments.changed.connect(self._on_attachments_changed)
        composer.send_asked.connect(self.send)
        composer.stop_asked.connect(self._on_composer_stop_asked)
        composer.attach_asked.connect(self.ask_for_files)
        composer.files_pasted.connect(self.attachments.add_files)
        composer.paste_attached.connect(self._on_composer_paste_attached)
        composer.library.toggled.connect(self._on_library_toggled)
        session.message_stored.connect(self._on_session_message_stored)
        services.library.changed.connect(self.show_library)
        self.show_library()

    def accept(self, paths: list[Path]) -> None:
        self.attachments.add_files(paths)
        self._composer.edit.setFocus()

    def send(self, text: str) -> None:
        if self.attachments.is_reading():
            self._waits = True
            self._composer.set_waiting(self.tr("Sent as soon as the documents are read…"))
            return
        self._stop_waiting()
        ready = self.attachments.ready()
        ids = tuple(one.entry.id for one in ready if one.entry is not None)
        if self._session.send(text, ids, self._composer.library.isChecked()):
            self._sent = self.attachments.entries()

    # Drafts

    def draft(self) -> Draft:
        composer = self._composer
        return Draft(composer.text(), self.attachments.entries(), composer.library.isChecked())

    def show_draft(self, draft: Draft, branch: Branch) -> None:
        """Another conversation is shown: what was begun there, else what its last message did."""
        self._stop_waiting()
        self._composer.set_text(draft.text)
        self.attachments.set_entries(draft.documents)
        wanted = draft.library if draft.library is not None else uses_library(branch)
        self._composer.library.setChecked(wanted and self._has_library())

    # The library

    def show_library(self) -> None:
        """Whether it can be switched on. Nobody is asked before it is: a look costs the worker."""
        button = self._composer.library
        has_library = self._has_library()
        if not has_library:
            button.setChecked(False)
            words = self.tr("The library is empty. Put documents or folders into it first.")
        else:
            words = self.tr("Answer from the documents of the library, too")
        button.setEnabled(has_library)
        button.setToolTip(words)
        button.setAccessibleDescription(words)

    def _has_library(self) -> bool:
        info = self._services.library.info
        return library_file().exists() if info is None else bool(info.documents)

    def _on_library_toggled(self, is_on: bool) -> None:
        if is_on and self._services.library.info is None:
            self._services.library.look()  # `show_library` follows

    # Files

    def ask_for_files(self) -> None:
        self._dialogs.open_files(self.tr("Attach documents"), self.accept)

    def _on_composer_paste_attached(self, text: str) -> None:
        self._composer.paste.clear()
        self.attachments.add_text(text)

    def _on_attachments_changed(self) -> None:
        entries = self.attachments.entries()
        composer = self._composer
        if entries or composer.has_tray():
            if not composer.has_tray():
                composer.tray.removed.connect(self._on_tray_removed)
                composer.tray.opened.connect(self.places.open_document)
            composer.tray.show_entries(entries)
        composer.show_attached(bool(entries))
        if self._waits and not self.attachments.is_reading():
            self._stop_waiting()
            if any(one.state == FAILED for one in entries):
                return  # the reason is read first; the text stays
            if text := composer.text().strip():
                self.send(text)

    def _on_tray_removed(self, key: int) -> None:
        self.attachments.remove(key)
        if not self.attachments.entries():
            self._composer.edit.setFocus()

    def _on_composer_stop_asked(self) -> None:
        self._stop_waiting()

    def _stop_waiting(self) -> None:
        if self._waits:
            self._waits = False
            self._composer.set_waiting("")

    def _on_session_message_stored(self, text: str) -> None:
        if text:  # it was said, not answered again
            self.attachments.take_away(self._sent)
            self._sent = []
