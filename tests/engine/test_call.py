"""Requests of the command line: what Ctrl+C does wherever it comes."""

from __future__ import annotations

import queue
import threading

import pytest

from engine.call import Caller
from engine.local_client import LocalClient
from engine.protocol import Event, RequestFinished
from engine.types import FinishReason
from tests.engine.recorder import chat


class _LosingBell(queue.SimpleQueue[None]):
    """A Ctrl+C between the moment `get` takes and the moment it returns: what it took is lost."""

    armed = False

    def get(self, block: bool = True, timeout: float | None = None) -> None:
        super().get(block, timeout)
        if self.armed:
            self.armed = False
            raise KeyboardInterrupt


def test_ctrl_c_that_falls_on_the_last_event_does_not_wait_for_another() -> None:
    client = LocalClient()
    caller = Caller(client)
    bell = caller._bell = _LosingBell()
    client.start()
    caller.wait_ready()
    arrived = threading.Event()

    def hear(event: Event) -> None:
        caller._hear(event)
        if isinstance(event, RequestFinished):
            arrived.set()

    client.set_listener(hear)
    ended: list[BaseException] = []

    def ask() -> None:
        try:
            bell.armed = True
            caller.call(chat("hello"), lambda event: None)
        except BaseException as error:
            ended.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join(10)
    try:
        assert not asking.is_alive()
        assert isinstance(ended[0], KeyboardInterrupt)
        assert arrived.is_set()
    finally:
        client.close()


def test_ctrl_c_waits_for_the_end_of_what_it_stopped() -> None:
    client = LocalClient()
    caller = Caller(client)
    client.start()
    caller.wait_ready()
    reasons: list[FinishReason] = []

    def hear(event: Event) -> None:
        caller._hear(event)
        if isinstance(event, RequestFinished):
            reasons.append(event.finish_reason)

    def interrupt(event: Event) -> None:
        bell = _LosingBell()
        bell.armed = True
        caller._bell = bell

    client.set_listener(hear)
    with pytest.raises(KeyboardInterrupt):
        caller.call(chat("/slow 1000"), interrupt)
    client.close()
    assert reasons == [FinishReason.ABORT]
