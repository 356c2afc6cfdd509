"""What every kind of model promises when it is stopped, and when several use it at once."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest

from engine.contracts import AbortFlag, LanguageModel, TextPiece
from engine.errors import AbortedError
from engine.types import FinishReason
from tests.engine.contract import (
    COLOURS,
    PLAIN,
    Can,
    Subject,
    ask,
    assert_same,
    in_threads,
    long_text,
    user,
)

# Stopping


def test_a_stop_before_the_start_reads_nothing(model: LanguageModel) -> None:
    abort = AbortFlag()
    abort.set()
    with pytest.raises(AbortedError):
        ask(model, abort=abort)
    with pytest.raises(AbortedError):
        model.choose(COLOURS, ["a", "b"], abort)


def test_a_stop_while_reading_ends_it_and_the_model_goes_on(
    subject: Subject, model: LanguageModel
) -> None:
    subject.needs(Can.STEPS, Can.SCORES)
    before = ask(model, PLAIN[0], logprobs=2)
    abort = AbortFlag()
    told: list[int] = []
    timer = threading.Timer(0.05, abort.set)
    timer.start()
    with pytest.raises(AbortedError):
        ask(
            *(model, user(long_text(900, "Never")), abort),
            on_prompt=lambda read, total: told.append(total - read),
        )
    timer.join()
    assert 0 not in told
    assert_same(ask(model, PLAIN[0], logprobs=2), before)


def test_a_stop_while_writing_keeps_what_was_said(model: LanguageModel) -> None:
    abort = AbortFlag()
    text = "Count from one to one hundred in words, please."
    whole = ask(model, user(text), max_tokens=90).text

    def stop_at(piece: TextPiece) -> None:
        if piece.tokens >= 3:
            abort.set()

    answer = ask(model, user(text), abort, on_piece=stop_at, max_tokens=90)
    assert answer.end.finish_reason is FinishReason.ABORT
    assert 3 <= answer.end.usage.completion_tokens < 60
    assert answer.text
    assert whole[:10].startswith(answer.text[:10])


# Several at once


def test_several_at_once_all_get_the_answers_that_they_get_alone(
    subject: Subject, model: LanguageModel
) -> None:
    scores = 0 if Can.SCORES in subject.lacks else 2
    questions = (*PLAIN, user(f"{long_text(90, 'Often')} What is the capital of Italy?"))
    works = [partial(ask, model, question, logprobs=scores) for question in questions]
    alone = [work() for work in works]
    for answer, expected in zip(in_threads(works), alone, strict=True):
        assert_same(answer, expected)


def test_one_who_stops_does_not_stop_the_others(subject: Subject, model: LanguageModel) -> None:
    scores = 0 if Can.SCORES in subject.lacks else 2
    abort = AbortFlag()
    stay = partial(ask, model, PLAIN[0], logprobs=scores)
    expected = stay()
    count = user("Count from one to one hundred in words, please.")
    leave = partial(ask, model, count, abort, on_piece=lambda _: abort.set(), max_tokens=90)
    stayed, left = in_threads([stay, leave])
    assert_same(stayed, expected)
    assert left.end.finish_reason is FinishReason.ABORT


def test_somebody_who_waits_goes_before_the_work_in_the_background(
    subject: Subject, model: LanguageModel
) -> None:
    subject.needs(Can.STEPS)
    ends: list[str] = []
    begun, abort = threading.Event(), AbortFlag()

    def background() -> Any:
        answer = ask(
            *(model, user("Count from one to one hundred in words, please."), abort),
            on_piece=lambda _: begun.set(),
            max_tokens=150,
        )
        ends.append("background")
        return answer

    def urgent() -> Any:
        assert begun.wait(30)
        answer = ask(model, user("Say yes."), urgent=True, max_tokens=4)
        ends.append("urgent")
        abort.set()
        return answer

    in_threads([background, urgent])
    assert ends == ["urgent", "background"]
