"""Fixtures of the engine's tests. `pytest -m "not model and not worker"` runs the quick ones."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.backends.echo_backend import EchoBackend
from engine.backends.openai_backend import OpenAiBackend
from engine.backends.remote.language_model import RemoteLanguageModel
from engine.backends.transformers_backend import TransformersBackend
from engine.contracts import AbortFlag, LanguageModel
from engine.server_address import parse_address
from engine.server_keys import keep_key
from engine.types import ModelSpec
from tests.engine.asking import load
from tests.engine.contract import SUBJECTS, Subject
from tests.engine.model_server import SERVER_KEY, model_server
from tests.engine.rude_server import RudeServer
from tests.engine.tiny_models import write_folder

NOBODY = 65534
# As the worker has it: threads that spin for each other collapse when another program is busy.
os.environ.setdefault("GOMP_SPINCOUNT", "30000")


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that another user may enter too, which pytest's own folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="carrel-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def rude() -> Iterator[RudeServer]:
    """A server that does what the test says."""
    with RudeServer() as server:
        yield server


@pytest.fixture
def remote(rude: RudeServer) -> Iterator[RemoteLanguageModel]:
    """The model of that server."""
    model = load(rude)
    yield model
    model.close()


@pytest.fixture(scope="session")
def server_address() -> Iterator[str]:
    """A real server with the embedded model; its key is `SERVER_KEY`."""
    with model_server(SERVER_KEY) as address:
        yield address


@pytest.fixture(scope="session")
def server_model(server_address: str) -> Iterator[RemoteLanguageModel]:
    """The embedded model on that server."""
    keep_key(parse_address(server_address).origin, SERVER_KEY, in_memory=True)
    model = OpenAiBackend().load(ModelSpec(path=server_address), AbortFlag(), lambda *_: None)
    yield model
    model.close()


@contextmanager
def without_root() -> Iterator[None]:
    """As an ordinary user: root may read and write everything, so it sees no such error."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture(scope="session")
def echo_model() -> LanguageModel:
    return EchoBackend().load(ModelSpec(), AbortFlag(), lambda *_: None)


@pytest.fixture(scope="session")
def gguf_on_transformers() -> Iterator[LanguageModel]:
    """The real starter model, read from its GGUF file by transformers."""
    spec = ModelSpec(n_ctx=1024, gpu_layers=0, backend="transformers")
    model = TransformersBackend().load(spec, AbortFlag(), lambda *_: None)
    yield model
    model.close()


@pytest.fixture(scope="session")
def model_folder(
    gguf_on_transformers: LanguageModel, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder of safetensors with the starter model's weights, as transformers itself writes it."""
    folder = tmp_path_factory.mktemp("models") / "SmolLM2-135M-Instruct"
    write_folder(gguf_on_transformers, folder)
    return folder


@pytest.fixture(scope="session")
def folder_model(model_folder: Path) -> Iterator[LanguageModel]:
    """That folder, loaded."""
    spec = ModelSpec(path=str(model_folder), n_ctx=1024, gpu_layers=0)
    model = TransformersBackend().load(spec, AbortFlag(), lambda *_: None)
    yield model
    model.close()


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(one, id=one.name, marks=() if one.name == "echo" else pytest.mark.model)
        for one in SUBJECTS
    ],
)
def subject(request: pytest.FixtureRequest) -> Subject:
    """Each backend in turn that is under the contract."""
    found: Subject = request.param
    return found


@pytest.fixture(scope="session")
def model(subject: Subject, request: pytest.FixtureRequest) -> LanguageModel:
    """Its model."""
    found: LanguageModel = request.getfixturevalue(subject.fixture)
    return found
