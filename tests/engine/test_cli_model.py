"""The command line with the real embedded model."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.catalog import CHAT_MODEL_NAME
from engine.encoders.resident import ResidentEncoder
from engine.text_tools import TEXT_TOOLS
from tests.documents.makers import lines, pdf
from tests.engine.test_cli import ROW, carrel, rows, told

pytestmark = [pytest.mark.model, pytest.mark.worker]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    text = "Maria Lopez opened the museum in Lisbon on 4 May.\nVisitors loved the new rooms."
    path.write_bytes(pdf([lines(text)]))
    return path


def test_chat_answers_and_the_same_seed_answers_the_same() -> None:
    options = ("--json", "--seed", "5", "--max-tokens", "16", "--temperature", "0.9")
    one, other = (
        rows(carrel("chat", "Name three colours.", *options, backend=""))[0] for _ in range(2)
    )
    assert one["reply"] == other["reply"] != ""
    assert one["seed"] == 5
    assert one["model"]["name"] == CHAT_MODEL_NAME
    assert one["device"]["reason"]
    assert 0 < one["usage"]["completion_tokens"] <= 16


@pytest.mark.parametrize("text_tool", [tool.tool_id for tool in TEXT_TOOLS])
def test_a_text_tool_reads_a_pdf(text_tool: str, report: Path) -> None:
    options = ("--question", "Who opened the museum in Lisbon?") if text_tool == "ask" else ()
    run = carrel(text_tool, str(report), "--json", "--with-text", *options, backend="")
    assert (run.returncode, run.stderr) == (0, b"")
    (row,) = rows(run)
    assert set(row) == {*ROW, "source_text"}
    by_chat_model = text_tool in ("summarize", "ask")  # the others are read by the built-in encoder
    assert row["model"]["name"] == (CHAT_MODEL_NAME if by_chat_model else ResidentEncoder.name)
    assert row["coverage"] == {"parts_read": 1, "parts": 1}
    assert row["spans"]
    for span in row["spans"]:
        assert span["text"] == row["source_text"][span["start"] : span["end"]]


def test_a_bad_model_file_is_told_in_one_line(report: Path, tmp_path: Path) -> None:
    run = carrel("chat", "hi", "--model", str(tmp_path / "none.gguf"), backend="")
    assert (run.returncode, run.stdout) == (1, b"")
    assert told(run).startswith("carrel: The model file none.gguf does not exist.")


def test_the_self_test_passes_and_tells_each_part() -> None:
    run = carrel("selftest", backend="")
    lines = run.stdout.decode().splitlines()
    assert run.returncode == 0, lines
    assert [line.split()[0] for line in lines] == ["ok"] * len(lines)
    for part in (
        "storage",
        "worker",
        "embedded model",
        "chat",
        "summary",
        "built-in reader",
        "window",
    ):
        assert any(part in line for line in lines)
