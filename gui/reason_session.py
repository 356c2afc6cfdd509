"""Why sentences were judged as they were, without widgets: ask the engine, remember what it said.

Only the sentence that was asked for last is waited for.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject, Signal

from engine.errors import ErrorInfo
from engine.protocol import Explain, Explanation, RequestFinished, new_request_id
from gui.engine_bridge import EngineReply
from gui.services import Services

MOST = 200  # explanations that are remembered


class ReasonSession(QObject):
    """The numbers are whatever the asker calls a sentence."""

    found = Signal(int, object)  # Explanation
    failed = Signal(int, object)  # ErrorInfo

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._known: dict[tuple[str, str], Explanation] = {}
        self._reply: EngineReply | None = None

    def ask(self, number: int, text: str, label: str) -> None:
        """`found` or `failed` follows, unless something else is asked for first."""
        self._drop()
        known = self._known.get((text, label))
        if known is not None:
            self.found.emit(number, known)
            return
        reply = self._services.engine.send(Explain(new_request_id(), text, label), self)
        self._reply = reply
        reply.finished.connect(lambda event: self._on_finished(reply, number, event))
        reply.failed.connect(lambda error: self._on_failed(reply, number, error))

    def _drop(self) -> None:
        """Nobody waits for it any more; its terminal event still comes."""
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.abort()

    def _on_finished(self, reply: EngineReply, number: int, event: RequestFinished) -> None:
        reply.deleteLater()
        if event.result is None:  # it was stopped
            return
        request = reply.request
        assert isinstance(request, Explain)
        explanation = msgspec.convert(event.result, Explanation)
        self._known[request.text, request.label] = explanation
        if len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        if reply is self._reply:
            self._reply = None
            self.found.emit(number, explanation)

    def _on_failed(self, reply: EngineReply, number: int, error: ErrorInfo) -> None:
        reply.deleteLater()
        if reply is self._reply:
            self._reply = None
            self.failed.emit(number, error)
