"""The one storage thread: every read and write of the database happens there, in order.

`Background.run(parent, function).then(success, failure)`; results come back on the GUI thread. A job
whose parent is gone is still done (nothing typed may be lost), only nobody is told.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from engine.errors import EngineError, ErrorInfo


class Job(QObject):
    """One piece of background work; it deletes itself when it has told its outcome."""

    _done = Signal(object, object)

    def __init__(self, parent: QObject, report_bug: Callable[[BaseException], None]) -> None:
        super().__init__(parent)
        self._success: Callable[[Any], None] | None = None
        self._failure: Callable[[ErrorInfo], None] | None = None
        self._report_bug = report_bug
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def then(
        self,
        success: Callable[[Any], None] | None = None,
        failure: Callable[[ErrorInfo], None] | None = None,
    ) -> Job:
        self._success, self._failure = success, failure
        return self

    def tell(self, result: Any, error: BaseException | None) -> None:
        """Called on the storage thread."""
        try:
            self._done.emit(result, error)
        except RuntimeError:  # the parent, and so this job, is gone
            if error is not None and not isinstance(error, EngineError):
                self._report_bug(error)

    def _on_done(self, result: Any, error: BaseException | None) -> None:
        self.deleteLater()
        if error is None:
            if self._success:
                self._success(result)
        elif isinstance(error, EngineError) and self._failure:
            self._failure(error.info())
        else:
            self._report_bug(error)


class Background(QObject):
    """A thread and its queue. `report_bug` gets what nobody handles, on either thread."""

    def __init__(
        self, report_bug: Callable[[BaseException], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._report_bug = report_bug
        self._queue: queue.SimpleQueue[tuple[Callable[[], Any], Job] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="carrel-storage")
        self._thread.start()

    def run(self, parent: QObject, function: Callable[[], Any]) -> Job:
        """Do `function` on the storage thread after all that was asked for before."""
        job = Job(parent, self._report_bug)
        self._queue.put((function, job))
        return job

    def close(self) -> None:
        """Finish everything that was asked for, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            function, job = item
            try:
                job.tell(function(), None)
            except BaseException as error:
                job.tell(None, error)
