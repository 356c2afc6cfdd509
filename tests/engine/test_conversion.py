"""A slow format is converted, measured, used only while it fits; the user's file is never touched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from engine.backends.llama import comparison, conversion, converted_files
from engine.backends.llama.comparison import Speeds, is_better
from engine.backends.llama.conversion import wanted_quantization
from engine.backends.llama.converted_files import Converted
from engine.backends.llama.gguf import GgufHeader, read_header
from engine.backends.llama_cpp_backend import LlamaCppBackend
from engine.catalog import CHAT_MODEL_NAME, CHAT_MODEL_SHA256, embedded_chat_model
from engine.contracts import AbortFlag
from engine.errors import AbortedError, BadRequestError, ModelFileError, ModelLoadError
from engine.local_client import LocalClient
from engine.protocol import Conversion, ConvertModel, LoadModel, new_request_id
from engine.types import ModelInfo, ModelSpec
from tests.engine.recorder import Recorder
from tests.engine.test_cli import carrel, rows, told

GB = 10**9
X86 = "x86_64 llama-cpp-python 0.3.36; CPU : AVX2 = 1 | "


def header(**weights: int) -> GgufHeader:
    return GgufHeader("llama", "Small", "", sum(weights.values()), 10, {}, weights=weights)


@pytest.mark.parametrize(
    ("weights", "system", "wanted"),
    [
        ({"Q4_1": 106, "Q8_0": 28, "F32": 1}, X86, "Q8_0"),
        ({"Q5_1": 100}, X86, "Q8_0"),
        ({"Q5_0": 60, "Q6_K": 40}, X86, "Q8_0"),
        ({"Q4_1": 40, "Q8_0": 60}, X86, ""),
        ({"Q4_0": 100}, X86, ""),
        ({"Q4_K": 100, "Q6_K": 10}, X86, ""),
        ({"F16": 100}, X86, ""),
        ({"": 100}, X86, ""),
        ({"Q4_1": 106}, X86 + "AMX_INT8 = 1", ""),
        ({"Q4_1": 106}, "arm64 llama-cpp-python 0.3.36; CPU : NEON = 1", ""),
        ({"Q4_1": 7 * GB}, X86, ""),  # there answers would suffer
    ],
)
def test_a_conversion_is_proposed_where_it_may_help(
    weights: dict[str, int], system: str, wanted: str
) -> None:
    assert wanted_quantization(header(**weights), system) == wanted


def test_it_is_used_only_if_the_measures_say_so() -> None:
    source = Speeds(prompt=500, decode=118, perplexity=17.0)
    assert is_better(source, Speeds(prompt=850, decode=116, perplexity=17.1))
    assert not is_better(source, Speeds(prompt=560, decode=118, perplexity=17.0))
    assert not is_better(source, Speeds(prompt=850, decode=100, perplexity=17.0))
    assert not is_better(source, Speeds(prompt=850, decode=118, perplexity=17.3))


def files() -> list[str]:
    return sorted(path.name for path in converted_files.folder().iterdir())


def convert(source: Path, memory: int = 32 * GB, wanted: str = "Q8_0") -> Converted:
    found = read_header(source)
    return conversion.convert(source, found, wanted, memory, 2, AbortFlag(), lambda *_: None)


@pytest.fixture
def tiny_source(tmp_path: Path) -> Path:
    from tests.engine.gguf_writer import gguf

    path = tmp_path / "tiny.gguf"
    path.write_bytes(gguf())
    return path


def test_without_room_on_the_disk_nothing_is_begun(
    tiny_source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("usage", (), {"free": 5 * 10**6})
    monkeypatch.setattr(conversion.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(ModelFileError, match="and 5 MB are free on the disk"):
        convert(tiny_source)


def test_without_memory_to_compare_nothing_is_begun(tiny_source: Path) -> None:
    with pytest.raises(ModelLoadError, match=r"GB of memory are needed, and 0\.1 GB are free"):
        convert(tiny_source, memory=GB // 10)
    assert files() == []


def test_what_is_fast_already_is_not_converted(tiny_source: Path) -> None:
    with pytest.raises(BadRequestError, match=r"tiny\.gguf is read as fast as"):
        convert(tiny_source, wanted="")


def test_a_file_that_llama_cpp_cannot_read_is_told_with_its_reason(tiny_source: Path) -> None:
    with pytest.raises(ModelFileError) as caught:
        convert(tiny_source)
    assert caught.value.message == "tiny.gguf could not be converted."
    assert "martian" in caught.value.detail
    assert files() == []


# The embedded model, really converted; about as long as an answer.

QUICK = "It was a bright day, and the river was full of boats. " * 50


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short text to compare with, and no opinion on speeds: other tests may run beside this."""
    text = converted_files.folder().parent / "text.txt"
    text.parent.mkdir(parents=True, exist_ok=True)
    text.write_text(QUICK, encoding="utf-8")
    monkeypatch.setattr("engine.backends.llama.perplexity.TEXT", text)
    monkeypatch.setattr(comparison, "FASTER", 0.0)
    monkeypatch.setattr(comparison, "NOT_SLOWER", 0.0)


@pytest.fixture
def slow_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "engine.backends.llama_cpp_backend.wanted_quantization",
        lambda header: wanted_quantization(header, X86),
    )


SPEC = ModelSpec(n_ctx=512, n_threads=1)  # one thread: other tests may run beside this


def load() -> ModelInfo:
    model = LlamaCppBackend().load(SPEC, AbortFlag(), lambda *_: None)
    model.close()
    return model.info


@pytest.mark.model
@pytest.mark.usefixtures("quick", "slow_here")
def test_the_embedded_model_is_converted_used_and_given_up_when_damaged() -> None:
    before = load()
    assert (before.quantization, before.conversion) == ("Q4_1", "Q8_0")
    stages: list[str] = []
    backend = LlamaCppBackend()
    result = backend.convert(SPEC, AbortFlag(), lambda stage, *_: stages.append(stage))
    assert list(dict.fromkeys(stages)) == ["converting", "measuring"]
    assert (result.used, result.quantization, result.source_quantization) == (True, "Q8_0", "Q4_1")
    assert result.perplexity == pytest.approx(result.source_perplexity, rel=0.05)
    assert result.size_bytes == Path(result.path).stat().st_size
    # Once more costs nothing.
    assert backend.convert(SPEC, AbortFlag(), lambda *_: None) == result

    after = load()
    assert (after.name, after.embedded) == (CHAT_MODEL_NAME, True)
    assert after.path == str(embedded_chat_model())
    assert after.quantization == "Q8_0, converted from Q4_1"
    assert after.sha256 == hashlib.sha256(Path(result.path).read_bytes()).hexdigest()
    assert after.size_bytes == result.size_bytes
    assert after.conversion == ""
    assert any("A copy converted to Q8_0 is used" in choice for choice in after.choices)

    with Path(result.path).open("r+b") as file:
        file.seek(50_000_000)
        file.write(b"\0" * 100)
    damaged = load()
    assert (damaged.sha256, damaged.conversion) == (CHAT_MODEL_SHA256, "Q8_0")
    assert not Path(result.path).exists()


@pytest.mark.model
@pytest.mark.usefixtures("slow_here")
def test_one_that_is_no_better_is_not_used_nor_proposed_again(
    quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "FASTER", 100.0)
    result = LlamaCppBackend().convert(SPEC, AbortFlag(), lambda *_: None)
    assert (result.used, result.path) == (False, "")
    assert [name for name in files() if name.endswith(".gguf")] == []
    info = load()
    assert (info.sha256, info.conversion) == (CHAT_MODEL_SHA256, "")


@pytest.mark.model
@pytest.mark.usefixtures("quick", "slow_here")
def test_where_memory_is_short_the_smaller_file_of_the_user_is_taken() -> None:
    LlamaCppBackend().convert(SPEC, AbortFlag(), lambda *_: None)
    backend = LlamaCppBackend(lambda: 600 * 10**6)
    model = backend.load(ModelSpec(n_threads=1), AbortFlag(), lambda *_: None)
    model.close()
    assert (model.info.quantization, model.info.n_ctx) == ("Q4_1", 8192)
    # A wish that cannot be granted is another matter.
    wish = msgspec.structs.replace(SPEC, n_ctx=100_000)
    model = LlamaCppBackend().load(wish, AbortFlag(), lambda *_: None)
    model.close()
    assert (model.info.quantization[:4], model.info.n_ctx) == ("Q8_0", 8192)


@pytest.mark.model
@pytest.mark.parametrize("stage", ["converting", "measuring"])
@pytest.mark.usefixtures("quick", "slow_here")
def test_a_stop_leaves_nothing_behind(stage: str) -> None:
    abort = AbortFlag()

    def stop(now: str, done: float, total: float) -> None:
        if now == stage and done > 0:
            abort.set()

    with pytest.raises(AbortedError):
        LlamaCppBackend().convert(SPEC, abort, stop)
    assert files() == []
    assert load().sha256 == CHAT_MODEL_SHA256


@pytest.mark.model
@pytest.mark.usefixtures("quick", "slow_here")
def test_the_model_that_is_loaded_gives_way_to_the_converted_one() -> None:
    recorder = Recorder(LocalClient("llama_cpp"))
    try:
        first = recorder.finish(LoadModel(new_request_id(), SPEC)).result
        end = recorder.finish(ConvertModel(new_request_id(), SPEC))
        assert msgspec.convert(end.result, Conversion).used
        second = recorder.finish(LoadModel(new_request_id(), SPEC)).result
    finally:
        recorder.client.close()
    assert (first["quantization"], first["conversion"]) == ("Q4_1", "Q8_0")
    assert second["quantization"] == "Q8_0, converted from Q4_1"


def test_other_kinds_of_models_are_not_converted() -> None:
    recorder = Recorder(LocalClient())
    error = recorder.fail(ConvertModel(new_request_id(), ModelSpec())).error
    recorder.client.close()
    assert (error.code, error.message) == (
        "BAD_REQUEST",
        "A model of this kind cannot be converted.",
    )


@pytest.mark.model
@pytest.mark.worker
@pytest.mark.timeout(300)  # it measures two models, which a busy machine makes slow
def test_the_command_line_tells_what_was_measured() -> None:
    run = carrel("convert", "--model", "embedded", "--json", "--quiet", backend="")
    if not wanted_quantization(read_header(embedded_chat_model())):
        assert told(run).endswith("There is nothing to convert.")
        return
    (row,) = rows(run)
    assert row["perplexity"] <= comparison.NOT_WORSE * row["source_perplexity"]
    # Beside a busy program it may not be found faster, and then it is not used.
    is_faster = row["prompt_speed"] >= comparison.FASTER * row["source_prompt_speed"]
    assert is_faster or not row["used"]
    assert row["used"] is (row["path"] != "")


@pytest.fixture(autouse=True)
def _source_is_never_touched(request: pytest.FixtureRequest) -> Iterator[None]:
    if not request.node.get_closest_marker("model"):
        yield
        return
    before = embedded_chat_model().stat()
    yield
    after = embedded_chat_model().stat()
    assert (before.st_size, before.st_mtime_ns, before.st_ino) == (
        after.st_size,
        after.st_mtime_ns,
        after.st_ino,
    )
