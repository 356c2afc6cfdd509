"""Whose turn it is: several threads share one model, a step at a time, urgent ones first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from engine.contracts import AbortFlag

BACKGROUND_TURN = 4  # while somebody waits, every fourth turn still goes to the others
LOOK_SECONDS = 0.02  # who waits looks that often whether to stop


class _Ticket:
    def __init__(self, urgent: bool) -> None:
        self.urgent = urgent
        self.called = threading.Event()


class Turns:
    """A lock that is handed on in order: of those who wait, the longest waiting urgent one is next.

    Who comes back for another turn stands behind those who waited meanwhile, so that answers which
    are written at the same time advance alike.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._is_taken = False
        self._urgent_in_a_row = 0

    @contextmanager
    def turn(self, abort: AbortFlag, *, urgent: bool = False) -> Iterator[None]:
        """The holder is alone. `AbortedError` if told to stop while waiting."""
        self._take(abort, urgent)
        try:
            yield
        finally:
            with self._lock:
                self._hand_on()

    def _take(self, abort: AbortFlag, urgent: bool) -> None:
        ticket = _Ticket(urgent)
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            self._waiting.append(ticket)
        while not ticket.called.wait(LOOK_SECONDS):
            if abort.is_set():
                self._leave(ticket)
                abort.raise_if_set()

    def _leave(self, ticket: _Ticket) -> None:
        with self._lock:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
            else:
                self._hand_on()  # it was called just now

    def _hand_on(self) -> None:
        if not self._waiting:
            self._is_taken = False
            return
        ticket = self._next()
        self._waiting.remove(ticket)
        self._urgent_in_a_row = self._urgent_in_a_row + 1 if ticket.urgent else 0
        ticket.called.set()

    def _next(self) -> _Ticket:
        urgent = [ticket for ticket in self._waiting if ticket.urgent]
        others = [ticket for ticket in self._waiting if not ticket.urgent]
        if urgent and not (others and self._urgent_in_a_row >= BACKGROUND_TURN - 1):
            return urgent[0]
        return others[0]
