"""Jobs of requests (`engine.call.Job`) in the window: several at once, as on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.call import CallError, Job
from engine.errors import EngineError, ErrorInfo
from engine.protocol import RequestFinished
from gui.engine_bridge import EngineBridge, EngineReply


class JobRunner(QObject):
    """One set of jobs. `ended` comes once, when all have ended, or those that had begun when `stop` was
    called; `failed` for each job that raised an error."""

    ended = Signal()
    failed = Signal(object)  # ErrorInfo

    def __init__(self, engine: EngineBridge, width: int, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._width = engine, width
        self._waiting: Iterator[Job[Any]] = iter(())
        self._open: dict[str, EngineReply] = {}
        self._is_stopping = False
        self._is_filling = False

    def run(self, jobs: Iterable[Job[Any]]) -> None:
        self._waiting = iter(jobs)
        self._fill()

    def stop(self) -> None:
        """Begin no more, and have the open requests stopped."""
        self._is_stopping = True
        for reply in list(self._open.values()):
            reply.abort()

    def _fill(self) -> None:
        """Keep `width` of them going."""
        if self._is_filling:
            return
        self._is_filling = True
        while len(self._open) < self._width and not self._is_stopping:
            job = next(self._waiting, None)
            if job is None:
                break
            self._go_on(job, None)
        self._is_filling = False
        if not self._open:
            self.ended.emit()

    def _go_on(self, job: Job[Any], event: RequestFinished | ErrorInfo | None) -> None:
        """Let a job take what it waited for, and send what it asks for next."""
        try:
            if isinstance(event, ErrorInfo):
                request = job.throw(CallError(event))
            else:
                request = job.send(event) if event is not None else next(job)
        except StopIteration:
            return
        except EngineError as error:
            self.failed.emit(error.info())
            return
        reply = self._engine.send(request, self)
        number = request.request_id
        self._open[number] = reply
        reply.finished.connect(lambda event: self._on_reply_ended(number, job, event))
        reply.failed.connect(lambda error: self._on_reply_ended(number, job, error))
        if self._is_stopping:
            reply.abort()

    def _on_reply_ended(
        self, number: str, job: Job[Any], event: RequestFinished | ErrorInfo
    ) -> None:
        reply = self._open.pop(number)
        reply.deleteLater()
        self._go_on(job, event)
        self._fill()
