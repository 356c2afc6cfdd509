"""What the models keep of conversations on disk: how much it is, and having it forgotten.

The worker keeps it and knows where; this only asks. What is forgotten is read again when a
conversation goes on, so nothing is lost by it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QObject, Signal

from engine.errors import ErrorInfo
from engine.protocol import KeptState, KeptStateInfo, RequestFinished, new_request_id
from gui.engine_bridge import EngineBridge


class KeptStates(QObject):
    """Each call is answered by `told` or `failed`."""

    told = Signal(object)  # KeptStateInfo
    failed = Signal(object)  # ErrorInfo

    def __init__(self, engine: EngineBridge, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine

    def ask(self) -> None:
        self._send(KeptState(new_request_id()))

    def forget(self, conversation_ids: Iterable[int]) -> None:
        """These conversations were deleted: nothing of what was said in them may stay."""
        names = tuple(conversation_name(number) for number in conversation_ids)
        if names:
            self._send(KeptState(new_request_id(), names))

    def forget_all(self) -> None:
        self._send(KeptState(new_request_id(), forget_all=True))

    def _send(self, request: KeptState) -> None:
        reply = self._engine.send(request, self)
        reply.finished.connect(self._on_reply_finished)
        reply.failed.connect(self._on_reply_failed)
        reply.finished.connect(reply.deleteLater)
        reply.failed.connect(reply.deleteLater)

    def _on_reply_finished(self, event: RequestFinished) -> None:
        if event.result is not None:
            self.told.emit(msgspec.convert(event.result, KeptStateInfo))

    def _on_reply_failed(self, error: ErrorInfo) -> None:
        self.failed.emit(error)


def conversation_name(conversation_id: int) -> str:
    """Under which name the engine keeps a conversation's state."""
    return str(conversation_id)
