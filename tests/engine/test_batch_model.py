"""Tables with the built-in encoder itself: killed, gone on with, and in the languages it knows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.engine.test_cli import COMMAND, carrel, rows

pytestmark = [pytest.mark.model, pytest.mark.worker]

SENTENCES = (
    "What a wonderful morning it was with {} in Lisbon!",
    "I hated every minute of {}, it was awful.",
    "The train to {} leaves at nine.",
    "",
)
ROWS = 600


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.jsonl"
    lines = []
    for number in range(ROWS):
        text = SENTENCES[number % 4].format(f"Maria Lopez {number}") * (1 + number % 5)
        lines.append(json.dumps({"n": number, "text": text}))
    path.write_text("\n".join(lines))
    return path


def test_a_killed_run_goes_on_and_ends_with_the_very_same_bytes(
    table: Path, tmp_path: Path
) -> None:
    whole, output = tmp_path / "whole.csv", tmp_path / "out.csv"
    use = ["sentiment", str(table), "--column", "text", "--output"]
    assert carrel(*use, str(whole), backend="").returncode == 0
    process = subprocess.Popen([*COMMAND, *use, str(output)])
    while not output.exists() or output.stat().st_size < 2_000:
        assert process.poll() is None
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert output.stat().st_size < whole.stat().st_size
    assert carrel(*use, str(output), "--resume", backend="").returncode == 0
    assert output.read_bytes() == whole.read_bytes()


def test_what_is_found_is_right_and_a_language_that_nobody_knows_is_told(tmp_path: Path) -> None:
    texts = [SENTENCES[0].format("Maria Lopez"), SENTENCES[1].format("it"), "", "今天天气很好。"]
    data = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    found = rows(carrel("sentiment", "-", "--column", "text", stdin=data, backend=""))
    assert [row["label"] for row in found] == ["positive", "negative", "unsure", None]
    assert "in Chinese" in found[3]["error"]
    found = rows(carrel("entities", "-", "--column", "text", stdin=data, backend=""))
    names = [(name["text"], name["label"]) for name in found[0]["names"]]
    assert names == [("Maria Lopez", "PER"), ("Lisbon", "LOC")]
    found = rows(carrel("embed", "-", "--column", "text", stdin=data, backend=""))
    assert [len(row["vector"]) for row in found] == [384, 384, 0, 384]
