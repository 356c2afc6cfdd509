"""What the user types stays between the two processes: not in a log, not on a socket, no secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from engine.client import EngineClient
from engine.protocol import WorkerReady
from tests.engine.recorder import Recorder, chat, run_tool

pytestmark = pytest.mark.worker

CANARY = "xylophone-quartz-74921"
SECRETS = ("FOO_API_KEY", "HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "DB_PASSWORD", "my_secret")


@pytest.fixture
def recorder(carrel_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    for name in SECRETS:
        monkeypatch.setenv(name, CANARY)
    monkeypatch.setenv("KEYBOARD", "kept")
    recorder = Recorder(EngineClient("echo"))
    recorder.client.start()
    recorder.wait(WorkerReady)
    yield recorder
    recorder.client.close()


def test_nothing_that_was_said_is_ever_written_to_a_file(
    recorder: Recorder, carrel_home: Path
) -> None:
    for said in (CANARY, f"/fail {CANARY}", f"/bug {CANARY}", f"/crash {CANARY}"):
        recorder.end(recorder.send(chat(said)))
    recorder.end(recorder.send(run_tool("summarize", f"{CANARY} is a long sentence of words.")))
    recorder.end(recorder.send(run_tool(CANARY, CANARY)))
    recorder.client.close()
    files = [path for path in carrel_home.rglob("*") if path.is_file()]
    assert [path.name for path in files if path.suffix == ".log"]
    for path in files:
        assert CANARY.encode() not in path.read_bytes(), path


def test_the_log_is_for_the_user_alone_and_the_last_one_is_kept(
    recorder: Recorder, carrel_home: Path
) -> None:
    recorder.client.close()
    again = Recorder(EngineClient("echo"))
    again.finish(chat("hello"))
    again.client.close()
    log = carrel_home / "log"
    assert {path.name for path in log.iterdir()} == {"worker.log", "worker.previous.log"}
    assert log.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in log.iterdir())


def test_the_worker_has_no_socket_at_all(recorder: Recorder) -> None:
    recorder.finish(chat("hello"))
    recorder.finish(run_tool("summarize", "A sentence of some words."))
    assert recorder.client.pid is not None
    assert psutil.Process(recorder.client.pid).net_connections() == []


def test_the_worker_gets_none_of_the_secrets_in_the_environment(recorder: Recorder) -> None:
    assert recorder.client.pid is not None
    environment = psutil.Process(recorder.client.pid).environ()
    assert not set(SECRETS) & set(environment)
    assert CANARY not in environment.values()
    assert environment["KEYBOARD"] == "kept"
