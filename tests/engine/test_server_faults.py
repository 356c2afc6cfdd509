"""A server that misbehaves costs one clear error with a hint, and never more than that."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from engine.backends.openai_backend import OpenAiBackend
from engine.backends.remote import connection, waiting
from engine.backends.remote.language_model import RemoteLanguageModel
from engine.contracts import AbortFlag
from engine.errors import (
    ContextOverflowError,
    EngineError,
    ServerError,
    ServerKeyError,
    ServerRefusedError,
)
from engine.types import ModelSpec
from tests.engine.asking import ask, failed, load, status, text
from tests.engine.rude_server import MODEL, RudeServer, Talk


@pytest.mark.parametrize(
    ("code", "message", "kind", "told"),
    [
        (401, "Incorrect API key", ServerKeyError, "wants a key"),
        (403, "", ServerKeyError, "wants a key"),
        (404, "Not Found", ServerError, "no OpenAI-compatible API"),
        (404, "The model `x` does not exist.", ServerError, "does not exist"),
        (500, "CUDA out of memory", ServerError, "failed (500): CUDA out of memory"),
        (502, "", ServerError, "failed (502)"),
        (418, "I am a teapot", ServerError, "refused the request (418): I am a teapot."),
        (400, "bad grammar", ServerRefusedError, "refused the request (400): bad grammar."),
        (400, "This model's maximum context length is 9 tokens", ContextOverflowError, "too long"),
    ],
)
def test_a_refusal_is_told_in_words_and_not_repeated(
    rude: RudeServer,
    remote: RemoteLanguageModel,
    code: int,
    message: str,
    kind: type[EngineError],
    told: str,
) -> None:
    rude.answers = [status(code, message)] * 3
    error, said = failed(remote)
    assert type(error) is kind
    assert told in error.message
    assert said == ""
    assert len(rude.asked()) == (1 if issubclass(kind, ServerError) else 2)
    rude.answers.clear()
    assert text(ask(remote)[0]) == "Well said."


@pytest.mark.parametrize("code", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says_so(
    rude: RudeServer, remote: RemoteLanguageModel, code: int
) -> None:
    rude.answers = [status(code, Retry_After="1")]
    assert text(ask(remote)[0]) == "Well said."
    first, second = rude.asked()
    assert 0.95 <= second.time - first.time < 3


def test_retry_after_may_be_a_date_and_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=20))
    assert waiting.pause_before_retry(later, 0) == pytest.approx(20, abs=2)
    past = format_datetime(datetime.now(UTC) - timedelta(days=1))
    assert waiting.pause_before_retry(past, 0) == 0
    growing = [waiting.pause_before_retry("soon, I hope", attempt) or 0 for attempt in range(3)]
    assert growing == sorted(growing)
    assert 0.5 <= growing[0] <= 1
    assert waiting.pause_before_retry("86400", 0) is None


def test_a_server_that_stays_busy_is_asked_four_times_and_no_more(
    rude: RudeServer, remote: RemoteLanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "pause_before_retry", lambda *_: 0.01)
    rude.answers = [status(429, "slow down")] * 9
    error, _ = failed(remote)
    assert "takes no more requests now (429): slow down" in error.message
    assert len(rude.asked()) == 4


def test_nothing_is_repeated_once_the_answer_has_begun(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    def half(talk: Talk) -> None:
        talk.begin()
        talk.say("Half an ")
        time.sleep(0.1)
        talk.drop()

    rude.answers = [half]
    error, said = failed(remote)
    assert "broke off in the middle" in error.message
    assert said == "Half an "
    assert len(rude.asked()) == 1


def test_a_stream_that_just_ends_is_no_whole_answer(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    def stop_short(talk: Talk) -> None:
        talk.begin()
        talk.say("And then")

    rude.answers = [stop_short]
    error, said = failed(remote)
    assert "broke off" in error.message
    assert said == "And then"


def test_a_connection_that_is_cut_before_a_word_is_told(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    rude.answers = [lambda talk: talk.drop()]
    error, _ = failed(remote)
    assert "closed the connection without an answer" in error.message


def test_a_kept_connection_that_the_server_has_closed_is_replaced(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    def stay(talk: Talk) -> None:
        talk.stays = True
        talk.status(500)

    rude.answers = [stay, lambda talk: talk.drop()]
    failed(remote)
    assert text(ask(remote)[0]) == "Well said."
    assert len(rude.asked()) == 3


def test_an_error_in_the_middle_of_the_stream_is_told(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    def give_up(talk: Talk) -> None:
        talk.begin()
        talk.say("So")
        talk.event({"error": {"message": "the engine died", "code": 500}})

    rude.answers = [give_up]
    error, said = failed(remote)
    assert "stopped in the middle: the engine died" in error.message
    assert said == "So"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"data: {broken\n\n", "not JSON"),
        (b"data: [1, 2]\n\n", "another form"),
        (b'data: {"choices":[{"delta":{"content":"\xe4\xb8"}}]}\n\n', "not UTF-8"),
        (b"data: " + b"[" * 100_000 + b"\n\n", "not JSON"),
        (b"data: " + b"x" * 5_000_000, "a line without an end"),
    ],
    ids=["broken", "list", "half a character", "deep", "endless line"],
)
def test_garbage_is_told_as_garbage_and_what_came_before_is_kept(
    rude: RudeServer, remote: RemoteLanguageModel, data: bytes, told: str
) -> None:
    def babble(talk: Talk) -> None:
        talk.begin()
        talk.say("Good so far. ")
        talk.raw(data)

    rude.answers = [babble]
    error, said = failed(remote)
    assert told in error.message
    assert said == "Good so far. "


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"choices": None},
        {"choices": [None]},
        {"choices": [{"delta": None}]},
        {"choices": [{"delta": {"content": ["a", 1]}, "logprobs": {"content": [3, {}]}}]},
        {"usage": [1], "timings": "no", "prompt_progress": 7},
        {"choices": [{"delta": {"content": None}, "finish_reason": 12}]},
    ],
)
def test_events_of_a_strange_form_are_passed_over(
    rude: RudeServer, remote: RemoteLanguageModel, event: object
) -> None:
    def odd(talk: Talk) -> None:
        talk.begin()
        talk.event(event)
        talk.raw(b": a comment\r\nevent: noise\r\nid: 7\r\n\r\n")
        talk.say("fine")
        talk.end()

    rude.answers = [odd]
    assert text(ask(remote, logprobs=2)[0]) == "fine"


def test_a_server_that_does_not_stream_is_told(
    rude: RudeServer, remote: RemoteLanguageModel
) -> None:
    rude.answers = [lambda talk: talk.status(200, b"<html>Hello", Content_Type="text/html")]
    error, _ = failed(remote)
    assert "sent text/html where its answer should stream" in error.message


@pytest.mark.parametrize(
    ("models", "told"),
    [
        ({"data": []}, "has no model"),
        ({"object": "list"}, "no list of models"),
        ({"data": [{"id": 7}, "x"]}, "has no model"),
    ],
)
def test_a_server_without_a_model_is_told(
    rude: RudeServer, models: dict[str, object], told: str
) -> None:
    rude.models = lambda talk: talk.status(200, models)
    with pytest.raises(ServerError) as caught:
        load(rude)
    assert told in caught.value.message


def test_a_model_that_is_not_there_is_told_with_those_that_are(rude: RudeServer) -> None:
    with pytest.raises(ServerError) as caught:
        load(rude, remote_model="gpt-9")
    assert "no model named 'gpt-9'" in caught.value.message
    assert MODEL in caught.value.hint


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("http://127.0.0.1:9/v1", "cannot be reached"),
        ("http://no-such-host.invalid/v1", "cannot be reached"),
    ],
)
def test_a_server_that_is_not_there_is_told(path: str, told: str) -> None:
    with pytest.raises(ServerError) as caught:
        OpenAiBackend().load(ModelSpec(path=path), AbortFlag(), lambda *_: None)
    assert told in caught.value.message


def test_a_server_that_never_answers_is_given_up(
    rude: RudeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.backends.remote.facts.LOOK_SECONDS", 0.3)
    rude.models = lambda talk: talk.wait_until_left() and None
    with pytest.raises(ServerError) as caught:
        load(rude)
    assert "said nothing for too long" in caught.value.message
