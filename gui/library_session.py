"""The library, without widgets: what is in it, its indexing, searches, questions and texts.

It is looked at after the start and now and then, so that what changed in watched folders is read; a
library that was never used costs nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import ErrorInfo
from engine.paths import library_file
from engine.protocol import (
    AskLibrary,
    ChangeLibrary,
    LibraryAnswer,
    LibraryHits,
    LibraryInfo,
    LookAtLibrary,
    Progress,
    ReadFromLibrary,
    Request,
    RequestFinished,
    SearchLibrary,
    UpdateLibrary,
    new_request_id,
)
from engine.text_tools.results import AnswerResult
from engine.types import Document, FinishReason
from gui.engine_bridge import EngineBridge, EngineReply
from gui.model_session import ModelSession

FIRST_LOOK, PAUSE, LOOK_PAUSE = 15_000, 120_000, 3_000  # milliseconds
HITS = 30
MOST_KEPT = 24  # texts of documents that were opened


@dataclasses.dataclass(frozen=True)
class AnswerState:
    """`documents` are those that the answer's passages index, `ids` theirs in the library."""

    question: str
    is_running: bool = True
    result: AnswerResult | None = None
    documents: tuple[Document, ...] = ()
    ids: tuple[int, ...] = ()
    model: dict[str, Any] | None = None
    error: ErrorInfo | None = None


class LibrarySession(QObject):
    """`changed` says that `info`, `progress` or `error` is new; `found` brings a search's hits;
    `answer_changed` says that `answer` is new."""

    changed = Signal()
    found = Signal(str, object)  # the query, tuple[LibraryHit, …]
    search_failed = Signal(object)  # ErrorInfo
    answer_changed = Signal()
    failed = Signal(object)  # ErrorInfo, of what the user asked for

    def __init__(self, engine: EngineBridge, model: ModelSession, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._model = engine, model
        self.info: LibraryInfo | None = None
        self.progress: tuple[int, int] | None = None  # documents done and all, while it is indexed
        self.answer: AnswerState | None = None
        self._update: EngineReply | None = None
        self._is_stopped = False  # by the user, who also says when it goes on
        self._update_again = False  # something was added while it was indexed
        self._search: EngineReply | None = None
        self._ask: EngineReply | None = None
        self._texts: dict[int, Document] = {}
        self._rhythm = QTimer(self, interval=PAUSE)
        self._rhythm.timeout.connect(self._on_rhythm_timeout)
        self._look_again = QTimer(self, singleShot=True, interval=LOOK_PAUSE)
        self._look_again.timeout.connect(self.look)
        engine.worker_ready.connect(self._on_worker_ready)

    # What is in it

    def is_empty(self) -> bool:
        return self.info is None or not self.info.sources

    def look(self) -> None:
        self._send(LookAtLibrary(new_request_id()), self._take_info)

    def add(self, paths: list[str]) -> None:
        """Files, folders and archives; they are read at once."""
        request = ChangeLibrary(new_request_id(), add=tuple(paths))
        self._send(request, self._take_info_and_update)

    def remove(self, sources: list[int]) -> None:
        self._texts.clear()
        self._send(ChangeLibrary(new_request_id(), remove=tuple(sources)), self._take_info)

    def forget(self) -> None:
        self._texts.clear()
        self.stop()
        self._send(ChangeLibrary(new_request_id(), forget_all=True), self._take_info)

    def update(self, *, retry: bool = False, asked: bool = True) -> None:
        """Read what is new or changed. An error is told only if the user asked for it; what the
        user stopped goes on only then, too."""
        if self._update is not None:
            self._update_again |= asked
            return
        if self._is_stopped and not asked:
            return
        self._is_stopped = self._update_again = False
        reply = self._update = self._engine.send(UpdateLibrary(new_request_id(), retry), self)
        reply.progress.connect(self._on_update_progress)
        reply.finished.connect(self._on_update_finished)
        reply.failed.connect(lambda error: self._on_update_failed(error, asked))

    def is_updating(self) -> bool:
        return self._update is not None

    def stop(self) -> None:
        """What was read stays; `update` goes on there."""
        if self._update is not None:
            self._is_stopped, self._update_again = True, False
            self._update.abort()

    # Search and questions

    def search(self, query: str) -> None:
        """`found` follows, unless another search comes first."""
        if self._search is not None:
            self._search.abort()
        reply = self._search = self._engine.send(SearchLibrary(new_request_id(), query, HITS), self)

        def done(event: RequestFinished) -> None:
            if self._search is reply and event.result is not None:
                self.found.emit(query, msgspec.convert(event.result, LibraryHits).hits)

        def failed(error: ErrorInfo) -> None:
            if self._search is reply:
                self.search_failed.emit(error)

        reply.finished.connect(done)
        reply.failed.connect(failed)

    def ask(self, question: str) -> None:
        """One question at a time: a newer one takes the place of the one under way."""
        if self._ask is not None:
            self._ask.abort()
        request = AskLibrary(new_request_id(), self._model.spec(), question)
        reply = self._ask = self._engine.send(request, self)
        self._set_answer(AnswerState(question))

        def taken(plain: object, *, is_running: bool) -> None:
            if self._ask is reply and plain is not None:
                found = msgspec.convert(plain, LibraryAnswer)
                self._with_texts(found.documents, lambda: show(found, is_running), failed)

        def show(found: LibraryAnswer, is_running: bool) -> None:
            if self._ask is not reply or (is_running and not reply.is_open):
                return
            self._set_answer(
                AnswerState(
                    *(question, is_running, msgspec.convert(found.outcome.result, AnswerResult)),
                    *(tuple(self._texts[number] for number in found.documents), found.documents),
                    found.outcome.model,
                )
            )

        def finished(event: RequestFinished) -> None:
            if event.result is not None:
                taken(event.result, is_running=False)
            elif self._ask is reply:
                self._set_answer(None)

        def failed(error: ErrorInfo) -> None:
            if self._ask is reply:
                self._set_answer(AnswerState(question, is_running=False, error=error))

        reply.partial.connect(lambda event: taken(event.result, is_running=True))
        reply.finished.connect(finished)
        reply.failed.connect(failed)

    def stop_asking(self) -> None:
        if self._ask is not None:
            self._ask.abort()

    def read(self, number: int, then: Callable[[Document], None]) -> None:
        """The text of a document as it was indexed."""
        self._with_texts((number,), lambda: then(self._texts[number]), self.failed.emit)

    # Inside

    def _with_texts(
        self,
        numbers: tuple[int, ...],
        then: Callable[[], None],
        failed: Callable[[ErrorInfo], None],
    ) -> None:
        """Call `then` when the texts are there, `failed` for each that cannot be had."""
        lacking = [number for number in numbers if number not in self._texts]
        if not lacking:
            then()
            return
        while len(self._texts) > MOST_KEPT:
            del self._texts[next(iter(self._texts))]

        def taken(number: int, event: RequestFinished) -> None:
            if event.result is not None:
                self._texts[number] = msgspec.convert(event.result, Document)
            if all(one in self._texts for one in numbers):
                then()

        for number in lacking:
            request = ReadFromLibrary(new_request_id(), number)
            self._send(request, partial(taken, number), failed)

    def _send(
        self,
        request: Request,
        then: Callable[[RequestFinished], None],
        failed: Callable[[ErrorInfo], None] | None = None,
    ) -> None:
        reply = self._engine.send(request, self)
        reply.finished.connect(then)
        reply.failed.connect(failed or self.failed.emit)

    def _set_answer(self, answer: AnswerState | None) -> None:
        self.answer = answer
        self.answer_changed.emit()

    def _take_info(self, event: RequestFinished) -> None:
        if event.result is not None:
            self.info = msgspec.convert(event.result, LibraryInfo)
            if self.info.sources:
                self._rhythm.start()
            else:
                self._rhythm.stop()
            self.changed.emit()

    def _take_info_and_update(self, event: RequestFinished) -> None:
        self._take_info(event)
        self.update()

    def _on_worker_ready(self) -> None:
        """Also after a crash: what was being indexed goes on."""
        if library_file().exists():
            QTimer.singleShot(FIRST_LOOK, self, self._on_rhythm_timeout)

    def _on_rhythm_timeout(self) -> None:
        self.update(asked=False)

    def _on_update_progress(self, progress: Progress) -> None:
        self.progress = round(progress.done), round(progress.total)
        if not self._look_again.isActive():
            self._look_again.start()
        self.changed.emit()

    def _on_update_finished(self, event: RequestFinished) -> None:
        self._update, self.progress = None, None
        self._texts.clear()
        self._take_info(event)
        if event.result is None or event.finish_reason is FinishReason.ABORT:
            self.changed.emit()
        else:
            self._is_stopped = False  # it was done before it heard of it
        if self._update_again:
            self.update()

    def _on_update_failed(self, error: ErrorInfo, asked: bool) -> None:
        self._update, self.progress = None, None
        self.changed.emit()
        if asked:
            self.failed.emit(error)
