"""One Carrel per data folder: a second start tells the first to come to the front.

A lock file decides who is first, without any networking library; the local socket that later starts
knock at is opened after the first paint. Locks and sockets of a Carrel that crashed are cleaned up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCryptographicHash, QLockFile, QObject, Signal

from engine.paths import data_folder

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

KNOCK_MILLISECONDS = 2000


class SingleInstance(QObject):
    """`is_first` once, then `listen`; `second_start` tells of every later start."""

    second_start = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = QLockFile(str(data_folder() / "window.lock"))
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    def is_first(self) -> bool:
        """True if no other window uses this data folder; otherwise that window was raised.

        A folder that cannot be written counts as first: the window must come up to say so.
        """
        try:
            data_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return True
        if self._lock.tryLock(0) or self._lock.error() != QLockFile.LockError.LockFailedError:
            return True
        return not self._knock()

    def listen(self) -> None:
        """Hear later starts from now on."""
        from PySide6.QtNetwork import QLocalServer

        name = _socket_name()
        QLocalServer.removeServer(name)  # what a crash may have left behind
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_server_new_connection)
        self._server.listen(name)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _knock(self) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket(self)
        socket.connectToServer(_socket_name())
        heard = socket.waitForConnected(KNOCK_MILLISECONDS)
        socket.disconnectFromServer()
        return heard

    def _on_server_new_connection(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.second_start.emit()


def _socket_name() -> str:
    """One for each data folder, and short: some systems allow 104 bytes for a socket's whole path."""
    folder = str(data_folder()).encode("utf-8", "surrogateescape")
    digest = QCryptographicHash.hash(folder, QCryptographicHash.Algorithm.Sha256)
    return f"carrel-{bytes(digest.toHex().data()).decode()[:16]}"
