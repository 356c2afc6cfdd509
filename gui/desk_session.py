"""The documents on the desk, without widgets: files are read by the worker and kept in storage.

Files that cannot be read stay in the list with their reason, and the others go on.
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
from gui.services import Services

MOST = 200  # documents of one folder or archive; more are the business of a table


@dataclasses.dataclass(frozen=True)
class DeskEntry:
    """A row of the desk. `key` is the document's id, or negative while there is none."""

    key: int
    name: str
    format: str = ""
    page_count: int | None = None
    characters: int = 0
    path: str | None = None
    state: str = "ready"  # "reading", "ready" or "failed"
    error: ErrorInfo | None = None


class DeskSession(QObject):
    """`added` comes for every document that was put on the desk just now, `opened` for the shown."""

    changed = Signal()  # the list
    added = Signal(object, bool)  # StoredDocument; whether it is the one that opens
    opened = Signal(object)  # StoredDocument or None
    removed = Signal(int)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._stored: list[DeskEntry] = []
        self._pending: list[DeskEntry] = []
        self._keys = itertools.count(-1, -1)
        self._wanted: int | None = None  # the key that is to be shown as soon as it is there
        self._many: set[int] = set()  # keys of files that came with a folder or an archive
        self._of_many: set[int] = set()  # and the documents made of them
        self._added_last: int | None = None  # of the files that were asked for last
        self.current: StoredDocument | None = None

    def entries(self) -> list[DeskEntry]:
        """What is being read or failed, the latest first, then the documents, the latest first."""
        return [*reversed(self._pending), *self._stored]

    def read(self) -> None:
        """Read the list from storage; the first document is opened if none is."""
        desk = self._services.storage
        # Without a database the one error that is shown at the start is enough.
        self._services.background.run(self, lambda: desk.desk.documents()).then(
            self._on_list_read, lambda error: None
        )

    def read_files(self, paths: list[Path]) -> None:
        """Have each file read and put on the desk, and what is in folders and archives; the first that
        can be read opens."""
        self._added_last = None
        for number, path in enumerate(paths):
            key = self._look_into(path) if is_collection(path) else self._read_file(path)
            if number == 0:
                self._wanted = key

    def is_one_of_many(self, document_id: int) -> bool:
        """Whether it came with a folder or an archive, and nobody asked for it by name."""
        return document_id in self._of_many

    def _read_file(self, path: Path) -> int:
        entry = self._add_pending(path.name)
        request = ReadDocument(new_request_id(), str(path.absolute()))
        self._send(request, entry, self._on_reply_finished)
        return entry.key

    def _look_into(self, path: Path) -> int:
        entry = self._add_pending(path.name)
        self._send(FindDocuments(new_request_id(), (str(path.absolute()),)), entry, self._on_found)
        return entry.key

    def _send(
        self,
        request: ReadDocument | FindDocuments,
        entry: DeskEntry,
        done: Callable[[DeskEntry, RequestFinished], None],
    ) -> None:
        reply = self._services.engine.send(request, self)
        reply.finished.connect(lambda event: done(entry, event))
        reply.failed.connect(lambda error: self._on_entry_failed(entry, error))
        reply.finished.connect(reply.deleteLater)
        reply.failed.connect(reply.deleteLater)

    def add_text(self, text: str, name: str = "") -> None:
        """Put a text on the desk and open it."""
        entry = self._add_pending(name or first_words(text) or self.tr("Pasted text"))
        self._wanted = entry.key

        def work() -> StoredDocument:
            from engine.documents import document_from_text

            return self._services.storage.desk.add_document(document_from_text(text, entry.name))

        self._store(entry, work)

    def open(self, key: int) -> None:
        """Show a document."""
        self._wanted = key
        if key < 0:  # it opens when it has been read
            error = next((entry.error for entry in self._pending if entry.key == key), None)
            if error is not None:
                self._services.notifications.show_error(error)
            return
        if self.current is not None and self.current.id == key:
            return
        storage = self._services.storage

        def show(document: StoredDocument) -> None:
            if self._wanted == document.id:
                self._show(document)

        self._services.background.run(self, lambda: storage.desk.document(key)).then(
            show, self._services.notifications.show_error
        )

    def remove(self, key: int) -> None:
        """Take it off the desk; `restore` brings it back with all its results."""
        if key < 0:
            self._pending = [entry for entry in self._pending if entry.key != key]
            self.changed.emit()
            return
        storage, entries = self._services.storage, self.entries()
        place = next((n for n, entry in enumerate(entries) if entry.key == key), 0)
        self._stored = [entry for entry in self._stored if entry.key != key]
        self.changed.emit()
        if self.current is not None and self.current.id == key:
            self._show(None)
            left = [entry for entry in self.entries() if entry.key > 0]
            if left:
                self.open(left[min(place, len(left) - 1)].key)
        self._services.background.run(self, lambda: storage.desk.remove_document(key)).then(
            lambda result: self.removed.emit(key), self._on_remove_failed
        )

    def restore(self, key: int) -> None:
        storage = self._services.storage

        def done(result: object) -> None:
            self.read()
            self.open(key)

        self._services.background.run(self, lambda: storage.desk.restore_document(key)).then(
            done, self._services.notifications.show_error
        )

    def _add_pending(self, name: str) -> DeskEntry:
        entry = DeskEntry(next(self._keys), name, state="reading")
        self._pending.append(entry)
        self.changed.emit()
        return entry

    def _drop_pending(self, entry: DeskEntry) -> None:
        self._pending = [other for other in self._pending if other.key != entry.key]

    def _show(self, document: StoredDocument | None) -> None:
        self.current = document
        self.opened.emit(document)

    def _store(self, entry: DeskEntry, work: Callable[[], StoredDocument]) -> None:
        self._services.background.run(self, work).then(
            lambda stored: self._on_stored(entry, stored),
            lambda error: self._on_entry_failed(entry, error),
        )

    def _on_found(self, entry: DeskEntry, event: RequestFinished) -> None:
        """What is in a folder or an archive takes its place, unless it was taken off meanwhile."""
        if event.result is None or all(other.key != entry.key for other in self._pending):
            self._drop_pending(entry)
            return
        found = msgspec.convert(event.result, FoundDocuments)
        if not found.paths and found.refused:
            self._on_entry_failed(entry, found.refused[0].error)
            return
        self._drop_pending(entry)
        keys = [self._read_file(Path(path)) for path in found.paths[:MOST]]
        self._many.update(keys)
        for refused in found.refused:
            self._on_entry_failed(self._add_pending(Path(refused.path).name), refused.error)
        if len(found.paths) > MOST:
            words = self.tr("“{name}” holds {count} documents; the first {most} are on the desk.")
            count = QLocale().toString(len(found.paths))
            self._services.notifications.show_message(
                words.format(name=entry.name, count=count, most=MOST), seconds=12
            )
        self.changed.emit()
        if self._wanted == entry.key:
            self._wanted = keys[0] if keys else None

    def _on_reply_finished(self, entry: DeskEntry, event: RequestFinished) -> None:
        if event.result is None:  # stopped, as at the end of the program
            self._drop_pending(entry)
            return
        document = msgspec.convert(event.result, Document)
        self._store(entry, lambda: self._services.storage.desk.add_document(document))

    def _on_stored(self, entry: DeskEntry, stored: StoredDocument) -> None:
        self._drop_pending(entry)
        document = stored.document
        row = DeskEntry(
            stored.id,
            document.name,
            document.format,
            document.page_count,
            len(document.text),
            document.path,
        )
        self._stored = [row, *(other for other in self._stored if other.key != stored.id)]
        self.changed.emit()
        self._added_last = stored.id
        if entry.key in self._many:
            self._of_many.add(stored.id)
        else:
            self._of_many.discard(stored.id)
        opens = self._wanted == entry.key
        self.added.emit(stored, opens)
        if opens:
            self._wanted = stored.id
            self._show(stored)

    def _on_entry_failed(self, entry: DeskEntry, error: ErrorInfo) -> None:
        failed = dataclasses.replace(entry, state="failed", error=error)
        self._pending = [failed if e.key == entry.key else e for e in self._pending]
        self._services.notifications.show_error(error)
        self.changed.emit()
        if self._wanted == entry.key:
            self._want_another()

    def _want_another(self) -> None:
        """What was to be opened cannot be read: open what came with it."""
        reading = [entry for entry in self._pending if entry.state == "reading"]
        if reading:
            self._wanted = reading[0].key
        elif self._added_last is not None:
            self.open(self._added_last)
        else:
            self._wanted = self.current.id if self.current else None

    def _on_remove_failed(self, error: ErrorInfo) -> None:
        self._services.notifications.show_error(error)
        self.read()

    def _on_list_read(self, documents: list[DocumentEntry]) -> None:
        self._stored = [
            DeskEntry(d.id, d.name, d.format, d.page_count, d.characters, d.path) for d in documents
        ]
        self.changed.emit()
        if self._wanted is None and self._stored:
            self.open(self._stored[0].key)


def is_collection(path: Path) -> bool:
    """A folder, or an archive of documents."""
    from engine.documents.folders import ARCHIVE_SUFFIXES

    return path.is_dir() or path.suffix.lower() in ARCHIVE_SUFFIXES


def first_words(text: str, limit: int = 48) -> str:
    """A name for a text: its first words, on one line."""
    words = " ".join(text[: 8 * limit].split())
    if len(words) <= limit:
        return words
    cut = words[:limit]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.") + "…"
