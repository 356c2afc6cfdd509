"""For every test: a `CARREL_HOME` of its own, and nothing may be left running afterwards.

`CARREL_HOME` is set before the first test too, so that what lives for a whole module (a shared
worker, a loaded model) never touches the home of whoever runs the tests.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from hypothesis import settings

from engine.contracts import AbortFlag
from engine.types import ModelSpec

if TYPE_CHECKING:
    from engine.backends.llama.language_model import LlamaLanguageModel
    from engine.encoders.resident import ResidentEncoder

# A busy machine is no failure, and every run tries the same examples.
settings.register_profile("carrel", max_examples=60, deadline=None, derandomize=True)
settings.load_profile("carrel")

# As in the worker: threads that wait for each other on a busy machine shall not spin.
os.environ.setdefault("GOMP_SPINCOUNT", "30000")

STRAY_SECONDS = 3.0  # what has been told to end may take so long


@pytest.fixture(scope="session", autouse=True)
def _no_home_of_the_user(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[None]:
    home = tmp_path_factory.mktemp("home")
    if any(item.get_closest_marker("model") for item in request.session.items):
        know_machine(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARREL_HOME", str(home))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield


@pytest.fixture(autouse=True)
def carrel_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Path:
    """The test's own `CARREL_HOME`; it does not exist yet, or knows its machine for models."""
    home = tmp_path / "carrel home"
    if request.node.get_closest_marker("model"):
        know_machine(home)
    monkeypatch.setenv("CARREL_HOME", str(home))
    return home


def know_machine(home: Path) -> None:
    """As if threads had been measured there: loading a model need not do it for every test."""
    from engine.backends.llama import library, thread_choice

    threads = library.choose_threads(0)
    found = thread_choice.Measures({threads: 100.0}, {threads: 400.0})
    sizes = [name for _, name in thread_choice.SIZES]
    machine = thread_choice.Machine(thread_choice.machine_name(), dict.fromkeys(sizes, found))
    thread_choice.write_machine(home / "cache" / "machine.json", machine)


@pytest.fixture(autouse=True)
def _nothing_is_left_running(carrel_home: Path) -> Iterator[None]:
    """Fail a test that leaves threads or processes behind; those of wider fixtures were there, and
    what a worker of theirs has started since is that worker's affair."""
    threads, children = _threads(), _children()
    yield
    end = time.monotonic() + STRAY_SECONDS
    while (_threads() - threads or _new(children)) and time.monotonic() < end:
        time.sleep(0.01)
    stray = [thread.name for thread in _threads() - threads]
    stray += [" ".join(_command_line(child)) for child in _new(children)]
    assert not stray, f"left running: {stray}"


def _threads() -> set[threading.Thread]:
    # A "dummy" stands for a thread that Qt or C code made; it is never joined nor removed.
    return {t for t in threading.enumerate() if not isinstance(t, threading._DummyThread)}


def _children() -> set[psutil.Process]:
    return set(psutil.Process(os.getpid()).children(recursive=True))


def _new(before: set[psutil.Process]) -> list[psutil.Process]:
    old = {process.pid for process in before}
    return [child for child in _children() - before if _parent(child) not in old]


def _parent(process: psutil.Process) -> int:
    try:
        return int(process.ppid())
    except psutil.Error:
        return 0


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return [f"process {process.pid}"]


@pytest.fixture(scope="session")
def embedded_model() -> Iterator[LlamaLanguageModel]:
    """The real starter model in this process, with a short context."""
    from engine.backends.llama_cpp_backend import LlamaCppBackend

    model = LlamaCppBackend().load(ModelSpec(n_ctx=1024), AbortFlag(), lambda *_: None)
    yield model
    model.close()


@pytest.fixture(scope="session")
def sentence_encoder() -> ResidentEncoder:
    """The real sentence encoder in this process."""
    from engine.encoders.resident import ResidentEncoder

    return ResidentEncoder()
