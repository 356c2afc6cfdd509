"""The documents beside a message that is being written, without widgets: files are read by the worker
and kept in storage, hidden from the desk. What cannot be read stays with its reason.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QLocale, QObject, Signal

from engine.errors import ErrorInfo
from engine.protocol import (
    FindDocuments,
    FoundDocuments,
    ReadDocument,
    RequestFinished,
    new_request_id,
)
from engine.storage.records import DocumentEntry, StoredDocument
from engine.types import Document
from gui.desk_session import first_words, is_collection
from gui.engine_bridge import EngineReply
from gui.services import Services

MOST = 30  # documents beside one message; more are the business of the library
READING, READY, FAILED = "reading", "ready", "failed"


@dataclasses.dataclass(eq=False)
class Attachment:
    """One of them; it fills itself while it is read, in whichever draft it is."""

    key: int
    name: str
    state: str = READING
    entry: DocumentEntry | None = None
    error: ErrorInfo | None = None
    reply: EngineReply | None = None


class Attachments(QObject):
    """`entries` are those of the draft that is shown; `changed` says that one of them is new or read."""

    changed = Signal()

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._entries: list[Attachment] = []
        self._keys = itertools.count(1)

    def entries(self) -> list[Attachment]:
        return list(self._entries)

    def set_entries(self, entries: list[Attachment]) -> None:
        """Another draft is shown."""
        self._entries = list(entries)
        self.changed.emit()

    def is_reading(self) -> bool:
        return any(one.state == READING for one in self._entries)

    def ready(self) -> list[Attachment]:
        return [one for one in self._entries if one.state == READY]

    def add_files(self, paths: list[Path]) -> None:
        """Have each file read, and what is in folders and archives."""
        for path in paths:
            if is_collection(path):
                found = self._add(path.name)
                request = FindDocuments(new_request_id(), (str(path.absolute()),))
                self._send(request, found, self._on_found)
            else:
                self._read(str(path.absolute()), path.name)
        self.changed.emit()

    def add_text(self, text: str) -> None:
        """A pasted text as a document that is named by its first words."""
        one = self._add(first_words(text) or self.tr("Pasted text"))
        self.changed.emit()

        def work() -> StoredDocument:
            from engine.documents import document_from_text

            document = document_from_text(text, one.name)
            return self._services.storage.desk.keep_document(document)

        self._store(one, work)

    def remove(self, key: int) -> None:
        for one in self._entries:
            if one.key == key and one.reply is not None:
                one.reply.abort()
        self.take_away([one for one in self._entries if one.key == key])

    def take_away(self, gone: list[Attachment]) -> None:
        """They were sent, or are not wanted."""
        self._entries = [one for one in self._entries if one not in gone]
        self.changed.emit()

    # Inside

    def _add(self, name: str) -> Attachment:
        one = Attachment(next(self._keys), name)
        self._entries.append(one)
        return one

    def _read(self, path: str, name: str, after: Attachment | None = None) -> None:
        one = self._add(name)
        if after is not None and after in self._entries:  # in the place of what it came with
            self._entries.remove(one)
            self._entries.insert(self._entries.index(after), one)
        self._send(ReadDocument(new_request_id(), path), one, self._on_read)

    def _send(
        self,
        request: ReadDocument | FindDocuments,
        one: Attachment,
        done: Callable[[Attachment, RequestFinished], None],
    ) -> None:
        reply = one.reply = self._services.engine.send(request, self)
        reply.finished.connect(lambda event: done(one, event))
        reply.failed.connect(lambda error: self._fail(one, error))

    def _on_found(self, one: Attachment, event: RequestFinished) -> None:
        if event.result is None or one not in self._entries:  # stopped, or not wanted any more
            self.take_away([one])
            return
        found = msgspec.convert(event.result, FoundDocuments)
        if not found.paths and found.refused:
            self._fail(one, found.refused[0].error)
            return
        for path in found.paths[:MOST]:
            self._read(path, Path(path).name, one)
        for refused in found.refused:
            self._fail(self._add(Path(refused.path).name), refused.error)
        if len(found.paths) > MOST:
            words = self.tr(
                "“{name}” holds {count} documents; the first {most} are attached. The library takes"
                " them all."
            )
            count = QLocale().toString(len(found.paths))
            self._services.notifications.show_message(
                words.format(name=one.name, count=count, most=MOST), seconds=12
            )
        self.take_away([one])

    def _on_read(self, one: Attachment, event: RequestFinished) -> None:
        if event.result is None:  # stopped
            self.take_away([one])
            return
        document = msgspec.convert(event.result, Document)
        self._store(one, lambda: self._services.storage.desk.keep_document(document))

    def _store(self, one: Attachment, work: Callable[[], StoredDocument]) -> None:
        self._services.background.run(self, work).then(
            lambda stored: self._on_stored(one, stored), lambda error: self._fail(one, error)
        )

    def _on_stored(self, one: Attachment, stored: StoredDocument) -> None:
        document = stored.document
        one.state, one.reply, one.name = READY, None, document.name
        one.entry = DocumentEntry(
            *(stored.id, document.name, document.format, document.path),
            *(document.page_count, len(document.text), stored.added_at),
        )
        same = [other for other in self.ready() if other.entry and other.entry.id == stored.id]
        self.take_away(same[1:])

    def _fail(self, one: Attachment, error: ErrorInfo) -> None:
        one.state, one.reply, one.error = FAILED, None, error
        self.changed.emit()
