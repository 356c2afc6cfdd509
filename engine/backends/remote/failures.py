"""What a user is told when a request to a server fails. Never with a key in it.

It knows statuses and httpx's exceptions, and how the common servers word what they refuse.
"""

from __future__ import annotations

import json
import re
import ssl
from typing import Any
from urllib.parse import urlsplit

import httpx2

from engine.errors import (
    ContextOverflowError,
    EngineError,
    ServerError,
    ServerKeyError,
    ServerRefusedError,
)
from engine.server_address import ServerAddress

LONGEST_QUOTE = 300  # characters of what the server says
_OVERFLOW = re.compile(
    r"exceed_context_size|context_length_exceeded|maximum context length|context size"
    r"|longer than the model's context|max_model_len",
    re.IGNORECASE,
)
_HELD_BACK = "its words are not shown, since they repeat the key"
PART_OF_KEY = 6  # characters


def status_error(status: int, body: bytes, address: ServerAddress, key: str) -> EngineError:
    """The error for an answer that is no success."""
    host, said = address.host, server_words(body, key)
    quote = f": {said}" if said else "."
    if not quote.endswith((".", "…", "!", "?")):
        quote += "."
    if status in (401, 403):
        # What servers say here may repeat a part of the key: it is not quoted.
        if key:
            return ServerKeyError(f"{host} did not accept the key ({status}).")
        return ServerKeyError(f"{host} wants a key ({status}).")
    if status in (400, 413, 422, 500) and _OVERFLOW.search(said + _kind_of(body)):
        return ContextOverflowError(
            f"{host} says that this is too long for its model{quote}",
            hint="Shorten the text, start a new chat, or give the server's model more context.",
        )
    if status == 404:
        if re.search(r"\bmodel\b", said, re.IGNORECASE):
            return ServerError(f"{host}{quote}", hint="Choose a model that the server lists.")
        return ServerError(
            f"There is no OpenAI-compatible API at {address.base} (404).",
            hint="Check the address; it usually ends with /v1.",
        )
    if status == 429:
        return ServerError(f"{host} takes no more requests now (429){quote}", hint="Try later.")
    if status == 503:
        hint = "It may still be loading its model. Try again in a moment."
        return ServerError(f"{host} is not ready (503){quote}", hint=hint)
    if status >= 500:
        hint = "The server's own log says why. Try again, or restart it."
        return ServerError(f"{host} failed ({status}){quote}", hint=hint)
    refused = f"{host} refused the request ({status}){quote}"
    return ServerRefusedError(refused) if status in (400, 422) else ServerError(refused)


def redirect_error(location: str, address: ServerAddress) -> ServerError:
    """Redirects are not followed: text and key go to the address that was entered, or nowhere."""
    split = urlsplit(location)
    target = (
        f"{split.scheme}://{split.netloc.rpartition('@')[2]}" if split.netloc else "another place"
    )
    return ServerError(
        f"{address.host} wants to pass the request on to {target[:200]}. Nothing was sent there.",
        hint="If you trust that one, enter its address instead.",
    )


def stream_error(error: Any, address: ServerAddress, key: str) -> EngineError:
    """An error that a server tells in the middle of a stream."""
    data = json.dumps({"error": error}).encode()
    said = server_words(data, key) or "it gave no reason"
    if _OVERFLOW.search(said + _kind_of(data)):
        return status_error(400, data, address, key)
    return ServerError(
        f"{address.host} stopped in the middle: {said}",
        hint="The server's own log says why. Try again, or restart it.",
    )


def broken_off(address: ServerAddress) -> ServerError:
    return ServerError(
        f"The connection to {address.host} broke off in the middle of the answer.",
        hint="Check that the server is still running, and try again.",
    )


def network_error(error: Exception, address: ServerAddress) -> ServerError:
    """For what httpx raises. Its own words go into no message: they may be about headers."""
    host = address.host
    if isinstance(error, httpx2.ConnectTimeout):
        hint = "Perhaps it speaks http, not https: check the address, and that the server runs."
        return ServerError(
            f"{host} did not answer in time.", hint=hint if address.is_encrypted() else None
        )
    if isinstance(error, httpx2.TimeoutException):
        return ServerError(
            f"{host} has said nothing for too long.",
            hint="It may be overloaded. Try again, or look at the server's own log.",
        )
    if isinstance(error, httpx2.ConnectError):
        return _connect_error(error, address)
    if isinstance(error, (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError)):
        return ServerError(f"{host} closed the connection without an answer.")
    return ServerError(f"The request to {host} failed ({type(error).__name__}).")


def _connect_error(error: Exception, address: ServerAddress) -> ServerError:
    causes: list[BaseException] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(causes) < 8:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return ServerError(
            f"The certificate of {address.host} is not to be trusted: nothing was sent.",
            hint="Give the server a certificate that this computer trusts, or reach it by an SSH "
            "tunnel and its http address.",
        )
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return ServerError(
            f"No secure connection to {address.host} can be made.",
            hint="Perhaps it speaks http, not https: check the address.",
        )
    return ServerError(f"{address.host} cannot be reached.")


def server_words(body: bytes, key: str) -> str:
    """What the server says of an error, on one line, shortened, without the key."""
    text = body[:100_000].decode("utf-8", errors="replace")
    try:
        said = _message(json.loads(text))
    except (ValueError, RecursionError):
        said = "" if "<html" in text.lower() else text
    said = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    if key and _repeats(said, key):
        return _HELD_BACK
    return said if len(said) <= LONGEST_QUOTE else said[: LONGEST_QUOTE - 1] + "…"


def _repeats(said: str, key: str) -> bool:
    """Does `said` hold the key, or a part of it that is worth hiding?"""
    if len(key) < PART_OF_KEY:
        return re.search(rf"(?<!\w){re.escape(key)}(?!\w)", said) is not None
    parts = {key[i : i + PART_OF_KEY] for i in range(len(key) - PART_OF_KEY + 1)}
    return any(part in said for part in parts)


def _message(data: Any) -> str:
    """OpenAI: {"error": {"message"}}; FastAPI: {"detail"}; Ollama: {"error"}; SGLang: {"message"}."""
    for name in ("error", "detail", "message"):
        if isinstance(data, dict) and data.get(name):
            found = data[name]
            return found if isinstance(found, str) else _message(found) or json.dumps(found)
    return ""


def _kind_of(body: bytes) -> str:
    """Codes and types that stand beside the message."""
    found = re.findall(rb'"(?:type|code)"\s*:\s*"([a-z_]{1,60})"', body[:100_000])
    return " " + b" ".join(found).decode("ascii")
