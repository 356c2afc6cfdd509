"""The command line interrupted: Ctrl+C, and a reader that has seen enough."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.engine.test_cli import COMMAND

pytestmark = pytest.mark.worker

LONG = b"A sentence that says a little about a thing.\n\n" * 60_000


def _hear_ctrl_c() -> None:
    """What a shell runs in the background ignores Ctrl+C, and hands that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started(*arguments: str, stdin: bytes | None = None) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [*COMMAND, *arguments, "--backend", "echo"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_hear_ctrl_c,
    )
    assert process.stdin is not None
    if stdin is not None:
        process.stdin.write(stdin)
    process.stdin.close()
    process.stdin = None
    return process


def worker_of(process: subprocess.Popen[bytes]) -> psutil.Process:
    while not (children := psutil.Process(process.pid).children()):
        assert process.poll() is None
        time.sleep(0.01)
    return children[0]


@pytest.mark.parametrize("to_group", [True, False], ids=["terminal", "kill -INT"])
def test_ctrl_c_stops_the_answer_and_leaves_no_worker(to_group: bool) -> None:
    process = started("chat", "/slow 1000")
    assert process.stdout is not None
    assert process.stdout.read(5) == b"word0"
    worker = worker_of(process)
    began = time.monotonic()
    (os.killpg if to_group else os.kill)(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert errors.decode().splitlines() == ["carrel: stopped."]
    assert time.monotonic() - began < 2
    assert not worker.is_running()


def test_ctrl_c_stops_a_text_tool() -> None:
    process = started("sentiment", "-", stdin=LONG)
    worker = worker_of(process)
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert output == b""
    assert errors.decode().splitlines() == ["carrel: stopped."]
    assert not worker.is_running()


def test_a_reader_that_has_seen_enough_ends_it_quietly() -> None:
    process = started("chat", "/slow 1000")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.read(5) == b"word0"
    worker = worker_of(process)
    process.stdout.close()
    assert process.wait(10) == 1
    assert process.stderr.read() == b""
    process.stderr.close()
    assert not worker.is_running()


def test_head_takes_one_row_of_many(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("It was a good day.", "utf-8")
    process = started("sentiment", *[str(letter)] * 300, "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["input"] == str(letter)
    process.stdout.close()
    assert process.wait(10) == 1
    assert process.stderr.read() == b""
    process.stderr.close()
