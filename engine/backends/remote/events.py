"""Server-sent events out of bytes, with limits: https://html.spec.whatwg.org/multipage/server-sent-events.html

It knows no network: bytes come in as they arrive, cut anywhere, and whole events go out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from engine.errors import ServerError

LONGEST_LINE = 4_000_000  # bytes; a whole event with twenty alternatives has a few thousand
DONE: dict[str, Any] = {"done": True}  # stands for `[DONE]`
_GARBAGE_HINT = "Check that the address is that of an OpenAI-compatible server, and try again."


class EventReader:
    """`feed` bytes; get the data of each event, `DONE` last. `host` is for errors."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._held = bytearray()
        self._data: list[str] = []
        self.is_over = False

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        self._held += data
        while not self.is_over and (end := self._held.find(b"\n")) >= 0:
            line = bytes(self._held[:end])
            del self._held[: end + 1]
            yield from self._take(line.removesuffix(b"\r"))
        if len(self._held) > LONGEST_LINE:
            raise garbage(self._host, "a line without an end")

    def finish(self) -> Iterator[dict[str, Any]]:
        """The server closed the stream; its last event may lack the empty line."""
        if self._held and not self.is_over:
            line, self._held = bytes(self._held), bytearray()
            yield from self._take(line)
        yield from self._take(b"")

    def _take(self, line: bytes) -> Iterator[dict[str, Any]]:
        if line.startswith(b"data:"):
            self._data.append(decoded(line[5:], self._host).removeprefix(" "))
        elif not line and self._data:
            text = "\n".join(self._data)
            self._data.clear()
            if text.strip() == "[DONE]":
                self.is_over = True
                yield DONE
            elif text.strip():
                yield json_object(text, self._host)
        # Comments, names and ids of events say nothing here.


def decoded(data: bytes, host: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise garbage(host, "text that is not UTF-8") from error


def json_object(text: str, host: str) -> dict[str, Any]:
    """`text` as a JSON object; anything else is a `ServerError`."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise garbage(host, "something that is not JSON") from error
    if not isinstance(found, dict):
        raise garbage(host, "JSON of another form")
    return found


def garbage(host: str, what: str) -> ServerError:
    return ServerError(f"{host} sent {what}.", hint=_GARBAGE_HINT)


class WholeCharacters:
    """Text with its surrogates put together: JSON may cut a character into two escapes."""

    def __init__(self) -> None:
        self._held = ""

    def take(self, text: str) -> str:
        text = self._held + text
        self._held = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._held = text[:-1], text[-1]
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
