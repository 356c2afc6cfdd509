"""The command line as a shell sees it: output, errors, exit status. The echo backend answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.catalog import CHAT_MODEL_NAME
from engine.paths import APP_ROOT
from engine.text_tools import TEXT_TOOLS

pytestmark = pytest.mark.worker

COMMAND = (sys.executable, str(APP_ROOT / "main.py"))
ROW = {
    *("input", "text_tool", "result", "spans", "coverage", "model", "device", "usage", "seconds"),
}
SPAN = {"start", "end", "text", "label", "score"}


def carrel(
    *arguments: str, stdin: bytes = b"", command: Sequence[str] = COMMAND, backend: str = "echo"
) -> subprocess.CompletedProcess[bytes]:
    backends = ["--backend", backend] if backend else []
    return subprocess.run([*command, *arguments, *backends], input=stdin, capture_output=True)


def rows(run: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.stdout.decode().splitlines()]


def told(run: subprocess.CompletedProcess[bytes]) -> str:
    """The one clear line on standard error."""
    lines = run.stderr.decode().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("carrel: ")
    return lines[0]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text("Anna Meyer met NATO in Oslo. 她很高兴 🙂. It was a good day.\n", "utf-8")
    return path


@pytest.mark.parametrize("text_tool", [tool.tool_id for tool in TEXT_TOOLS])
def test_json_is_one_object_per_input_with_exactly_the_promised_fields(
    text_tool: str, letter: Path
) -> None:
    options = ("--question", "Who met NATO in Oslo?") if text_tool == "ask" else ()
    run = carrel(text_tool, str(letter), str(letter), "--json", *options)
    assert (run.returncode, run.stderr) == (0, b"")
    assert len(rows(run)) == 2
    for row in rows(run):
        assert set(row) == ROW
        assert (row["input"], row["text_tool"]) == (str(letter), text_tool)
        assert set(row["coverage"]) == {"parts_read", "parts"}
        if text_tool in ("summarize", "ask"):
            assert row["model"]["name"] == "Echo"
            assert row["device"]["kind"] == "cpu"
            assert row["usage"]["prompt_tokens"] > 0
        else:  # no chat model had a part in it
            assert row["model"] == {"name": "Echo encoder"}
            assert row["device"] is None
            assert row["usage"]["prompt_tokens"] == 0
        assert row["seconds"] >= 0
        assert all(set(span) == SPAN for span in row["spans"])


def test_a_question_is_answered_with_quotes_and_an_empty_one_is_refused(letter: Path) -> None:
    run = carrel("ask", str(letter), "--question", "Who met NATO in Oslo?", "--reader", "quotes")
    assert run.returncode == 0
    assert "> Anna Meyer met NATO in Oslo. (" in run.stdout.decode()
    run = carrel("ask", str(letter))
    assert run.returncode == 1
    assert "There is no question yet." in told(run)


def test_every_quote_of_an_answer_stands_where_its_row_says(letter: Path) -> None:
    options = ("--question", "Who met NATO in Oslo?", "--json", "--with-text")
    (row,) = rows(carrel("ask", str(letter), *options))
    found = row["result"]
    assert found["question"] == "Who met NATO in Oslo?"
    assert found["found"]
    assert found["quotes"]
    for quote in found["quotes"]:
        place = quote["passage"]
        assert row["source_text"][place["start"] : place["end"]] == quote["text"]
    assert found["whole"]
    assert found["given"] == [{"start": 0, "end": len(row["source_text"]), "document": 0}]


def test_a_question_is_put_to_each_file_and_to_standard_input(letter: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Bread is sold on Fridays.\n")
    gone = tmp_path / "gone.txt"
    question = ("--question", "Who met NATO in Oslo?", "--reader", "quotes")
    run = carrel("ask", str(letter), str(gone), str(other), *question)
    assert run.returncode == 1
    assert "gone.txt" in told(run)
    said = run.stdout.decode()
    assert (
        said.index("# letter.txt") < said.index("Anna Meyer met NATO") < said.index("# other.txt")
    )
    assert "Nothing in the documents answers this question." in said
    run = carrel("ask", "-", *question, stdin=b"Ruth Holm met NATO in Oslo.")
    assert run.returncode == 0
    assert "> Ruth Holm met NATO in Oslo. (" in run.stdout.decode()


def test_spans_are_offsets_into_the_text_that_with_text_adds(letter: Path) -> None:
    (row,) = rows(carrel("sentiment", str(letter), "--json", "--with-text", "--reader", "model"))
    assert set(row) == {*ROW, "source_text"}
    assert len(row["spans"]) >= 3
    for span in row["spans"]:
        assert span["text"] == row["source_text"][span["start"] : span["end"]]


def test_chat_prints_the_answer_or_a_row_with_the_reply() -> None:
    plain = carrel("chat", "Guten Tag, 世界!")
    assert (plain.returncode, plain.stdout.decode()) == (0, "Guten Tag, 世界!\n")
    (row,) = rows(carrel("chat", "Guten Tag, 世界!", "--json", "--seed", "7"))
    assert set(row) == ROW - {"result"} | {"reply", "seed"}
    assert (row["input"], row["reply"], row["seed"]) == ("Guten Tag, 世界!", "Guten Tag, 世界!", 7)


def test_chat_answers_from_documents_and_tells_what_was_given(letter: Path) -> None:
    asked = "Who met “NATO in Oslo” and “a whale in the sea”?"
    (row,) = rows(carrel("chat", asked, "--document", str(letter), "--json"))
    assert set(row) == ROW - {"result"} | {"reply", "seed", "given", "quotes"}
    assert [(text["name"], text["whole"]) for text in row["given"]] == [("letter.txt", True)]
    quotes = [(row["reply"][one["start"] : one["end"]], one["given"]) for one in row["quotes"]]
    assert quotes[-2:] == [("NATO in Oslo", 0), ("a whale in the sea", -1)]
    run = carrel("chat", asked, "--document", str(letter))
    lines = run.stderr.decode().splitlines()
    assert lines[0] == "carrel: given: letter.txt (whole)"
    assert "a whale in the sea" in lines[-1]
    gone = carrel("chat", asked, "--document", "gone.txt")
    assert gone.returncode == 1
    assert "gone.txt" in told(gone)


def test_chat_keeps_reasoning_apart_and_gives_scores_when_asked() -> None:
    assert carrel("chat", "/think 2").stdout == b"Having thought, yes.\n"
    (row,) = rows(carrel("chat", "/think 2", "--json", "--logprobs", "3"))
    assert (row["reply"], row["reasoning"]) == ("Having thought, yes.", "thought0 thought1 ")
    assert len(row["logprobs"][-1]["alternatives"]) == 3


def test_the_form_of_an_answer_comes_from_a_file_and_is_checked(tmp_path: Path) -> None:
    grammar, schema = tmp_path / "answer.gbnf", tmp_path / "answer.json"
    grammar.write_text('root ::= "yes" | "no"\n')
    schema.write_text('{"type": "object"')
    options = ("--top-p", "0.5", "--top-k", "3", "--min-p", "0.1", "--overflow", "stop")
    run = carrel("chat", "hi", "--grammar", str(grammar), *options)
    assert (run.returncode, run.stdout) == (0, b"hi\n")
    assert "not valid JSON" in told(carrel("chat", "hi", "--json-schema", str(schema)))
    assert "gone.json cannot be read" in told(carrel("chat", "hi", "--json-schema", "gone.json"))
    both = carrel("chat", "hi", "--grammar", str(grammar), "--json-schema", str(schema))
    assert both.returncode == 2
    assert b"not allowed with argument" in both.stderr


def test_without_json_the_result_is_for_reading(letter: Path) -> None:
    run = carrel("summarize", str(letter))
    assert run.returncode == 0
    assert "## Key sentences" in run.stdout.decode()
    assert "Read 1 of 1 parts." in run.stdout.decode()


def test_a_dash_reads_standard_input(letter: Path) -> None:
    (row,) = rows(carrel("sentiment", "-", "--json", "--with-text", stdin=letter.read_bytes()))
    assert row["input"] == "standard input"
    assert row["source_text"] == letter.read_text("utf-8")
    assert carrel("chat", "-", stdin=b"from a pipe").stdout == b"from a pipe\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Das Café in Köln hat geöffnet. Schöne Grüße!".encode("latin-1"), "Das Café in Köln"),
        ("今天天气很好，我们去公园散步。".encode("gb18030"), "今天天气很好"),
        ("Hello there.".encode("utf-16"), "Hello there."),
        (b"Broken \xff\xfe\x80 bytes and a NUL \x00 too.", "Broken "),
    ],
    ids=["latin-1", "gb18030", "utf-16", "broken"],
)
def test_standard_input_in_another_encoding_is_read(data: bytes, text: str) -> None:
    run = carrel("sentiment", "-", "--json", "--with-text", stdin=data)
    assert run.returncode == 0, run.stderr
    assert rows(run)[0]["source_text"].startswith(text)
    assert carrel("chat", "-", stdin=data).stdout.decode().startswith(text)


def test_one_bad_file_costs_one_line_and_the_status_not_the_others(
    letter: Path, tmp_path: Path
) -> None:
    run = carrel("sentiment", str(letter), str(tmp_path / "gone.pdf"), str(letter), "--json")
    assert run.returncode == 1
    assert len(rows(run)) == 2
    assert "gone.pdf" in told(run)
    assert "moved, renamed or deleted" in told(run)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("empty.txt", b"", "empty.txt” is empty"),
        ("blank.txt", b" \n\n ", "blank.txt” holds no text"),
        ("letter.docx", b"not a zip", "letter.docx"),
        ("torn.pdf", b"%PDF-1.7\n garbage", "torn.pdf"),
    ],
)
def test_a_bad_document_is_told_in_one_clear_line(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(content)
    run = carrel("summarize", str(tmp_path / name), "--json")
    assert (run.returncode, run.stdout) == (1, b"")
    assert what in told(run)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["summarize", "a.txt", "--colour", "red"], "unrecognized arguments: --colour red"),
        (["summarize"], "the following arguments are required: FILE"),
        (["dance"], "invalid choice: 'dance'"),
        (["summarize", "a.txt", "--points", "99"], "points must lie between 0 and 30, not 99."),
        (["summarize", "a.txt", "--points", "many"], "invalid int value: 'many'"),
        (["chat", "hi", "--max-tokens", "-3"], "max_tokens must lie between 1 and 32768, not -3."),
        (["chat", "hi", "--temperature", "nan"], "temperature must lie between 0.0 and 2.0"),
        (["chat", "hi", "--logprobs", "11"], "logprobs must lie between 0 and 10, not 11."),
        (["chat", "hi", "--overflow", "burst"], "overflow must be one of stop, roll, summarize"),
    ],
)
def test_a_wrong_use_is_told_with_status_two(arguments: list[str], what: str) -> None:
    run = carrel(*arguments, backend="")
    assert (run.returncode, run.stdout) == (2, b"")
    assert what in run.stderr.decode()


def test_help_names_every_command() -> None:
    text = carrel("--help", backend="").stdout.decode()
    for command in ("chat", "models", "selftest", *(tool.tool_id for tool in TEXT_TOOLS)):
        assert command in text


def test_the_installed_command_is_the_same_program(letter: Path) -> None:
    installed = Path(sys.executable).with_name("carrel")
    if not installed.exists():
        pytest.skip("Carrel is not installed as a package here")
    one, other = (
        rows(carrel("summarize", str(letter), "--json", command=command))[0]
        for command in (COMMAND, (str(installed),))
    )
    for row in (one, other):
        row["seconds"], row["usage"] = 0, {}
    assert one == other


def test_models_lists_the_embedded_one() -> None:
    run = carrel("models", "--json", backend="")
    (row,) = rows(run)
    assert row["embedded"] is True
    assert row["chosen"] is True
    assert row["size_bytes"] == os.path.getsize(row["path"])
    plain = carrel("models", backend="").stdout.decode()
    assert row["name"] in plain
    assert plain.startswith("*")
    assert CHAT_MODEL_NAME.split()[0] in plain


def test_models_looks_into_files_and_names_the_bad_ones(tmp_path: Path) -> None:
    (tmp_path / "note.gguf").write_text("not a model")
    run = carrel("models", str(tmp_path / "note.gguf"), backend="")
    assert (run.returncode, run.stdout) == (1, b"")
    assert "note.gguf is not a GGUF model." in told(run)


def test_a_data_folder_that_cannot_be_written_stops_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CARREL_HOME", str(tmp_path / "file"))
    assert carrel("chat", "still here").stdout == b"still here\n"
