"""What is special about models on transformers: many kinds of memory, loading, memory, stopping."""

from __future__ import annotations

import json
import shutil
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.backends.transformers_backend import TransformersBackend
from engine.contracts import AbortFlag, LanguageModel
from engine.errors import AbortedError, GenerationError, ModelFileError, ModelLoadError
from engine.types import Message, ModelSpec, Role
from tests.engine.contract import COLOURS, ask, user
from tests.engine.gguf_writer import MARTIAN, gguf
from tests.engine.test_cli import carrel, rows
from tests.engine.tiny_models import TINY, auto_class, write_tiny

pytestmark = pytest.mark.model


def load(path: Path, **options: Any) -> Any:
    spec = ModelSpec(path=str(path), gpu_layers=0, backend="transformers", **options)
    return TransformersBackend().load(spec, AbortFlag(), lambda *_: None)


@pytest.fixture(scope="module", params=list(TINY))
def tiny(
    request: pytest.FixtureRequest, model_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / request.param
    write_tiny(request.param, folder, model_folder)
    return folder


def generated(folder: Path, prompt: str, count: int) -> str:
    """What transformers' own `generate` says to this prompt."""
    import torch
    from transformers import AutoConfig, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    kind = auto_class(AutoConfig.from_pretrained(folder, local_files_only=True))
    model = kind.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
    inputs = tokenizer(prompt, return_tensors="pt", add_special_tokens=False)
    said = model.generate(**inputs, max_new_tokens=count, do_sample=False)
    return str(tokenizer.decode(said[0][inputs.input_ids.shape[1] :], skip_special_tokens=True))


def test_every_kind_of_memory_gives_the_answers_of_generate(tiny: Path) -> None:
    model = load(tiny, n_ctx=2048)
    try:
        story = "The river ran by the old house. " * 80  # several chunks, and far beyond a window
        first = user(story)
        said = ask(model, first)
        assert said.end.usage.prompt_tokens > 600
        assert said.text == generated(tiny, said.end.prompt, 16)
        # The next turn, then another question to the same story: each goes on from what is known.
        turn = (*first, Message(Role.ASSISTANT, said.text), *user("And then?"))
        other = user(f"{story}Who lived there?")
        for messages in (turn, other, turn):
            answer = ask(model, messages)
            assert answer.text == generated(tiny, answer.end.prompt, 16)
        model.choose(turn, ["It rained.", "It rains.", "No."], AbortFlag())
        assert ask(model, turn).text == answer.text
    finally:
        model.close()


def test_what_is_known_of_a_model_is_told(folder_model: LanguageModel, model_folder: Path) -> None:
    info = folder_model.info
    assert info.name == "SmolLM2-135M-Instruct"
    assert (info.backend, info.architecture, info.quantization) == ("transformers", "llama", "F32")
    assert info.parameter_count == 134_515_008
    assert (info.n_ctx, info.n_ctx_train) == (1024, 8192)
    assert (info.device.kind, info.device.reason) == ("cpu", "GPU layers are set to 0 in Settings.")
    assert info.size_bytes == sum(file.stat().st_size for file in model_folder.iterdir())
    assert "<|im_start|>" in info.chat_template
    assert not info.embedded


def test_a_gguf_is_told_as_what_it_was_and_is(gguf_on_transformers: LanguageModel) -> None:
    info = gguf_on_transformers.info
    assert info.embedded
    assert info.quantization in ("BF16 from Q4_1", "F32 from Q4_1")
    assert info.metadata["general.architecture"] == "llama"


def test_the_hash_changes_with_any_file_of_a_folder(tiny: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    shutil.copytree(tiny, one)
    shutil.copytree(tiny, other)
    hashes = [load(path).info.sha256 for path in (one, other)]
    assert hashes[0] == hashes[1]
    config = json.loads((other / "tokenizer_config.json").read_text("utf-8"))
    (other / "tokenizer_config.json").write_text(json.dumps({**config, "note": "new"}), "utf-8")
    assert load(other).info.sha256 != hashes[0]


@pytest.fixture
def llama(model_folder: Path, tmp_path: Path) -> Path:
    write_tiny("llama", tmp_path / "tiny-llama", model_folder)
    return tmp_path / "tiny-llama"


def rename_kind(folder: Path, kind: str) -> None:
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "model_type": kind}), "utf-8")


def test_an_unknown_architecture_is_named(llama: Path) -> None:
    rename_kind(llama, "martian")
    with pytest.raises(ModelFileError) as caught:
        load(llama)
    assert "'martian', which this transformers does not know" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("kind", "head"),
    [("vit", "ViTModel"), ("bert", "BertForMaskedLM"), ("t5gemma2", "T5Gemma2Model")],
)
def test_a_model_that_does_not_write_is_told_as_such(llama: Path, kind: str, head: str) -> None:
    config = {"model_type": kind, "architectures": [head]}
    (llama / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(ModelFileError) as caught:
        load(llama)
    assert caught.value.message.endswith(f"{kind!r}, which does not write text.")


def test_missing_weights_are_not_replaced_by_chance(llama: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(llama / "model.safetensors")
    lost = next(name for name in weights if "layers.1" in name and "proj" in name)
    del weights[lost]
    save_file(weights, llama / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelFileError) as caught:
        load(llama)
    assert "lacks 1 of the weights that it needs" in caught.value.message
    assert lost in caught.value.detail


def test_weights_of_another_size_are_refused(llama: Path) -> None:
    config = json.loads((llama / "config.json").read_text("utf-8"))
    (llama / "config.json").write_text(json.dumps({**config, "intermediate_size": 32}), "utf-8")
    with pytest.raises((ModelFileError, ModelLoadError)) as caught:
        load(llama)
    assert caught.value.hint
    assert caught.value.detail


def test_a_broken_tokenizer_is_a_known_error(llama: Path) -> None:
    (llama / "tokenizer.json").write_text('{"version": "1.0"', "utf-8")
    with pytest.raises(ModelLoadError) as caught:
        load(llama)
    assert caught.value.message == "transformers could not load tiny-llama."


def test_a_gguf_of_an_unknown_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "marvin.gguf").write_bytes(gguf(MARTIAN))
    with pytest.raises(ModelFileError) as caught:
        load(tmp_path / "marvin.gguf")
    assert "marvin.gguf is a model of the kind 'martian'" in caught.value.message


def test_a_model_that_memory_has_no_room_for_is_not_tried(model_folder: Path) -> None:
    backend = TransformersBackend(memory=lambda: 100_000_000)
    spec = ModelSpec(path=str(model_folder), gpu_layers=0)
    with pytest.raises(ModelLoadError) as caught:
        backend.load(spec, AbortFlag(), lambda *_: None)
    assert "takes 0." in caught.value.message
    assert "0.1 GB are free" in caught.value.message


def test_loading_can_be_stopped_and_tells_how_far_it_is(llama: Path) -> None:
    abort, told = AbortFlag(), []

    def report(stage: str, done: float, total: float) -> None:
        told.append((stage, done / total))
        if stage == "loading" and done:
            abort.set()

    spec = ModelSpec(path=str(llama), gpu_layers=0)
    with pytest.raises(AbortedError):
        TransformersBackend().load(spec, abort, report)
    assert {stage for stage, _ in told} == {"hashing", "loading"}
    assert all(0 <= share <= 1 for _, share in told)
    assert load(llama).info.name == "tiny-llama"


def test_a_closed_model_says_so_and_closes_twice(llama: Path) -> None:
    model = load(llama)
    model.close()
    model.close()
    with pytest.raises(GenerationError):
        ask(model)


def test_a_closed_model_gives_its_memory_back(llama: Path) -> None:
    model = load(llama)
    ask(model)
    weights = weakref.ref(model._runner.steps._model)
    model.close()
    assert weights() is None


def seconds_to_stop(work: Callable[[AbortFlag], object], after: float) -> float:
    """From the stop to the end of it."""
    abort, stopped = AbortFlag(), 0.0

    def stop() -> None:
        nonlocal stopped
        stopped = time.perf_counter()
        abort.set()

    timer = threading.Timer(after, stop)
    timer.start()
    with pytest.raises(AbortedError):
        work(abort)
    timer.join()
    return time.perf_counter() - stopped


def test_a_stop_ends_reading_between_two_layers(folder_model: LanguageModel) -> None:
    text = user("Night fell upon the quiet village and its people. " * 80)
    ask(folder_model, COLOURS, max_tokens=1)
    times = [
        seconds_to_stop(lambda abort: ask(folder_model, text, abort), after)
        for after in (0.05, 0.1, 0.15)
    ]
    assert min(times) < 0.2  # of a chunk that takes a second; the machine may be busy


@pytest.mark.worker
def test_a_folder_answers_on_the_command_line(model_folder: Path) -> None:
    (listed,) = rows(carrel("models", str(model_folder), "--json", backend=""))
    assert (listed["name"], listed["quantization"]) == (model_folder.name, "F32")
    asked = ("chat", "Name three colours.", "--model", str(model_folder), "--max-tokens", "8")
    (row,) = rows(carrel(*asked, "--seed", "3", "--json", backend=""))
    assert row["reply"]
    assert row["model"]["backend"] == "transformers"
    assert row["usage"]["completion_tokens"] == 8
