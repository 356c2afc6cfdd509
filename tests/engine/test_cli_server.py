"""The command line with a model on a server: where text goes, many files at once, keys."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from engine.paths import APP_ROOT, settings_file
from engine.settings import Settings, save_settings
from tests.engine.rude_server import MODEL, RudeServer, Talk
from tests.engine.test_cli import carrel, rows, told

pytestmark = pytest.mark.worker

KEY = "sk-amber-otter-5512"


@pytest.fixture
def shared_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A keyring that the processes of this test share."""
    monkeypatch.setenv("TEST_KEYRING", str(tmp_path / "ring.json"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.engine.keyrings.SharedKeyring")
    monkeypatch.setenv("PYTHONPATH", str(APP_ROOT))
    return tmp_path / "ring.json"


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture
def letters(tmp_path: Path) -> list[str]:
    paths = [tmp_path / f"letter {number}.txt" for number in range(6)]
    for number, path in enumerate(paths):
        path.write_text(f"Letter {number} is about the rain, and nothing else.\n")
    return [str(path) for path in paths]


def label(talk: Talk) -> None:
    """What a server that lists no probabilities says to a choice; the first letter takes longest."""
    said = talk.seen.json()["messages"][-1]["content"]
    time.sleep(0.6 if "Letter 0" in said else 0.05)
    talk.status(200, {"choices": [{"message": {"content": "neutral"}}]})


def by(server: RudeServer) -> list[str]:
    """What has a text tool's texts read by the server's model, and not by the built-in encoder."""
    return ["--reader", "model", "--model", server.address]


def test_a_chat_says_where_it_goes_and_prints_the_answer(rude: RudeServer) -> None:
    run = carrel("chat", "Hello", "--model", rude.address, backend="")
    assert (run.returncode, run.stdout) == (0, b"Well said.\n")
    assert told(run) == f"carrel: text is sent to {rude.host}"
    quiet = carrel("chat", "Hello", "--model", rude.address, "--quiet", "--json", backend="")
    assert quiet.stderr == b""
    (row,) = rows(quiet)
    assert row["model"]["remote"]
    assert row["device"] == {
        "kind": "remote",
        "name": rude.host,
        "gpu_layers": 0,
        "layers": 0,
        "reason": f"Text is sent to {rude.host}.",
    }


def test_many_files_are_in_flight_at_once_and_printed_in_order(
    rude: RudeServer, letters: list[str]
) -> None:
    rude.otherwise = label
    run = carrel("sentiment", *letters, *by(rude), "--json", backend="")
    assert run.returncode == 0, run.stderr
    assert [row["input"] for row in rows(run)] == letters
    assert rude.most_at_once >= 4


def test_the_number_of_jobs_is_kept(rude: RudeServer, letters: list[str]) -> None:
    rude.otherwise = label
    run = carrel("sentiment", *letters[:4], *by(rude), "--json", "--jobs", "2", backend="")
    assert [row["input"] for row in rows(run)] == letters[:4]
    assert rude.most_at_once == 2
    assert carrel("sentiment", letters[0], "--jobs", "0").returncode == 2


def test_one_bad_file_among_many_costs_one_line(rude: RudeServer, letters: list[str]) -> None:
    rude.otherwise = label
    files = [letters[0], "/nowhere/gone.pdf", letters[1]]
    run = carrel("sentiment", *files, *by(rude), "--json", "--quiet", backend="")
    assert rude.seen
    assert run.returncode == 1
    assert [row["input"] for row in rows(run)] == [letters[0], letters[1]]
    assert "gone.pdf" in told(run)


def test_a_server_that_is_gone_is_told_in_one_line() -> None:
    run = carrel("chat", "Hello", "--model", "http://127.0.0.1:9", "--quiet", backend="")
    assert run.returncode == 1
    assert "127.0.0.1:9 cannot be reached" in told(run)


def test_the_chosen_server_is_used_and_listed_without_being_asked(rude: RudeServer) -> None:
    save_settings(Settings(model_path=rude.address, remote_model=MODEL), settings_file())
    run = carrel("models", "--json", backend="")
    assert [row["chosen"] for row in rows(run)] == [False, True]
    assert (rows(run)[1]["path"], rows(run)[1]["name"]) == (rude.address, MODEL)
    assert rude.seen == []
    assert carrel("chat", "Hello", backend="").stdout == b"Well said.\n"


def test_a_key_is_read_from_a_pipe_kept_in_the_keyring_used_and_forgotten(
    rude: RudeServer, shared_keyring: Path
) -> None:
    run = carrel("server-key", rude.address, stdin=f"{KEY}\n".encode(), backend="")
    assert (run.returncode, run.stderr) == (0, b"")
    assert KEY not in run.stdout.decode()
    assert json.loads(shared_keyring.read_text()) == {f"carrel http://{rude.host}": KEY}
    carrel("chat", "Hello", "--model", rude.address, backend="")
    assert {seen.headers["authorization"] for seen in rude.seen} == {f"Bearer {KEY}"}
    carrel("server-key", rude.address, "--forget", backend="")
    assert json.loads(shared_keyring.read_text()) == {}
    rude.seen.clear()
    carrel("chat", "Hello", "--model", rude.address, backend="")
    assert not any("authorization" in map(str.lower, seen.headers) for seen in rude.seen)


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_a_key_is_not_kept_and_that_is_said(carrel_home: Path) -> None:
    run = carrel("server-key", "http://gpu:8000", stdin=KEY.encode(), backend="")
    assert run.returncode == 1
    assert "no keyring" in told(run)
    assert "CARREL_SERVER_KEY" in told(run)
    assert KEY not in told(run)
    assert not any(KEY in path.read_text() for path in carrel_home.rglob("*") if path.is_file())


@pytest.mark.usefixtures("no_keyring")
def test_a_key_for_one_run_comes_from_the_environment(
    rude: RudeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARREL_SERVER_KEY", KEY)
    run = carrel("chat", "Hello", "--model", rude.address, backend="")
    assert run.stdout == b"Well said.\n"
    assert {seen.headers["authorization"] for seen in rude.seen} == {f"Bearer {KEY}"}
