"""When a conversation is too long: nothing is sent, the oldest turns go, or a note takes their place."""

from __future__ import annotations

import pytest

from engine.context_window import ShownMessages, shown_messages
from engine.contracts import AbortFlag
from engine.errors import AbortedError, ContextOverflowError
from engine.types import ContextWindow, GenerationParams, Message, OverflowPolicy, Role
from tests.engine.fake_model import FakeModel

SYSTEM = Message(Role.SYSTEM, "Be brief.")
WORDS = "word " * 80  # 101 tokens of the fake model's


def turns(count: int) -> list[Message]:
    said = []
    for number in range(count):
        said += [
            Message(Role.USER, f"{number} {WORDS}"),
            Message(Role.ASSISTANT, f"{number} {WORDS}"),
        ]
    return [SYSTEM, *said, Message(Role.USER, "And now?")]


def show(
    model: FakeModel,
    messages: list[Message],
    policy: OverflowPolicy,
    window: ContextWindow = ContextWindow(),  # noqa: B008
    abort: AbortFlag | None = None,
) -> ShownMessages:
    params = GenerationParams(max_tokens=100)
    abort = abort or AbortFlag()
    return shown_messages(model, messages, params, policy, window, abort, lambda *_: None)


@pytest.mark.parametrize("policy", list(OverflowPolicy))
def test_what_fits_is_sent_as_it_is(policy: OverflowPolicy) -> None:
    model = FakeModel(n_ctx=2000)
    shown = show(model, turns(3), policy)
    assert shown.messages == tuple(turns(3))
    assert shown.window == ContextWindow()
    assert not model.asked


def test_stop_refuses_and_says_the_numbers() -> None:
    with pytest.raises(ContextOverflowError, match=r"[\d,]+ tokens long.*1,000"):
        show(FakeModel(n_ctx=1000), turns(9), OverflowPolicy.STOP)


def test_roll_leaves_out_the_oldest_turns_and_keeps_the_instructions() -> None:
    model, messages = FakeModel(n_ctx=1000), turns(9)
    shown = show(model, messages, OverflowPolicy.ROLL)
    assert shown.messages[0] == SYSTEM
    assert shown.messages[1].role is Role.USER
    assert shown.messages[1:] == tuple(messages[1 + shown.window.unseen :])
    assert model.count_prompt_tokens(shown.messages) <= 500
    assert not model.asked


def test_the_turns_that_follow_begin_at_the_same_place() -> None:
    model, messages = FakeModel(n_ctx=1000), turns(9)
    first = show(model, messages, OverflowPolicy.ROLL)
    messages += [Message(Role.ASSISTANT, "Now this."), Message(Role.USER, "And then?")]
    second = show(model, messages, OverflowPolicy.ROLL, first.window)
    assert second.window == first.window
    assert second.messages[: len(first.messages)] == first.messages


def test_summarize_puts_a_note_in_their_place_and_writes_it_only_once() -> None:
    model, messages = FakeModel(n_ctx=2000), turns(12)
    model.enqueue(*["They spoke of words."] * 9)
    first = show(model, messages, OverflowPolicy.SUMMARIZE)
    assert first.window.note == "They spoke of words."
    assert first.window.unseen > 0
    assert "They spoke of words." in first.messages[0].content
    assert SYSTEM.content in first.messages[0].content
    written = len(model.asked)
    second = show(model, messages, OverflowPolicy.SUMMARIZE, first.window)
    assert second == ShownMessages(first.messages, first.window)
    assert len(model.asked) == written


def test_a_second_note_is_written_on_top_of_the_first() -> None:
    model, messages = FakeModel(n_ctx=2000), turns(12)
    model.enqueue(*["First note."] * 9)
    first = show(model, messages, OverflowPolicy.SUMMARIZE)
    model._answers.clear()
    model.asked.clear()
    model.enqueue(*["Second note."] * 9)
    more = messages[:-1] + turns(9)[1:]
    second = show(model, more, OverflowPolicy.SUMMARIZE, first.window)
    assert second.window.unseen > first.window.unseen
    assert second.window.note == "Second note."
    assert "First note." in model.asked[0][-1].content


def test_one_message_that_is_too_long_is_refused_by_every_policy() -> None:
    messages = [SYSTEM, Message(Role.USER, WORDS * 20)]
    for policy in OverflowPolicy:
        with pytest.raises(ContextOverflowError):
            show(FakeModel(n_ctx=1000), messages, policy)


def test_writing_the_note_can_be_stopped() -> None:
    abort = AbortFlag()
    abort.set()
    with pytest.raises(AbortedError):
        show(FakeModel(n_ctx=1000), turns(9), OverflowPolicy.SUMMARIZE, abort=abort)
