"""Takes requests from any thread, runs each on its lane, and sees that it ends exactly once."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from engine.backends import Backend
from engine.errors import AbortedError, BadRequestError, EngineError, ErrorInfo
from engine.protocol import Abort, Event, Request, RequestFailed, RequestFinished
from engine.types import FinishReason
from engine.worker.handlers import HANDLERS, LANES, Handler
from engine.worker.lanes import Job, Lane
from engine.worker.models import ModelHolder
from engine.worker.outbox import Outbox


class WorkerLoop:
    """`emit` is called from the lanes' threads and must not block for long."""

    def __init__(self, backend: Backend, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._models = ModelHolder(backend)
        self._lanes = {name: Lane(name, width) for name, width in LANES.items()}

    def submit(self, request: Request) -> None:
        if isinstance(request, Abort):
            for lane in self._lanes.values():
                if (job := lane.abort(request.request_id)) is not None:
                    job.end()
            return
        handler = HANDLERS.get(type(request))
        if handler is None:
            unknown = BadRequestError(f"The engine cannot do a {type(request).__name__}.")
            self._emit(RequestFailed(request.request_id, unknown.info()))
            return
        job = Job(request.request_id, lambda job: self._work(handler, request, job))
        self._lanes[handler.lane].put(job)

    def close(self, timeout: float | None = None) -> None:
        """Abort everything and end the threads; the model is freed on the way out."""
        self._models.document_readers.close()
        waiting = [job for lane in self._lanes.values() for job in lane.close(timeout)]
        for job in waiting:
            job.end()
        self._models.close()

    def _work(self, handler: Handler, request: Request, job: Job) -> None:
        outbox = Outbox(job.request_id, self._emit)
        end: RequestFinished | RequestFailed
        try:
            job.abort.raise_if_set()
            end = handler.run(request, self._models, job.abort, outbox)
        except AbortedError:
            end = RequestFinished(job.request_id, FinishReason.ABORT)
        except EngineError as error:
            end = RequestFailed(job.request_id, error.info())
        except Exception as error:
            end = RequestFailed(job.request_id, internal_error(error))
        try:
            outbox.flush()
            self._emit(end)
        except EngineError as error:  # what cannot be sent must still end, and the lane live on
            self._emit(RequestFailed(job.request_id, error.info()))


def internal_error(error: BaseException) -> ErrorInfo:
    """A bug, told as one: the user sees one calm line, the traceback goes along for the report."""
    return ErrorInfo(
        "INTERNAL",
        f"Something went wrong inside the engine ({type(error).__name__}).",
        "Try again; if it happens again, please report it with the details.",
        "".join(traceback.format_exception(error)),
    )
