"""Requests to a server can be stopped at any moment, and many run at once."""

from __future__ import annotations

import threading
import time

import pytest

from engine.backends.openai_backend import OpenAiBackend
from engine.backends.remote.language_model import RemoteLanguageModel
from engine.contracts import AbortFlag, GenerationEnd, TextPiece
from engine.errors import (
    AbortedError,
)
from engine.types import FinishReason, GenerationParams, ModelSpec
from tests.engine.asking import HELLO, ask, status, text, wait_for
from tests.engine.rude_server import RudeServer, Talk

ABORT_SECONDS, TRIES = 0.05, 5


def test_stop_closes_the_connection_at_once_and_keeps_what_there_is(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    left: list[float] = []

    def slow(talk: Talk) -> None:
        talk.begin()
        talk.say("One, ")
        left.append(talk.wait_until_left())

    rude.answers = [slow] * TRIES
    here, there = [], []
    for number in range(TRIES):  # a busy machine may be late, but not each time
        abort = AbortFlag()
        answer = remote.stream(HELLO, GenerationParams(), abort)
        assert isinstance(next(answer), TextPiece)
        stopped = time.monotonic()
        abort.set()
        end = next(answer)
        here.append(time.monotonic() - stopped)
        assert isinstance(end, GenerationEnd)
        assert end.finish_reason is FinishReason.ABORT
        wait_for(lambda: len(left) > number)  # noqa: B023
        there.append(left[-1] - stopped)
    assert min(here) < ABORT_SECONDS
    assert min(there) < ABORT_SECONDS


@pytest.mark.parametrize("busy", [False, True], ids=["silent", "busy"])
def test_stop_before_the_first_word_is_seen_at_once_too(
    rude: RudeServer, remote: RemoteLanguageModel, busy: bool
) -> None:
    def silent(talk: Talk) -> None:
        talk.wait_until_left()

    took: list[float] = []
    while len(took) < TRIES and min(took, default=1.0) >= ABORT_SECONDS:
        rude.answers = [status(429, Retry_After="30") if busy else silent]
        abort, stopped = AbortFlag(), [0.0]

        def stop(abort: AbortFlag = abort, stopped: list[float] = stopped) -> None:
            stopped[0] = time.monotonic()
            abort.set()

        timer = threading.Timer(0.2, stop)
        timer.start()
        with pytest.raises(AbortedError):
            ask(remote, abort)
        took.append(time.monotonic() - stopped[0])
        timer.join()
    assert min(took) < ABORT_SECONDS


def test_leaving_off_reading_closes_the_connection(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    left: list[float] = []

    def slow(talk: Talk) -> None:
        talk.begin()
        talk.say("One, ")
        left.append(talk.wait_until_left())

    rude.answers = [slow]
    answer = remote.stream(HELLO, GenerationParams(), AbortFlag())
    next(answer)
    answer.close()  # type: ignore[attr-defined]
    wait_for(lambda: bool(left))


def test_many_requests_are_in_flight_at_once(rude: RudeServer, remote: RemoteLanguageModel) -> None:
    together = threading.Barrier(24)

    def meet(talk: Talk) -> None:
        together.wait(10)
        talk.answer("met")

    rude.answers = [meet] * 24
    said: list[str] = []
    threads = [
        threading.Thread(target=lambda: said.append(text(ask(remote)[0]))) for _ in range(24)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["met"] * 24


def test_a_flood_does_not_fill_the_memory(rude: RudeServer, remote: RemoteLanguageModel) -> None:
    sent = 0

    def flood(talk: Talk) -> None:
        nonlocal sent
        talk.begin()
        for _ in range(100_000):
            talk.say("x" * 500)
            sent += 1

    rude.answers = [flood]
    answer = remote.stream(HELLO, GenerationParams(max_tokens=10**6), AbortFlag())
    next(answer)
    time.sleep(0.5)
    assert sent < 60_000  # what the sockets and the queue hold, not all of it
    answer.close()  # type: ignore[attr-defined]


def test_a_name_that_is_being_looked_up_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        looked_up.wait(10)
        raise OSError("no such name")

    monkeypatch.setattr("socket.getaddrinfo", slow)
    abort = AbortFlag()
    timer = threading.Timer(0.1, abort.set)
    timer.start()
    started = time.monotonic()
    spec = ModelSpec(path="http://gpu.example.org/v1")
    with pytest.raises(AbortedError):
        OpenAiBackend().load(spec, abort, lambda *_: None)
    took = time.monotonic() - started
    looked_up.set()
    timer.join()
    assert took < 2
