"""The engine as Qt objects: `send(request)` gives an `EngineReply`, like QNetworkAccessManager.

The client's events arrive on its reader thread; here they cross to the GUI thread and go to the one
reply they belong to. A reply dies with its parent, and late events for it are dropped.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from engine.errors import EngineError, ErrorInfo
from engine.protocol import (
    Abort,
    Event,
    Partial,
    Progress,
    Request,
    RequestFailed,
    RequestFinished,
    TextDelta,
    WorkerDied,
    WorkerReady,
)


class EngineReply(QObject):
    """One request's events. Exactly one of `finished` and `failed` is emitted, once."""

    delta = Signal(object)  # TextDelta
    progress = Signal(object)  # Progress
    partial = Signal(object)  # Partial
    finished = Signal(object)  # RequestFinished
    failed = Signal(object)  # ErrorInfo

    def __init__(self, bridge: EngineBridge, request: Request, parent: QObject) -> None:
        super().__init__(parent)
        self.request = request
        self.is_open = True
        self._bridge = bridge

    def abort(self) -> None:
        """Ask the worker to stop; `finished` (with what there is) or `failed` still follows."""
        if self.is_open:
            self._bridge.client.send(Abort(self.request.request_id))

    def deliver(self, event: Event) -> None:
        match event:
            case TextDelta():
                self.delta.emit(event)
            case Progress():
                self.progress.emit(event)
            case Partial():
                self.partial.emit(event)
            case RequestFinished():
                self.is_open = False
                self.finished.emit(event)
            case RequestFailed():
                self.is_open = False
                self.failed.emit(event.error)


class EngineBridge(QObject):
    """Owns nothing but the routing; `client` is an `EngineClient` or a `LocalClient`."""

    worker_ready = Signal(object)  # WorkerReady
    worker_died = Signal(object)  # WorkerDied
    _arrived = Signal(object)

    def __init__(self, client: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.client = client
        self._replies: dict[str, EngineReply] = {}
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        client.set_listener(self._arrived.emit)

    def start(self) -> None:
        """Start the worker. A failure to start is told by `worker_died`."""
        try:
            self.client.start()
        except EngineError as error:
            self._arrived.emit(WorkerDied(-1, error.info().one_line(), False))

    def send(self, request: Request, parent: QObject) -> EngineReply:
        """Send and return the reply, a child of `parent`: connect to its signals at once."""
        reply = EngineReply(self, request, parent)
        request_id = request.request_id
        self._replies[request_id] = reply
        reply.destroyed.connect(lambda: self._replies.pop(request_id, None))
        try:
            self.client.send(request)
        except EngineError as error:
            self._arrived.emit(RequestFailed(request_id, error.info()))
        return reply

    def open_replies(self) -> list[EngineReply]:
        return [reply for reply in self._replies.values() if reply.is_open]

    def close(self) -> None:
        """End the worker. Open requests fail first, so that nobody waits for ever."""
        self.client.close()

    def _on_arrived(self, event: Event) -> None:
        match event:
            case WorkerReady():
                self.worker_ready.emit(event)
            case WorkerDied():
                self.worker_died.emit(event)
            case _:
                reply = self._replies.get(event.request_id)
                if reply is not None:
                    if isinstance(event, (RequestFinished, RequestFailed)):
                        del self._replies[event.request_id]
                    reply.deliver(event)


__all__ = ["EngineBridge", "EngineReply", "ErrorInfo"]
