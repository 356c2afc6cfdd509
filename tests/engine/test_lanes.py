"""The worker's loop: who is served when, and that every request ends exactly once."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.backends.echo_backend import EchoBackend, EchoModel
from engine.contracts import AbortFlag
from engine.errors import AbortedError, BadRequestError, GenerationError
from engine.protocol import (
    Event,
    LoadModel,
    Progress,
    RequestFailed,
    RequestFinished,
)
from engine.types import FinishReason, ModelSpec
from engine.worker.lanes import Job, Lane
from engine.worker.loop import WorkerLoop
from engine.worker.models import ModelHolder
from tests.engine.desk import Desk, Gate

OTHER_MODEL = ModelSpec(n_ctx=99)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desk = Desk(monkeypatch)
    yield desk
    desk.close()


def nothing() -> None:
    pass


def test_chats_are_served_together_and_beside_text_tools(desk: Desk) -> None:
    gates = {name: Gate() for name in ("chat one", "chat two", "tool")}
    desk.chat("chat one", gates["chat one"])
    desk.chat("chat two", gates["chat two"])
    desk.tool("tool", gates["tool"])
    for gate in gates.values():
        gate.wait()  # all of them are at work at the same time
    for name in ("tool", "chat two", "chat one"):
        gates[name].open()
        assert desk.next_end().request_id == name


def test_what_a_lane_cannot_take_yet_is_served_in_order(desk: Desk) -> None:
    gate = Gate()
    desk.read("first", gate)
    gate.wait()
    for name in ("second", "third"):
        desk.read(name, nothing)
    gate.open()
    assert [desk.next_end().request_id for _ in range(3)] == ["first", "second", "third"]


def test_a_document_is_read_while_the_model_works(desk: Desk) -> None:
    gate = Gate()
    desk.chat("chat", gate)
    gate.wait()
    desk.read("document", nothing)
    assert desk.next_end().request_id == "document"
    gate.open()
    assert desk.next_end().request_id == "chat"


def test_stopping_what_only_waits_ends_it_at_once(desk: Desk) -> None:
    gate = Gate()
    desk.read("at work", gate)
    gate.wait()
    desk.read("waiting", nothing)
    desk.read("also waiting", nothing)
    desk.abort("waiting")
    assert desk.next_end() == RequestFinished("waiting", FinishReason.ABORT)
    gate.open()
    assert [desk.next_end().request_id for _ in range(2)] == ["at work", "also waiting"]
    assert "waiting" not in desk.order


def test_stopping_what_is_at_work_ends_it_at_its_next_step(desk: Desk) -> None:
    gate = Gate()
    desk.chat("chat", gate, nothing)
    gate.wait()
    desk.abort("chat")
    gate.open()
    assert desk.next_end() == RequestFinished("chat", FinishReason.ABORT)
    assert desk.order == ["chat"]


def test_stopping_what_is_unknown_or_over_says_nothing(desk: Desk) -> None:
    desk.chat("chat", nothing)
    assert desk.next_end().request_id == "chat"
    desk.abort("chat")
    desk.abort("never heard of")
    desk.chat("next", nothing)
    assert desk.next_end().request_id == "next"
    assert desk.events.empty()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GenerationError("no"), "GENERATION"),
        (BadRequestError("no"), "BAD_REQUEST"),
        (ZeroDivisionError("a bug"), "INTERNAL"),
        (MemoryError(), "INTERNAL"),
        (RecursionError(), "INTERNAL"),
    ],
)
def test_a_handler_that_raises_ends_once_and_the_next_is_served(
    desk: Desk, error: Exception, code: str
) -> None:
    def fail() -> None:
        raise error

    desk.chat("bad", nothing, fail)
    end = desk.next_end()
    assert isinstance(end, RequestFailed)
    assert (end.request_id, end.error.code) == ("bad", code)
    desk.chat("good", nothing)
    assert desk.next_end() == RequestFinished("good", FinishReason.STOP)
    assert desk.events.empty()


def test_a_bug_is_told_calmly_with_the_traceback_for_a_report(desk: Desk) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a bug")

    desk.chat("bad", fail)
    end = desk.next_end()
    assert isinstance(end, RequestFailed)
    assert "ZeroDivisionError" in end.error.message
    assert "report" in end.error.hint
    assert "Traceback" in end.error.detail


def test_an_end_that_cannot_be_sent_is_told_as_a_failure(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def emit(event: Event) -> None:
        if isinstance(event, RequestFinished):
            raise BadRequestError("The text holds broken Unicode that cannot be sent.")
        desk.events.put(event)

    monkeypatch.setattr(desk.loop, "_emit", emit)
    desk.chat("chat", nothing)
    end = desk.next_end()
    assert isinstance(end, RequestFailed)
    assert "Unicode" in end.error.message


def test_closing_ends_what_works_and_what_waits(desk: Desk) -> None:
    gate = Gate()
    desk.read("at work", gate, nothing)
    gate.wait()
    desk.read("waiting", nothing)
    threading.Timer(0.05, gate.open).start()
    desk.close()
    ends = {desk.next_end() for _ in range(2)}
    assert ends == {RequestFinished(n, FinishReason.ABORT) for n in ("at work", "waiting")}
    assert desk.events.empty()


def test_no_stop_is_lost_between_waiting_and_working() -> None:
    """An abort that comes at any moment finds the job: a thousand tries at the worst one."""
    lane, ended = Lane("test"), threading.Semaphore(0)

    def work(job: Job) -> None:
        while not job.abort.is_set():
            time.sleep(0)
        ended.release()

    for number in range(1000):
        lane.put(Job(str(number), work))
        if (job := lane.abort(str(number))) is not None:
            job.end()
        assert ended.acquire(timeout=5), f"job {number} was never stopped"
    assert lane.close() == []


def test_another_model_waits_until_nobody_uses_this_one() -> None:
    models, order = ModelHolder(EchoBackend()), []
    with models.using(ModelSpec(), AbortFlag(), lambda *_: None) as first:
        with models.using(ModelSpec(), AbortFlag(), lambda *_: None) as same:
            assert same is first

        def switch() -> None:
            with models.using(OTHER_MODEL, AbortFlag(), lambda stage, *_: order.append(stage)):
                order.append("switched")

        thread = threading.Thread(target=switch)
        thread.start()
        time.sleep(0.1)
        assert order == ["waiting"]
    thread.join(5)
    assert order[-1] == "switched"
    models.unload()


def test_waiting_for_another_model_can_be_stopped() -> None:
    models, abort = ModelHolder(EchoBackend()), AbortFlag()
    with models.using(ModelSpec(), AbortFlag(), lambda *_: None):
        threading.Timer(0.05, abort.set).start()
        with pytest.raises(AbortedError), models.using(OTHER_MODEL, abort, lambda *_: None):
            pass
    models.unload()


def test_bad_models_are_refused_before_the_good_one_is_unloaded(tmp_path: Path) -> None:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    loads: list[ModelSpec] = []

    class Counting(EchoBackend):
        def load(self, spec: ModelSpec, *rest: Any) -> EchoModel:
            loads.append(spec)
            return super().load(spec, *rest)

    loop = WorkerLoop(Counting(), events.put)
    for name, spec in [
        ("good", ModelSpec()),
        ("bad", ModelSpec(path=str(tmp_path / "none.gguf"))),
        ("good again", ModelSpec()),
    ]:
        loop.submit(LoadModel(name, spec))
    ends: list[Event] = []
    while len(ends) < 3:
        event = events.get(timeout=5)
        if not isinstance(event, Progress):
            ends.append(event)
    loop.close()
    assert [type(end) for end in ends] == [RequestFinished, RequestFailed, RequestFinished]
    assert loads == [ModelSpec()]
