"""How long to wait for a busy server, and how to notice one that has vanished. Pure numbers."""

from __future__ import annotations

import random
import socket
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRIED = (429, 503)
TRIES = 4  # the first one and three more
FIRST_PAUSE = 0.5  # seconds; doubled each time
LONGEST_PAUSE = 60.0  # who is sent away for longer is told so


def pause_before_retry(retry_after: str, attempt: int) -> float | None:
    """Seconds to wait; None if the server wants to be left alone for too long.

    `Retry-After` is seconds or a date (RFC 9110, 10.2.3); without it, waits grow and differ a
    little, so that many who were sent away do not come back together.
    """
    asked = _asked_for(retry_after.strip())
    if asked is None:
        return FIRST_PAUSE * 2**attempt * random.uniform(1.0, 1.25)
    return max(0.0, asked) if asked <= LONGEST_PAUSE else None


def _asked_for(retry_after: str) -> float | None:
    if retry_after.isdecimal() and retry_after.isascii():
        return float(retry_after[:12])
    try:
        date = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return (date - datetime.now(UTC)).total_seconds()


def socket_options() -> list[tuple[int, int, int]]:
    """Keep-alive, so that a server whose cable was pulled is noticed in a minute or so."""
    options = [
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    ]
    for name, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, name):  # not on every system
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    return options
