"""Opens what an answer was given: its texts from storage, and the place where one stands.

An attached document is read from storage, one of the library from the library; where that is gone,
the text that was given is all there is to show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QSplitter

from engine.protocol import (
    LibraryInfo,
    LookAtLibrary,
    ReadFromLibrary,
    RequestFinished,
    new_request_id,
)
from engine.storage.records import StoredMessage
from engine.types import Document
from gui.given_record import GivenPlace, kept_record
from gui.services import Services
from gui.storage_session import StorageSession

if TYPE_CHECKING:
    from gui.widgets.answer_view import AnswerView
    from gui.widgets.place_reader import PlaceReader
    from gui.widgets.transcript import Transcript

SHARES = (5500, 4500)  # of the room: the chat, the document
LEAST, NARROW = 300, 760  # pixels


class GivenPlaces(QObject):
    """The reader stands in `splitter`, beside the chat, from its first use on."""

    closed = Signal()
    desk_asked = Signal(str)  # the path of a file that is to be read on the text page

    def __init__(self, services: Services, splitter: QSplitter, parent: QObject) -> None:
        super().__init__(parent)
        self._services, self._splitter = services, splitter
        self.reader: PlaceReader | None = None

    def follow(self, transcript: Transcript) -> None:
        transcript.given_wanted.connect(self.show_texts)
        transcript.place_wanted.connect(self.open_place)
        transcript.document_asked.connect(self.open_document)

    def show_texts(self, view: AnswerView) -> None:
        """The fold under an answer was opened."""
        record = kept_record(view.message.made_by)
        if record is None:
            return
        storage, message_id = self._services.storage, view.message.id

        def texts() -> tuple[str, ...]:
            kept = storage.conversations.given_texts(message_id)
            return tuple(
                (kept[at] if at < len(kept) else "") or _text_of(storage, place)
                for at, place in enumerate(record.texts)
            )

        self._services.background.run(view, texts).then(
            view.show_given, self._services.notifications.show_error
        )

    def open_place(self, message: StoredMessage, number: int, start: int, end: int) -> None:
        """A passage of the text `number` that this answer was given."""
        record = kept_record(message.made_by)
        if record is None or not 0 <= number < len(record.texts):
            return
        place = record.texts[number]
        if place.document is not None:
            whole = place.whole and (start, end) == (place.start, place.end)
            self.open_document(place.document, None if whole else (start, end))
        else:
            self._open_of_library(message.id, number, place, (start, end))

    def open_document(self, document_id: int, at: tuple[int, int] | None = None) -> None:
        storage = self._services.storage
        self._services.background.run(self, lambda: storage.desk.document(document_id)).then(
            lambda stored: self._show(stored.id, stored.document, at),
            self._services.notifications.show_error,
        )

    def close(self) -> None:
        if self.reader is not None and self.is_open():
            self.reader.hide()
            self._make_room()
            self.closed.emit()

    def is_open(self) -> bool:
        return self.reader is not None and not self.reader.isHidden()

    # Inside

    def _open_of_library(
        self, message_id: int, number: int, place: GivenPlace, at: tuple[int, int]
    ) -> None:
        """The document as it is indexed now, if the text still stands there; else the text alone."""
        storage = self._services.storage

        def show(document: Document | None) -> None:
            def shown(kept: tuple[str, ...]) -> None:
                text = kept[number] if number < len(kept) else ""
                if document is not None and document.text[place.start : place.end] == text:
                    self._show(-1 - number, document, at)
                else:
                    alone = Document(place.name, text, path=place.path)
                    self._show(-1 - number, alone, (at[0] - place.start, at[1] - place.start))

            self._services.background.run(
                self, lambda: storage.conversations.given_texts(message_id)
            ).then(shown, self._services.notifications.show_error)

        def read(event: RequestFinished) -> None:
            info = msgspec.convert(event.result, LibraryInfo) if event.result else LibraryInfo()
            known = next((one.id for one in info.documents if one.path == place.path), None)
            if known is None:
                show(None)
            else:
                self._send(ReadFromLibrary(new_request_id(), known), done, show)

        def done(event: RequestFinished) -> None:
            show(msgspec.convert(event.result, Document) if event.result else None)

        self._send(LookAtLibrary(new_request_id()), read, show)

    def _send(
        self,
        request: LookAtLibrary | ReadFromLibrary,
        done: Callable[[RequestFinished], None],
        without: Callable[[None], None],
    ) -> None:
        reply = self._services.engine.send(request, self)
        reply.finished.connect(done)
        reply.failed.connect(lambda error: without(None))

    def _show(self, number: int, document: Document, at: tuple[int, int] | None) -> None:
        reader = self._reader()
        if reader.isHidden():
            reader.show()
            self._make_room()
            self._splitter.refresh()
            self._splitter.setSizes(list(SHARES))
        reader.show_place(number, document, at, [])
        reader.view.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._make_room()
        return super().eventFilter(watched, event)

    def _make_room(self) -> None:
        """In a narrow window the document stands in the chat's place."""
        chat = self._splitter.widget(0)
        if chat is not None:
            chat.setVisible(not self.is_open() or self._splitter.width() >= NARROW)

    def _reader(self) -> PlaceReader:
        if self.reader is None:
            from gui.widgets.place_reader import PlaceReader

            reader = self.reader = PlaceReader(self._services.theme, self._splitter)
            reader.view.tip_of = lambda number: self.tr("Given to the model")
            reader.setMinimumSize(LEAST, LEAST // 2)
            reader.close_asked.connect(self.close)
            reader.desk_asked.connect(self.desk_asked)
            reader.hide()
            self._splitter.addWidget(reader)
            self._splitter.installEventFilter(self)
        return self.reader


def _text_of(storage: StorageSession, place: GivenPlace) -> str:
    """On the storage thread: of a document that was given whole."""
    if place.document is None:
        return ""
    return storage.desk.document(place.document).document.text[place.start : place.end]
