"""The engine without a process has the same face as the real one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.errors import BadRequestError, WorkerStartError
from engine.local_client import LocalClient
from engine.protocol import (
    KeptState,
    Partial,
    RequestFailed,
    RequestFinished,
    TextDelta,
    WorkerReady,
    new_request_id,
)
from engine.types import FinishReason
from engine.worker.handlers import HANDLERS
from tests.engine.recorder import Recorder, chat, run_tool


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder(LocalClient("echo"))
    yield recorder
    recorder.client.close()


def test_it_greets_first_and_answers(recorder: Recorder) -> None:
    request = chat("say this again")
    end = recorder.finish(request)
    assert isinstance(recorder.events[0], WorkerReady)
    assert end.result["text"] == recorder.text(request.request_id) == "say this again"
    assert len(recorder.ends(request.request_id)) == 1


def test_a_stop_keeps_what_was_said(recorder: Recorder) -> None:
    request = chat("/slow 200")
    recorder.send(request)
    recorder.wait(TextDelta)
    recorder.abort(request.request_id)
    end = recorder.end(request.request_id)
    assert isinstance(end, RequestFinished)
    assert end.finish_reason is FinishReason.ABORT
    assert end.result["text"] == recorder.text(request.request_id) != ""


def test_a_text_tool_stopped_in_the_middle_keeps_what_it_found(recorder: Recorder) -> None:
    request = run_tool("sentiment", "A sentence that says a little about a thing.\n\n" * 4000)
    recorder.send(request)
    partial = recorder.wait(Partial)
    recorder.abort(request.request_id)
    end = recorder.end(request.request_id)
    assert isinstance(end, RequestFinished)
    assert end.finish_reason is FinishReason.ABORT
    coverage = end.result["result"]["coverage"]
    assert partial.result["coverage"]["parts_read"] <= coverage["parts_read"] < coverage["parts"]
    assert end.result["result"]["spans"]


def test_what_this_engine_cannot_do_is_told_and_harms_nobody(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(HANDLERS, KeptState)
    request = KeptState(new_request_id())
    recorder.send(request)
    end = recorder.end(request.request_id)
    assert isinstance(end, RequestFailed)
    assert end.error.code == "BAD_REQUEST"
    assert recorder.finish(chat("still here")).result["text"] == "still here"


@pytest.mark.parametrize(
    ("said", "code"), [("/fail", "GENERATION"), ("/bug", "INTERNAL")], ids=["known", "bug"]
)
def test_failures_end_the_request_and_nothing_else(
    recorder: Recorder, said: str, code: str
) -> None:
    failed = recorder.fail(chat(said))
    assert failed.error.code == code
    assert failed.error.hint
    assert recorder.finish(chat("still here")).result["text"] == "still here"


def test_what_could_not_cross_a_pipe_does_not_cross_here_either(recorder: Recorder) -> None:
    with pytest.raises(BadRequestError):
        recorder.send(chat("\ud800"))


@pytest.mark.parametrize(
    ("text_tool", "options", "told"),
    [
        ("teleport", {}, "There is no text tool named 'teleport'."),
        ("summarize", {"points": 99}, "points must lie between 0 and 30, not 99."),
        ("sentiment", {"colour": 1}, "Unknown option 'colour'; there are: reader."),
    ],
)
def test_a_request_that_makes_no_sense_is_told_why(
    recorder: Recorder, text_tool: str, options: dict[str, Any], told: str
) -> None:
    failed = recorder.fail(run_tool(text_tool, "Some text.", **options))
    assert (failed.error.code, failed.error.message) == ("BAD_REQUEST", told)


def test_closing_ends_what_is_open_and_later_requests_are_refused(recorder: Recorder) -> None:
    open_requests = [chat("/slow 200"), chat("never started")]
    for request in open_requests:
        recorder.send(request)
    recorder.wait(TextDelta)
    recorder.client.close()
    for request in open_requests:
        assert [type(end) for end in recorder.ends(request.request_id)] == [RequestFinished]
    with pytest.raises(WorkerStartError):
        recorder.send(chat("too late"))
    recorder.client.close()


def test_a_client_that_never_started_closes() -> None:
    LocalClient("echo").close()
