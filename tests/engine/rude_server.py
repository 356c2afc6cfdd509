"""A server on loopback that behaves as badly as a test says, and remembers every byte it was sent.

A test puts functions into `answers`: each gets a `Talk` and writes what it likes. Requests that none
is left for are answered by `otherwise`, which is what a good server says.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

MODEL = "rude-7b"


class Seen(msgspec.Struct, frozen=True):
    """A request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes
    time: float

    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    def everything(self) -> bytes:
        """The whole request but for the header where a key belongs."""
        rest = {k: v for k, v in self.headers.items() if k.lower() != "authorization"}
        return f"{self.line}\n{rest}\n".encode() + self.body


class Talk:
    """What a test may say to one request."""

    def __init__(self, handler: BaseHTTPRequestHandler, seen: Seen, ends: threading.Event) -> None:
        self._handler, self.seen, self._ends = handler, seen, ends
        self.stays = False  # the connection, for the next request

    def status(self, code: int, body: Any = b"", **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._handler.send_response(code)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.send_header("Content-Length", str(len(data)))
        self._handler.end_headers()
        self.raw(data)

    def begin(self, kind: str = "text/event-stream") -> None:
        """The head of a streamed answer, which ends when the connection does."""
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", kind)
        self._handler.send_header("Connection", "close")
        self._handler.end_headers()

    def raw(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def event(self, event: Any) -> None:
        self.raw(b"data: " + json.dumps(event).encode() + b"\n\n")

    def say(self, *texts: str, name: str = "content") -> None:
        for text in texts:
            self.event({"choices": [{"index": 0, "delta": {name: text}}]})

    def end(self, reason: str = "stop", **usage: int) -> None:
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        if usage:
            self.event({"choices": [], "usage": usage})
        self.raw(b"data: [DONE]\n\n")

    def answer(self, *texts: str) -> None:
        """A whole good answer."""
        self.begin()
        self.say(*texts)
        self.end(prompt_tokens=7, completion_tokens=len(texts))

    def drop(self) -> None:
        """Cut the connection without a word."""
        self._handler.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
        )
        self._handler.connection.close()

    def wait_until_left(self, seconds: float = 10.0) -> float:
        """Say nothing until the other side has closed the connection; the time at which it did."""
        self._handler.connection.settimeout(0.02)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._ends.is_set():
            try:
                if not self._handler.connection.recv(1):
                    return time.monotonic()
            except TimeoutError:
                continue
            except OSError:
                return time.monotonic()
        raise AssertionError("the connection was not closed")


Answer = Callable[[Talk], None]


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is no news; a failed check of a test still is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class RudeServer:
    """Use as a context manager. `answers` are for requests to /chat/completions, in turn."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: list[Answer] = []
        self.otherwise: Answer = lambda talk: talk.answer("Well", " said.")
        self.models: Answer = lambda talk: talk.status(
            200, {"data": [{"id": MODEL, "max_model_len": 4096}]}
        )
        self.places: dict[str, Answer] = {}  # of other paths
        self.seen: list[Seen] = []
        self.at_once, self.most_at_once = 0, 0
        self._ends, self._lock = threading.Event(), threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def address(self) -> str:
        return f"{self._scheme}://{self.host}/v1"

    def asked(self) -> list[Seen]:
        """The requests for an answer."""
        return [seen for seen in self.seen if "/chat/completions" in seen.line]

    def __enter__(self) -> RudeServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        seen = Seen(handler.requestline, dict(handler.headers), body, time.monotonic())
        with self._lock:
            self.seen.append(seen)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            is_chat = handler.path.endswith("/chat/completions")
            said = self.answers.pop(0) if is_chat and self.answers else None
        talk = Talk(handler, seen, self._ends)
        try:
            if is_chat:
                (said or self.otherwise)(talk)
            elif handler.path.endswith("/models"):
                self.models(talk)
            elif handler.path in self.places:
                self.places[handler.path](talk)
            else:
                talk.status(404, {"error": {"message": "no such place"}})
        except OSError:
            pass  # the other side has left
        finally:
            handler.close_connection = not talk.stays
            with self._lock:
                self.at_once -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._serve(self)

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                pass

            def finish(self) -> None:
                with contextlib.suppress(OSError, ValueError):
                    super().finish()

        return Handler
