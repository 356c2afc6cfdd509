"""Bad model files in the real worker: what the user is told, and that the good model stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import client as client_module
from engine.catalog import embedded_chat_model
from engine.client import EngineClient
from engine.errors import ErrorInfo
from engine.protocol import LoadModel, Progress, WorkerDied, new_request_id
from engine.types import ModelSpec
from tests.engine.gguf_writer import MARTIAN, gguf
from tests.engine.recorder import Recorder, chat

pytestmark = [pytest.mark.model, pytest.mark.worker]


@pytest.fixture(scope="module")
def client() -> Iterator[EngineClient]:
    client = EngineClient()
    client.start()
    yield client
    client.close()


@pytest.fixture
def recorder(client: EngineClient) -> Recorder:
    recorder = Recorder(client)
    recorder.finish(LoadModel(new_request_id(), ModelSpec()))
    return recorder


def refused(recorder: Recorder, path: Path) -> ErrorInfo:
    """What the user is told about this file."""
    return recorder.fail(LoadModel(new_request_id(), ModelSpec(path=str(path)))).error


def assert_the_good_model_answers(recorder: Recorder) -> None:
    end = recorder.finish(chat("Name three colours.", temperature=0.0, max_tokens=4))
    assert end.result["text"]
    assert end.result["model"]["embedded"] is True
    assert not any(isinstance(event, WorkerDied) for event in recorder.events)


EMBEDDED = b"the first megabytes of the embedded model"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cut.gguf", EMBEDDED, "cut.gguf is cut short (3,000,000 of at least 98,362,"),
        ("empty.gguf", b"", "empty.gguf is empty."),
        ("notes.gguf", b"Milk, bread, eggs.\n", "notes.gguf is not a GGUF model."),
        ("old.gguf", b"GGUF\x01\x00\x00\x00", "old.gguf has GGUF version 1, which this"),
    ],
)
def test_a_bad_file_is_refused_by_name_and_costs_nothing(
    recorder: Recorder, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    if content is EMBEDDED:
        with embedded_chat_model().open("rb") as file:
            content = file.read(3_000_000)
    (tmp_path / name).write_bytes(content)
    error = refused(recorder, tmp_path / name)
    assert error.code == "MODEL_FILE"
    assert error.message.startswith(message)
    assert error.hint == "Choose another GGUF file, or download this one again."
    before = len(recorder.events)
    assert_the_good_model_answers(recorder)
    stages = [event.stage for event in recorder.events[before:] if isinstance(event, Progress)]
    assert "loading" not in stages  # it never left the memory


def test_a_missing_file_and_a_folder_are_told_as_such(recorder: Recorder, tmp_path: Path) -> None:
    error = refused(recorder, tmp_path / "gone.gguf")
    assert error.message == "The model file gone.gguf does not exist."
    assert "moved or deleted" in error.hint
    error = refused(recorder, tmp_path)
    assert error.message == f"{tmp_path.name} is a folder without a model in it (no config.json)."
    assert error.hint
    assert_the_good_model_answers(recorder)


def test_an_unknown_architecture_is_named(recorder: Recorder, tmp_path: Path) -> None:
    (tmp_path / "marvin.gguf").write_bytes(gguf(MARTIAN))
    error = refused(recorder, tmp_path / "marvin.gguf")
    assert error.code == "MODEL_FILE"
    assert "marvin.gguf is a model of the kind 'martian'" in error.message
    assert error.hint == "Choose another model, or update Carrel."
    assert_the_good_model_answers(recorder)


def test_a_known_architecture_without_what_it_needs_is_not_loaded(
    recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "hollow.gguf").write_bytes(gguf({"general.architecture": "llama"}))
    error = refused(recorder, tmp_path / "hollow.gguf")
    assert error.code == "MODEL_LOAD"
    assert error.message == "llama.cpp could not load hollow.gguf."
    assert "Choose another model" in error.hint
    assert "llama" in error.detail
    assert_the_good_model_answers(recorder)


def test_a_context_longer_than_any_memory_is_cut_to_what_the_model_knows(
    recorder: Recorder,
) -> None:
    end = recorder.finish(LoadModel(new_request_id(), ModelSpec(n_ctx=2**30)))
    assert end.result["n_ctx"] == end.result["n_ctx_train"] == 8192
    assert_the_good_model_answers(recorder)


def test_a_file_without_permission_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.gguf").write_bytes(gguf(MARTIAN))
    (tmp_path / "secret.gguf").chmod(0)
    if os.geteuid() == 0:  # root may read everything, until it gives that power away
        if not shutil.which("setpriv"):
            pytest.skip("run as root, and setpriv is not installed")
        powerless = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
        command = [*powerless, *client_module.worker_command()]
        monkeypatch.setattr(client_module, "worker_command", lambda backend: command)
    recorder = Recorder(EngineClient())
    error = refused(recorder, tmp_path / "secret.gguf")
    assert error.message == "secret.gguf cannot be read: Permission denied."
    assert error.hint
    recorder.client.close()
