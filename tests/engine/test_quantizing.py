"""The process that converts: it can be ended at any moment, and ends with who started it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from engine.backends.llama.quantizing import quantize
from engine.catalog import embedded_chat_model
from engine.contracts import AbortFlag
from engine.errors import AbortedError
from engine.paths import APP_ROOT


@pytest.mark.model
def test_a_stop_while_it_converts_is_seen_within_a_moment(tmp_path: Path) -> None:
    abort, times = AbortFlag(), []

    def stop() -> None:
        times.append(time.monotonic())
        abort.set()

    timer = threading.Timer(0.01, stop)
    timer.start()
    with pytest.raises(AbortedError):
        quantize(embedded_chat_model(), tmp_path / "t.gguf", "Q8_0", abort, lambda *_: None)
    timer.join()
    assert time.monotonic() - times[0] < 2.0
    assert not (tmp_path / "t.gguf").exists()


@pytest.mark.model
def test_the_converting_process_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    command = [sys.executable, str(APP_ROOT / "main.py"), "--quantize"]
    pipe = tmp_path / "never ends"
    os.mkfifo(pipe)  # opening it for writing waits for a reader
    child = subprocess.Popen(
        [*command, str(embedded_chat_model()), str(pipe), "Q8_0"], stdin=subprocess.PIPE
    )
    assert child.stdin is not None
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(2.0)
    child.stdin.close()
    assert child.wait(20.0) == 1
    assert not psutil.pid_exists(child.pid)
