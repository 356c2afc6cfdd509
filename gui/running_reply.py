"""One answer while it is being written: collects deltas, flushes them, and ends the stored reply.

It lives on when another conversation is shown, and knows nothing of widgets.
"""

from __future__ import annotations

import time
from typing import Any

import msgspec
from PySide6.QtCore import QCryptographicHash, QObject, QTimer, Signal

from engine.errors import ErrorInfo
from engine.protocol import Chat, ChatResult, Progress, RequestFinished, TextDelta, new_request_id
from engine.storage.records import MessageStatus, StoredMessage
from engine.types import FinishReason, Message
from gui.services import Services

FLUSH_MILLISECONDS = 1000
# These mean that the engine went away in the middle, not that it refused.
_CUT_OFF = ("WORKER_DIED", "WORKER_START")


class RunningReply(QObject):
    """`message` is the stored reply; `text` what there is of it. `finished` comes once, at the end."""

    text_added = Signal(str)
    progressed = Signal(object)  # Progress
    finished = Signal(object)  # StoredMessage, as it is kept

    def __init__(self, services: Services, message: StoredMessage, parent: QObject) -> None:
        super().__init__(parent)
        self.message = message
        self.progress: Progress | None = None
        self._services = services
        self._pieces: list[str] = []
        self._started = time.monotonic()
        self._first_delta = 0.0
        self._flush_timer = QTimer(self, singleShot=True, interval=FLUSH_MILLISECONDS)
        self._flush_timer.timeout.connect(self._on_flush_timer_timeout)

    def start(self, messages: tuple[Message, ...]) -> None:
        """Ask the engine."""
        services = self._services
        request = Chat(
            new_request_id(),
            services.model.spec(),
            messages,
            services.settings.current.generation_params(),
        )
        self._reply = services.engine.send(request, self)
        self._reply.delta.connect(self._on_reply_delta)
        self._reply.progress.connect(self._on_reply_progress)
        self._reply.finished.connect(self._on_reply_finished)
        self._reply.failed.connect(self._on_reply_failed)

    def stop(self) -> None:
        """Ask for the end; `finished` follows with what there is."""
        self._reply.abort()

    @property
    def text(self) -> str:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def _on_reply_delta(self, event: TextDelta) -> None:
        if not self._pieces:
            self._first_delta = time.monotonic()
        self._pieces.append(event.text)
        if not self._flush_timer.isActive():
            self._flush_timer.start()
        self.text_added.emit(event.text)

    def _on_reply_progress(self, event: Progress) -> None:
        self.progress = event
        self.progressed.emit(event)

    def _on_reply_finished(self, event: RequestFinished) -> None:
        made_by: dict[str, Any] | None = None
        if event.result is not None:
            result = msgspec.convert(event.result, ChatResult)
            self._pieces = [result.text]
            made_by = self._made_by(result, event)
        stopped = event.finish_reason is FinishReason.ABORT
        self._finish(MessageStatus.STOPPED if stopped else MessageStatus.COMPLETE, made_by)

    def _on_reply_failed(self, error: ErrorInfo) -> None:
        cut_off = error.code in _CUT_OFF and bool(self.text)
        status = MessageStatus.INTERRUPTED if cut_off else MessageStatus.FAILED
        self._finish(status, None, error)

    def _on_flush_timer_timeout(self) -> None:
        conversations, message_id, text = self._services.storage, self.message.id, self.text
        self._services.background.run(
            self, lambda: conversations.conversations.flush_reply(message_id, text)
        ).then(None, self._services.notifications.show_error)

    def _finish(
        self,
        status: MessageStatus,
        made_by: dict[str, Any] | None,
        error: ErrorInfo | None = None,
    ) -> None:
        self._flush_timer.stop()
        storage, message_id, text = self._services.storage, self.message.id, self.text
        problem = msgspec.to_builtins(error) if error else None

        def keep() -> StoredMessage:
            return storage.conversations.finish_reply(message_id, text, status, made_by, problem)

        def not_kept(failure: ErrorInfo) -> None:
            self._services.notifications.show_error(failure)
            self.finished.emit(
                msgspec.structs.replace(
                    self.message, content=text, status=status, made_by=made_by, error=problem
                )
            )

        self._services.background.run(self, keep).then(self.finished.emit, not_kept)

    def _made_by(self, result: ChatResult, event: RequestFinished) -> dict[str, Any]:
        """What made this answer, so that it can be told and made again."""
        info, now = self._services.model.info, time.monotonic()
        same = info is not None and info.sha256 == result.model.get("sha256")
        template = info.chat_template if info is not None and same else ""
        return {
            "model": result.model,
            "params": msgspec.to_builtins(result.params),
            "seed": result.seed,
            "template_sha256": _sha256(template) if template else "",
            "engine_version": result.model.get("engine_version", ""),
            "finish_reason": str(event.finish_reason),
            "usage": msgspec.to_builtins(event.usage),
            "tokens_per_second": round(event.usage.tokens_per_second(), 2),
            "first_token_seconds": round(max(0.0, self._first_delta - self._started), 3),
            "seconds": round(now - self._started, 3),
        }


def _sha256(text: str) -> str:
    """By Qt: hashlib brings OpenSSL along, 3.5 MB that the window does not need."""
    digest = QCryptographicHash.hash(text.encode(), QCryptographicHash.Algorithm.Sha256)
    return bytes(digest.toHex().data()).decode()
