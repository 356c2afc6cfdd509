"""The real worker process with the echo backend: greeting, streams, stops, the end of the pipe."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import msgspec
import psutil
import pytest

from engine.client import EngineClient, worker_command
from engine.errors import WorkerStartError
from engine.frames import encode_frame, read_frame
from engine.protocol import (
    PROTOCOL_VERSION,
    Event,
    LoadModel,
    Partial,
    Progress,
    ReadDocument,
    RequestFailed,
    RequestFinished,
    TextDelta,
    WorkerReady,
    new_request_id,
)
from engine.types import FinishReason, ModelSpec
from engine.worker.handlers import LANES
from tests.engine.recorder import PATIENCE, Recorder, chat, run_tool

pytestmark = pytest.mark.worker


@pytest.fixture(scope="module")
def client() -> Iterator[EngineClient]:
    """One worker for all tests of this module that leave it as it was."""
    client = EngineClient("echo")
    client.start()
    yield client
    client.close()


@pytest.fixture
def recorder(client: EngineClient) -> Recorder:
    return Recorder(client)


def test_the_greeting_comes_before_all_else() -> None:
    recorder = Recorder(EngineClient("echo"))
    recorder.client.start()
    recorder.finish(chat("hello"))
    recorder.client.close()
    first = recorder.events[0]
    assert isinstance(first, WorkerReady)
    assert (first.protocol_version, first.backend) == (PROTOCOL_VERSION, "echo")
    assert first.pid > 0
    assert first.devices[0].reason
    assert [type(event) for event in recorder.events].count(WorkerReady) == 1


def test_an_answer_streams_and_ends_once(recorder: Recorder) -> None:
    request = chat("/slow 8")
    end = recorder.finish(request)
    deltas = [event for event in recorder.events if isinstance(event, TextDelta)]
    assert len(deltas) >= 4
    assert "".join(delta.text for delta in deltas) == end.result["text"]
    assert deltas[-1].tokens == end.usage.completion_tokens == 8
    assert recorder.time_of(deltas[0]) < recorder.time_of(end) - 0.2
    assert recorder.ends(request.request_id) == [end]


def test_a_stop_in_mid_answer_ends_it_within_a_fifth_of_a_second(recorder: Recorder) -> None:
    request = chat("/slow 200")
    recorder.send(request)
    recorder.delta(request.request_id)
    stopped = time.monotonic()
    recorder.abort(request.request_id)
    end = recorder.end(request.request_id)
    assert recorder.time_of(end) - stopped < 0.2
    assert isinstance(end, RequestFinished)
    assert end.finish_reason is FinishReason.ABORT
    assert end.result["text"] == recorder.text(request.request_id)
    assert recorder.finish(chat("and on")).result["text"] == "and on"


def test_a_stop_before_it_began_ends_it_at_once(recorder: Recorder) -> None:
    busy = [chat("/slow 100") for _ in range(LANES["chat"])]
    for request in busy:
        recorder.send(request)
        recorder.delta(request.request_id)
    waiting = chat("never")
    recorder.send(waiting)
    recorder.abort(waiting.request_id)
    end = recorder.end(waiting.request_id)
    assert isinstance(end, RequestFinished)
    assert end.finish_reason is FinishReason.ABORT
    for request in busy:
        assert recorder.ends(request.request_id) == []
        recorder.abort(request.request_id)
        recorder.end(request.request_id)


def test_a_chat_goes_before_the_rest_of_a_text_tool(recorder: Recorder) -> None:
    tool = run_tool("sentiment", "A sentence that says a little about a thing.\n\n" * 3000)
    recorder.send(tool)
    recorder.wait(Partial)
    question = chat("Are you there?")
    assert recorder.finish(question).result["text"] == "Are you there?"
    assert recorder.ends(tool.request_id) == []
    recorder.abort(tool.request_id)
    end = recorder.end(tool.request_id)
    assert isinstance(end, RequestFinished)
    assert end.result["result"]["spans"]


def test_a_request_of_twenty_megabytes_arrives_whole(recorder: Recorder) -> None:
    text = "0123456789abcde " * (20 * 1024 * 1024 // 16)
    request = chat(text.strip(), model=ModelSpec(n_ctx=2_000_000), max_tokens=3)
    end = recorder.finish(request)
    assert end.usage.prompt_tokens == 20 * 1024 * 1024 // 16
    assert end.finish_reason is FinishReason.LENGTH


def test_known_failures_and_bugs_are_told_apart(recorder: Recorder) -> None:
    known = recorder.fail(chat("/fail")).error
    assert (known.code, known.detail) == ("GENERATION", "")
    bug = recorder.fail(chat("/bug")).error
    assert bug.code == "INTERNAL"
    assert "ZeroDivisionError" in bug.detail


def test_a_file_that_disappears_is_told_by_name(recorder: Recorder) -> None:
    failed = recorder.fail(ReadDocument(new_request_id(), "/nowhere/letter.pdf"))
    assert failed.error.code == "DOCUMENT_NOT_FOUND"
    assert "letter.pdf" in failed.error.message
    assert "moved" in failed.error.hint


def test_loading_is_followed(recorder: Recorder) -> None:
    end = recorder.finish(LoadModel(new_request_id(), ModelSpec(n_ctx=123)))
    assert end.result["n_ctx"] == 123
    stages = [event for event in recorder.events if isinstance(event, Progress)]
    assert [event.done for event in stages if event.stage == "loading"][-1] == 1.0


def test_closing_leaves_no_process_and_ends_what_is_open() -> None:
    recorder = Recorder(EngineClient("echo"))
    recorder.client.start()
    request = chat("/slow 500")
    recorder.send(request)
    recorder.delta(request.request_id)
    pid = recorder.client.pid
    assert pid is not None
    started = time.monotonic()
    recorder.client.close()
    assert time.monotonic() - started < 3
    assert not psutil.pid_exists(pid)
    assert recorder.client.pid is None
    assert len(recorder.ends(request.request_id)) == 1
    with pytest.raises(WorkerStartError):
        recorder.send(chat("too late"))
    recorder.client.close()


class Raw:
    """A worker on bare pipes, to say to it what no client would."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            worker_command("echo"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert isinstance(self.next(), WorkerReady)

    def next(self) -> Event | None:
        assert self.process.stdout is not None
        frame = read_frame(self.process.stdout)
        return None if frame is None else msgspec.msgpack.decode(frame, type=Event)

    def say(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def hang_up(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()


@pytest.fixture
def raw() -> Iterator[Raw]:
    raw = Raw()
    with raw.process:
        yield raw
        raw.process.kill()


@pytest.mark.parametrize("said", ["/slow 500", "/hang"])
def test_when_the_pipe_ends_the_worker_is_gone_within_two_seconds(raw: Raw, said: str) -> None:
    raw.say(encode_frame(chat(said)))
    assert isinstance(raw.next(), Progress | TextDelta)
    raw.hang_up()
    started = time.monotonic()
    assert raw.process.wait(PATIENCE) == 0
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x00\x00\x05hello",
        b"\x00\x00\x00\x01\xc1",
        b"\x00\x00\x00\x00",
        b"\xff\xff\xff\xff and more",
        b"\x00\x00\x00\x08\x81\xa4type\xa1X",
    ],
)
def test_a_worker_that_hears_garbage_leaves_instead_of_hanging(raw: Raw, garbage: bytes) -> None:
    raw.say(garbage)
    raw.process.wait(2)
    assert raw.next() is None


def test_many_requests_at_once_all_end_once(recorder: Recorder) -> None:
    requests = [chat(f"number {n}") for n in range(50)] + [chat("/fail") for _ in range(10)]
    for request in requests:
        recorder.send(request)
    for request in requests:
        recorder.end(request.request_id)
    for request in requests:
        ends = recorder.ends(request.request_id)
        assert len(ends) == 1
        said = request.messages[0].content
        if said == "/fail":
            assert isinstance(ends[0], RequestFailed)
        else:
            assert isinstance(ends[0], RequestFinished)
            assert ends[0].result["text"] == said
