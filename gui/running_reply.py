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
from engine.storage.records import DocumentEntry, MessageStatus, ReplyDetails, StoredMessage
from engine.types import ContextWindow, Document, FinishReason, Message, OverflowPolicy
from gui.given_record import record_of
from gui.kept_states import conversation_name
from gui.services import Services

FLUSH_MILLISECONDS = 1000
# These mean that the engine went away in the middle, not that it refused.
_CUT_OFF = ("WORKER_DIED", "WORKER_START")
_NO_DETAILS = ReplyDetails()


class RunningReply(QObject):
    """`message` is the stored reply; `text` what there is of it. `finished` comes once, at the end.

    A reply that goes on from another's text begins with that.
    """

    text_added = Signal(str)
    reasoning_added = Signal(str)
    reasoning_ended = Signal(float)  # seconds
    progressed = Signal(object)  # Progress
    finished = Signal(object)  # StoredMessage, as it is kept

    def __init__(self, services: Services, message: StoredMessage, parent: QObject) -> None:
        super().__init__(parent)
        self.message = message
        self.progress: Progress | None = None
        self._services = services
        self._pieces = _Pieces(message.content)
        self._thoughts = _Pieces(message.reasoning)
        self._thinking_since = 0.0  # 0 while it does not think
        self.reasoning_seconds = 0.0
        self._started = time.monotonic()
        self._first_delta = 0.0
        self._flush_timer = QTimer(self, singleShot=True, interval=FLUSH_MILLISECONDS)
        self._flush_timer.timeout.connect(self._on_flush_timer_timeout)

    def start(
        self,
        messages: tuple[Message, ...],
        window: ContextWindow,
        documents: tuple[Document, ...] = (),
        entries: tuple[DocumentEntry, ...] = (),
        library: bool = False,
    ) -> None:
        """Ask the engine. `window` is what the last answer of the branch did not see; `documents`,
        which storage has as `entries`, are all that the branch came with.
        """
        self._entries, self._library = entries, library
        services = self._services
        settings = services.settings.current
        request = Chat(
            new_request_id(),
            services.model.spec(),
            messages,
            settings.generation_params(),
            conversation_name(self.message.conversation_id),
            settings.kv_disk_mb,
            OverflowPolicy(settings.overflow),
            window,
            documents,
            library,
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
        return self._pieces.text()

    @property
    def reasoning(self) -> str:
        return self._thoughts.text()

    @property
    def has_begun(self) -> bool:
        """Whether anything new has come."""
        return bool(self._first_delta)

    @property
    def is_thinking(self) -> bool:
        return bool(self._thinking_since)

    def _on_reply_delta(self, event: TextDelta) -> None:
        now = time.monotonic()
        self._first_delta = self._first_delta or now
        if event.reasoning:
            self._thinking_since = self._thinking_since or now
            self._thoughts.add(event.text)
        else:
            self._end_thinking()
            self._pieces.add(event.text)
        if not self._flush_timer.isActive():
            self._flush_timer.start()
        (self.reasoning_added if event.reasoning else self.text_added).emit(event.text)

    def _end_thinking(self) -> None:
        if self._thinking_since:
            self.reasoning_seconds += time.monotonic() - self._thinking_since
            self._thinking_since = 0.0
            self.reasoning_ended.emit(self.reasoning_seconds)

    def _on_reply_progress(self, event: Progress) -> None:
        self.progress = event
        self.progressed.emit(event)

    def _on_reply_finished(self, event: RequestFinished) -> None:
        self._end_thinking()
        made_by: dict[str, Any] | None = None
        details = _NO_DETAILS
        if event.result is not None:
            result = msgspec.convert(event.result, ChatResult)
            self._pieces = _Pieces(self.message.content + result.text)
            self._thoughts = _Pieces(self.message.reasoning + result.reasoning)
            made_by = self._made_by(result, event)
            given = tuple("" if one.whole else one.text for one in result.given)
            details = ReplyDetails("", result.prompt, result.scores, given)
        stopped = event.finish_reason is FinishReason.ABORT
        status = MessageStatus.STOPPED if stopped else MessageStatus.COMPLETE
        self._finish(status, made_by, details=details)

    def _on_reply_failed(self, error: ErrorInfo) -> None:
        self._end_thinking()
        cut_off = error.code in _CUT_OFF and bool(self.text or self.reasoning)
        status = MessageStatus.INTERRUPTED if cut_off else MessageStatus.FAILED
        self._finish(status, None, error)

    def _on_flush_timer_timeout(self) -> None:
        storage, message_id = self._services.storage, self.message.id
        text, reasoning = self.text, self.reasoning
        self._services.background.run(
            self, lambda: storage.conversations.flush_reply(message_id, text, reasoning)
        ).then(None, self._services.notifications.show_error)

    def _finish(
        self,
        status: MessageStatus,
        made_by: dict[str, Any] | None,
        error: ErrorInfo | None = None,
        details: ReplyDetails = _NO_DETAILS,
    ) -> None:
        self._flush_timer.stop()
        storage, message_id, text = self._services.storage, self.message.id, self.text
        problem = msgspec.to_builtins(error) if error else None
        details = msgspec.structs.replace(details, reasoning=self.reasoning)

        def keep() -> StoredMessage:
            return storage.conversations.finish_reply(
                message_id, text, status, made_by, problem, details
            )

        def not_kept(failure: ErrorInfo) -> None:
            self._services.notifications.show_error(failure)
            self.finished.emit(
                msgspec.structs.replace(
                    self.message,
                    content=text,
                    status=status,
                    made_by=made_by,
                    error=problem,
                    reasoning=details.reasoning,
                )
            )

        self._services.background.run(self, keep).then(self.finished.emit, not_kept)

    def _made_by(self, result: ChatResult, event: RequestFinished) -> dict[str, Any]:
        """What made this answer, so that it can be told and made again."""
        info, now = self._services.model.info, time.monotonic()
        same = info is not None and info.sha256 == result.model.get("sha256")
        template = info.chat_template if info is not None and same else ""
        made: dict[str, Any] = {
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
        if result.window.unseen:
            made["window"] = msgspec.to_builtins(result.window)
        if (record := record_of(result, self._entries, self._library)) is not None:
            made["given"] = msgspec.to_builtins(record)
        if self.reasoning_seconds:
            made["reasoning_seconds"] = round(self.reasoning_seconds, 1)
        return made


class _Pieces:
    """A text that grows at its end."""

    def __init__(self, text: str) -> None:
        self._pieces = [text]

    def add(self, piece: str) -> None:
        self._pieces.append(piece)

    def text(self) -> str:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0]


def _sha256(text: str) -> str:
    """By Qt: hashlib brings OpenSSL along, 3.5 MB that the window does not need."""
    digest = QCryptographicHash.hash(text.encode(), QCryptographicHash.Algorithm.Sha256)
    return bytes(digest.toHex().data()).decode()
