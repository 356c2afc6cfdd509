"""What the window knows of model servers: the last look at one, keys of this session, agreement.

A server is asked only after the user has agreed that text goes there; agreement is kept beside the
window's own state. Keys go to the worker, which has the keyring; those that no keyring takes stay
here in memory, so that a worker that was started again gets them first. It knows no widget.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, QSettings, Signal

from engine.errors import EngineError, ErrorInfo
from engine.paths import config_folder
from engine.protocol import (
    KeepServerKey,
    KeptKey,
    LookAtServer,
    RequestFinished,
    ServerLook,
    new_request_id,
)
from engine.server_address import ServerAddress, parse_address
from gui.engine_bridge import EngineBridge, EngineReply

AGREED = "agreed_servers"


class ServerSession(QObject):
    """`look` is what the last server answered, `error` why it did not; `is_looking` meanwhile.

    It must be made before the `ModelSession`, so that a new worker has the keys before it loads.
    """

    changed = Signal()

    def __init__(self, engine: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._store = QSettings(str(config_folder() / "window.ini"), QSettings.Format.IniFormat)
        self._keys: dict[str, str] = {}  # of addresses, where there is no keyring
        self._reply: EngineReply | None = None
        self.look: ServerLook | None = None
        self.error: ErrorInfo | None = None
        self.kept_where = ""  # keyring, session, or "" if no key was given
        engine.worker_ready.connect(self._on_engine_worker_ready)

    @property
    def is_looking(self) -> bool:
        return self._reply is not None

    def address(self, typed: str) -> ServerAddress | None:
        """What was typed as an address; None, and `error` says why, if it is none."""
        try:
            return parse_address(typed)
        except EngineError as error:
            self.look, self.error = None, error.info()
            self.changed.emit()
            return None

    def is_agreed(self, address: ServerAddress) -> bool:
        return address.origin in self._agreed()

    def agree(self, address: ServerAddress) -> None:
        """The user said that text may go there."""
        if not self.is_agreed(address):
            self._store.setValue(AGREED, [*self._agreed(), address.origin])

    def look_at(self, address: ServerAddress, key: str = "") -> None:
        """Ask a server what it has; a key that it takes is kept for it."""
        self.stop()
        self.look, self.error, self.kept_where = None, None, ""
        request = LookAtServer(new_request_id(), address.base, key)

        def take(finished: RequestFinished) -> None:
            if finished.result is not None:
                self.look = msgspec.convert(finished.result, ServerLook)
            if key and self.look is not None:
                self._keep(address, key)
            else:
                self._done()

        self._send(request, take)

    def stop(self) -> None:
        """Do not wait for the server any longer."""
        if self._reply is not None:
            reply, self._reply = self._reply, None
            reply.abort()
            reply.deleteLater()
            self.changed.emit()

    def clear(self) -> None:
        """Forget what the last server answered."""
        self.stop()
        self.look, self.error, self.kept_where = None, None, ""
        self.changed.emit()

    def forget(self, address: ServerAddress) -> None:
        """Forget a server's key and that text may go there."""
        self._keys.pop(address.base, None)
        self._store.setValue(AGREED, [o for o in self._agreed() if o != address.origin])
        self.look, self.error, self.kept_where = None, None, ""
        self._send(KeepServerKey(new_request_id(), address.base), lambda _: self._done())

    def _keep(self, address: ServerAddress, key: str) -> None:
        def take(finished: RequestFinished) -> None:
            if finished.result is not None:
                self.kept_where = msgspec.convert(finished.result, KeptKey).where
            if self.kept_where == "session":
                self._keys[address.base] = key
            self._done()

        self._send(KeepServerKey(new_request_id(), address.base, key), take)

    def _send(
        self, request: LookAtServer | KeepServerKey, take: Callable[[RequestFinished], None]
    ) -> None:
        reply = self._reply = self._engine.send(request, self)

        def on_finished(finished: RequestFinished) -> None:
            reply.deleteLater()
            if reply is self._reply:
                take(finished)

        def on_failed(error: ErrorInfo) -> None:
            reply.deleteLater()
            if reply is self._reply:
                self.error = error
                self._done()

        reply.finished.connect(on_finished)
        reply.failed.connect(on_failed)
        self.changed.emit()

    def _done(self) -> None:
        self._reply = None
        self.changed.emit()

    def _agreed(self) -> list[str]:
        kept = self._store.value(AGREED)
        # QSettings gives back a list of one as a plain text.
        kept = [kept] if isinstance(kept, str) else kept or []
        return [origin for origin in kept if isinstance(origin, str) and origin]

    def _on_engine_worker_ready(self, event: object) -> None:
        for base, key in self._keys.items():
            request = KeepServerKey(new_request_id(), base, key, in_memory=True)
            reply = self._engine.send(request, self)
            reply.finished.connect(reply.deleteLater)
            reply.failed.connect(reply.deleteLater)
