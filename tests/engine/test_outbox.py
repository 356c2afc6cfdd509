"""Fast models do not flood the pipe, and nothing they say is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.protocol import Event, Partial, Progress, TextDelta
from engine.worker import outbox as outbox_module
from engine.worker.outbox import Outbox


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(outbox_module, "time", clock)
    return clock


def deltas(events: list[Event]) -> list[TextDelta]:
    return [event for event in events if isinstance(event, TextDelta)]


@given(st.lists(st.tuples(st.text(max_size=3), st.floats(0, 0.1)), max_size=60))
def test_all_that_was_said_arrives_in_order(said: list[tuple[str, float]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock()
        patch.setattr(outbox_module, "time", clock)
        events: list[Event] = []
        outbox = Outbox("id", events.append)
        for count, (text, pause) in enumerate(said, 1):
            clock.now += pause
            outbox.delta(text, count)
        outbox.flush()
        outbox.flush()
    assert "".join(event.text for event in deltas(events)) == "".join(text for text, _ in said)
    assert all(event.text for event in deltas(events))
    counts = [event.tokens for event in deltas(events)]
    assert counts == sorted(counts)


def test_at_most_forty_deltas_a_second_and_the_first_at_once(clock: Clock) -> None:
    events: list[Event] = []
    outbox = Outbox("id", events.append)
    outbox.delta("first ", 1)
    assert [event.text for event in deltas(events)] == ["first "]
    for token in range(2, 1001):  # a second at 1,000 tokens a second
        clock.now += 0.001
        outbox.delta("x", token)
    assert 30 <= len(events) <= 41
    outbox.flush()
    assert "".join(event.text for event in deltas(events)) == "first " + "x" * 999
    assert deltas(events)[-1].tokens == 1000


def test_a_slow_model_is_heard_token_by_token(clock: Clock) -> None:
    events: list[Event] = []
    outbox = Outbox("id", events.append)
    for token in range(1, 6):
        clock.now += 0.2
        outbox.delta("x", token)
        assert len(events) == token


def test_progress_is_thinned_but_a_stage_is_always_seen_to_begin_and_end(clock: Clock) -> None:
    events: list[Event] = []
    outbox = Outbox("id", events.append)
    for stage in ("hashing", "loading"):
        for done in range(1001):
            clock.now += 0.0001
            outbox.progress(stage, done, 1000)
    seen = [event for event in events if isinstance(event, Progress)]
    assert len(seen) <= 8
    for stage in ("hashing", "loading"):
        dones = [event.done for event in seen if event.stage == stage]
        assert (dones[0], dones[-1]) == (0.0, 1000.0)


def test_every_partial_result_is_passed_on() -> None:
    events: list[Event] = []
    outbox = Outbox("id", events.append)
    for number in range(3):
        outbox.partial({"number": number})
    assert events == [Partial("id", {"number": number}) for number in range(3)]
