"""The worker crashes, hangs, talks nonsense, or loses its parent: the client knows what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from engine import client as client_module
from engine.client import EngineClient
from engine.errors import WorkerStartError
from engine.paths import APP_ROOT
from engine.protocol import RequestFailed, WorkerDied, WorkerReady
from tests.engine.recorder import Recorder, chat

pytestmark = pytest.mark.worker


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    monkeypatch.setattr(client_module, "RESTART_SECONDS", (0.0, 0.0, 0.0))
    recorder = Recorder(EngineClient("echo"))
    recorder.client.start()
    recorder.wait(WorkerReady)
    yield recorder
    recorder.client.close()


def test_a_crash_fails_the_request_and_the_next_one_works(recorder: Recorder) -> None:
    request = chat("/crash")
    failed = recorder.fail(request)
    assert failed.error.code == "WORKER_DIED"
    assert "ended from outside, or memory ran out" in failed.error.message
    assert "started again" in failed.error.hint
    assert recorder.text(request.request_id) == "falling "  # what it had said is kept
    died = recorder.wait(WorkerDied)
    assert (died.exit_code, died.will_restart) == (-signal.SIGKILL, True)
    recorder.wait(WorkerReady, after=recorder.place_of(died))
    assert recorder.finish(chat("back again")).result["text"] == "back again"
    assert len(recorder.ends(request.request_id)) == 1


def test_a_crash_fails_everything_that_was_open(recorder: Recorder) -> None:
    requests = [chat("/slow 900"), chat("/slow 900"), chat("/crash")]
    for request in requests:
        recorder.send(request)
    for request in requests:
        assert isinstance(recorder.end(request.request_id), RequestFailed)
    died = recorder.wait(WorkerDied)
    for request in requests:  # each one first, then the news: a window can mark its answers
        end = recorder.end(request.request_id)
        assert recorder.place_of(end) < recorder.place_of(died)


def test_a_worker_killed_at_rest_comes_back_by_itself(recorder: Recorder) -> None:
    pid = recorder.client.pid
    assert pid is not None
    os.kill(pid, signal.SIGSEGV)
    died = recorder.wait(WorkerDied)
    assert died.exit_code == -signal.SIGSEGV
    recorder.wait(WorkerReady, after=recorder.place_of(died))
    assert recorder.client.pid not in (None, pid)


def test_after_three_deaths_in_a_row_it_rests_until_the_user_tries_again(
    recorder: Recorder,
) -> None:
    seen = 0
    for number in (1, 2, 3):
        failed = recorder.fail(chat("/crash"))
        died = recorder.wait(WorkerDied, after=seen)
        assert died.will_restart is (number < 3)
        assert ("was started again" in failed.error.hint) is (number < 3)
        if number < 3:
            seen = recorder.place_of(died) + 1
            recorder.wait(WorkerReady, after=seen)
    time.sleep(0.1)
    assert recorder.client.pid is None
    assert recorder.finish(chat("once more")).result["text"] == "once more"
    failed = recorder.fail(chat("/crash"))  # it went well in between: the count begins anew
    assert "was started again" in failed.error.hint


def test_a_worker_that_ignores_stop_is_killed_and_replaced(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "ABORT_SECONDS", 0.3)
    request = chat("/hang")
    recorder.send(request)
    recorder.delta(request.request_id)
    stopped = time.monotonic()
    recorder.abort(request.request_id)
    recorder.abort(request.request_id)
    end = recorder.end(request.request_id)
    assert 0.3 <= recorder.time_of(end) - stopped < 1.5
    assert isinstance(end, RequestFailed)
    assert "did not react to Stop" in end.error.message
    assert recorder.finish(chat("free again")).result["text"] == "free again"


def test_a_stop_that_works_kills_nobody(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "ABORT_SECONDS", 0.2)
    pid = recorder.client.pid
    request = chat("/slow 100")
    recorder.send(request)
    recorder.delta(request.request_id)
    recorder.abort(request.request_id)
    recorder.end(request.request_id)
    time.sleep(0.4)
    assert recorder.client.pid == pid
    assert not any(isinstance(event, WorkerDied) for event in recorder.events)


FAKE_WORKER = """
import sys, time
sys.stdout.buffer.write({said!r})
sys.stdout.buffer.flush()
time.sleep(60)
"""


@pytest.mark.parametrize(
    "said",
    [b"Segmentation fault\n", b"\x00\x00\x00\x05hello", b"\x00\x00\x00\x02\x80\x80", b"\xff" * 64],
)
def test_a_worker_that_talks_nonsense_is_ended(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", FAKE_WORKER.format(said=said)]
    monkeypatch.setattr(client_module, "worker_command", lambda backend: command)
    monkeypatch.setattr(client_module, "MAX_DEATHS_IN_A_ROW", 1)
    recorder = Recorder(EngineClient("echo"))
    failed = recorder.fail(chat("hello"))
    assert failed.error.code == "WORKER_DIED"
    assert recorder.wait(WorkerDied).will_restart is False
    assert recorder.client.pid is None
    recorder.client.close()


def test_an_executable_that_is_gone_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "worker_command", lambda backend: ["/no/such/program"])
    client = EngineClient("echo")
    with pytest.raises(WorkerStartError) as caught:
        client.start()
    assert "could not be started" in caught.value.message
    assert "selftest" in caught.value.hint
    client.close()


PARENT = """
import sys, time
from engine.client import EngineClient
from tests.engine.recorder import Recorder, chat
client = EngineClient("echo")
recorder = Recorder(client)
request = chat({said!r})
recorder.send(request)
recorder.delta(request.request_id)
print(client.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("said", ["/slow 1000", "/hang"])
def test_a_worker_whose_window_was_killed_is_gone_within_two_seconds(said: str) -> None:
    command = [sys.executable, "-c", PARENT.format(said=said)]
    with subprocess.Popen(command, cwd=APP_ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        started = time.monotonic()
        while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() - started < 2, "the worker outlived its parent"
            time.sleep(0.02)


def test_ctrl_c_in_the_terminal_does_not_reach_the_worker(recorder: Recorder) -> None:
    pid = recorder.client.pid
    assert pid is not None
    assert os.getpgid(pid) != os.getpgid(0)


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    recorder = Recorder(EngineClient("echo", log=tmp_path / "file" / "worker.log"))
    assert recorder.finish(chat("no log")).result["text"] == "no log"
    recorder.client.close()
