"""Loading a model where memory is short, and stopping it: told beforehand, never killed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.backends.llama import loading
from engine.backends.llama_cpp_backend import LlamaCppBackend
from engine.catalog import embedded_chat_model
from engine.contracts import AbortFlag, GenerationEnd
from engine.errors import AbortedError, ModelLoadError
from engine.paths import APP_ROOT
from engine.types import GenerationParams, Message, ModelInfo, ModelSpec, Role

pytestmark = pytest.mark.model

MB = 10**6
HELLO = [Message(Role.USER, "Name three colours.")]


def load(memory: int, **wishes: object) -> tuple[ModelInfo, str]:
    """What is told of the model, and an answer of it."""
    backend = LlamaCppBackend(lambda: memory)
    model = backend.load(ModelSpec(**wishes), AbortFlag(), lambda *_: None)  # type: ignore[arg-type]
    try:
        params = GenerationParams(max_tokens=4, temperature=0.0)
        pieces = list(model.stream(HELLO, params, AbortFlag()))
    finally:
        model.close()
    return model.info, "".join(p.text for p in pieces if not isinstance(p, GenerationEnd))


def test_a_context_too_large_for_memory_is_made_smaller_and_the_reason_told() -> None:
    info, answer = load(500 * MB, n_ctx=8192, kv_type="f16")
    assert info.n_ctx == 4096
    assert "The context was made smaller, 4,096 tokens, because only 0.5 GB" in str(info.choices)
    assert answer


def test_a_context_in_8_bits_answers_as_well() -> None:
    info, answer = load(520 * MB)
    assert info.n_ctx == 8192
    assert "kept in 8 bits (q8_0) because only 0.5 GB of memory are free." in str(info.choices)
    assert answer


def test_a_model_too_large_for_memory_is_refused_before_it_is_loaded() -> None:
    stages: list[str] = []
    with pytest.raises(ModelLoadError) as caught:
        LlamaCppBackend(lambda: 90 * MB).load(
            ModelSpec(), AbortFlag(), lambda stage, *_: stages.append(stage)
        )
    assert "needs 0.4 GB of memory, and 90 MB are free." in caught.value.message
    assert caught.value.hint
    assert "loading" not in stages


OUT_OF_MEMORY = """
import os, resource
from engine.backends.llama_cpp_backend import LlamaCppBackend
from engine.contracts import AbortFlag
from engine.types import ModelSpec
backend = LlamaCppBackend(lambda: 32 * 10**9)
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * os.sysconf("SC_PAGE_SIZE") + 430 * 10**6
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
model = backend.load(ModelSpec(n_threads=1), AbortFlag(), lambda *_: None)
print(model.info.n_ctx, *model.info.choices, sep="\\n")
model.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_if_memory_runs_out_after_all_the_next_plan_is_tried(carrel_home: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", OUT_OF_MEMORY], cwd=APP_ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    n_ctx, *choices = run.stdout.splitlines()
    assert 2048 <= int(n_ctx) <= 8192
    assert any(c.startswith("There is not enough memory for a context of") for c in choices)


def test_a_stop_at_any_moment_of_loading_is_seen(tmp_path: Path) -> None:
    backend = LlamaCppBackend()
    stages: list[str] = []
    for stop_at in (1, 2, 40, 200):
        abort = AbortFlag()

        def stop(stage: str, done: float, total: float, abort: AbortFlag = abort) -> None:
            stages.append(stage)
            if len(stages) == stop_at:  # noqa: B023
                abort.set()

        stages.clear()
        with pytest.raises(AbortedError):
            backend.load(ModelSpec(n_ctx=512), abort, stop)
        assert len(stages) <= stop_at + 1


def test_a_stop_while_a_cold_file_is_read_takes_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cold.gguf"
    shutil.copy(embedded_chat_model(), path)
    monkeypatch.setattr(loading, "WARM_SPEED", 1e15)  # as if nothing of it were in memory
    abort, seen = AbortFlag(), []

    def report(stage: str, done: float, total: float) -> None:
        seen.append(done)
        if done > 0.3:
            abort.set()

    started = time.process_time()
    with pytest.raises(AbortedError):
        loading.read_ahead(path, 10**12, abort, report)
    assert 0.3 < seen[-1] < 0.4
    assert time.process_time() - started < 0.25


def test_progress_only_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "WARM_SPEED", 1e15)
    seen: list[float] = []

    def report(stage: str, done: float, total: float) -> None:
        if stage == "loading":
            seen.append(done / total)

    LlamaCppBackend().load(ModelSpec(n_ctx=512), AbortFlag(), report).close()
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
