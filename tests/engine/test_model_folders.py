"""Folders of models that are not whole or not harmless are refused before anything is loaded."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.hf.folder import read_folder
from engine.backends.hf.safetensors_file import read_tensor_file
from engine.backends.transformers_backend import TransformersBackend
from engine.errors import ModelFileError
from engine.paths import APP_ROOT
from engine.types import ModelSpec


def tensors(**shapes: tuple[int, ...]) -> bytes:
    """A safetensors file of F32 zeros."""
    header, data = {}, b""
    for name, shape in shapes.items():
        size = 4
        for length in shape:
            size *= length
        header[name] = {
            "dtype": "F32",
            "shape": shape,
            "data_offsets": (len(data), len(data) + size),
        }
        data += bytes(size)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Looks like a model."""
    folder = tmp_path / "my-model"
    folder.mkdir()
    write(folder, "config.json", {"model_type": "llama", "vocab_size": 8})
    write(folder, "tokenizer.json", {})
    write(folder, "tokenizer_config.json", {"eos_token": "</s>"})
    (folder / "model.safetensors").write_bytes(tensors(a=(4, 2), b=(3,)))
    return folder


def write(folder: Path, name: str, content: Any) -> None:
    (folder / name).write_text(json.dumps(content), "utf-8")


def refused(path: Path) -> ModelFileError:
    with pytest.raises(ModelFileError) as caught:
        TransformersBackend().check(ModelSpec(path=str(path)))
    assert caught.value.hint
    assert caught.value.code == "MODEL_FILE"
    return caught.value


def test_a_folder_tells_what_is_in_it(folder: Path) -> None:
    found = read_folder(folder)
    assert (found.name, found.architecture, found.quantization) == ("my-model", "llama", "F32")
    assert found.parameter_count == 11
    assert found.bytes_as(2) == 22
    assert found.size_bytes == sum(file.stat().st_size for file in folder.iterdir())


def test_a_folder_of_a_download_cache_has_its_models_name(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "models--Owner--Tiny-Chat" / "snapshots" / "0123abcd"
    place.parent.mkdir(parents=True)
    folder.rename(place)
    assert read_folder(place).name == "Tiny-Chat"


@pytest.mark.parametrize(
    ("file", "content", "what"),
    [
        ("config.json", {"auto_map": {"AutoModelForCausalLM": "modeling.My"}}, "'auto_map'"),
        ("config.json", {"text_config": {"auto_map": {"AutoConfig": "c.C"}}}, "'auto_map'"),
        ("config.json", {"_attn_implementation_internal": "x"}, "'_attn_implementation_internal'"),
        ("config.json", {"attn_implementation": "owner/kernel"}, "'attn_implementation'"),
        ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["t.T", None]}}, "'auto_map'"),
    ],
)
def test_code_that_comes_with_a_model_is_refused(
    folder: Path, file: str, content: dict[str, Any], what: str
) -> None:
    write(folder, file, {"model_type": "llama", **content})
    error = refused(folder)
    assert error.message == f"my-model wants to run code of its own ({what} in {file})."
    assert "runs no code from models" in error.hint


@pytest.mark.parametrize("name", ["pytorch_model.bin", "consolidated.00.pth", "model.pt"])
def test_weights_as_pickles_are_refused(folder: Path, name: str) -> None:
    (folder / "model.safetensors").rename(folder / name)
    error = refused(folder)
    assert (
        error.message == f"my-model has its weights as pickles only ({name}), which can run code."
    )
    assert "safetensors" in error.hint


def no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def gguf_only(folder: Path) -> None:
    no_config(folder)
    (folder / "chat.gguf").write_bytes(b"")


def adapter(folder: Path) -> None:
    (folder / "config.json").rename(folder / "adapter_config.json")


def broken_config(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "lla', "utf-8")


def nameless_config(folder: Path) -> None:
    write(folder, "config.json", {"vocab_size": 8})


def no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def quantized(folder: Path) -> None:
    form = {"quant_method": "gptq"}
    write(folder, "config.json", {"model_type": "llama", "quantization_config": form})


def lost_part(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "part-1.safetensors")
    places = {"a": "part-1.safetensors", "b": "part-2.safetensors"}
    write(folder, "model.safetensors.index.json", {"weight_map": places})


def lost_tensor(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "part-1.safetensors")
    places = {"a": "part-1.safetensors", "z": "part-1.safetensors"}
    write(folder, "model.safetensors.index.json", {"weight_map": places})


def part_elsewhere(folder: Path) -> None:
    no_weights(folder)
    write(folder, "model.safetensors.index.json", {"weight_map": {"a": "../other.safetensors"}})


def weights_elsewhere(folder: Path) -> None:
    content = {"model_type": "llama", "transformers_weights": "/elsewhere/other.safetensors"}
    write(folder, "config.json", content)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (no_config, "my-model is a folder without a model in it (no config.json)."),
        (gguf_only, "my-model is a folder without a model in it (no config.json)."),
        (adapter, "my-model holds an adapter (LoRA), not a whole model."),
        (broken_config, "config.json is damaged:"),
        (nameless_config, "my-model does not say which kind of model it is."),
        (no_tokenizer, "my-model has no tokenizer (tokenizer.json)."),
        (no_weights, "my-model holds no weights (model.safetensors is missing)."),
        (quantized, "The weights in my-model are quantized in the form 'gptq', which Carrel"),
        (lost_part, "part-2.safetensors is missing."),
        (lost_tensor, "part-1.safetensors is damaged (it lacks z)."),
        (part_elsewhere, "model.safetensors.index.json is damaged (it names no files)."),
        (weights_elsewhere, "my-model names weights outside its folder."),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_is_wrong_with_a_folder_is_told(
    folder: Path, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(folder)
    assert refused(folder).message.startswith(message)


def test_a_gguf_beside_is_pointed_to(folder: Path) -> None:
    gguf_only(folder)
    assert refused(folder).hint == "Choose the file chat.gguf in it."


def test_a_folder_that_is_gone_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError) as caught:
        read_folder(tmp_path / "gone")
    assert caught.value.message == "The folder gone does not exist."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a safetensors file."),
        (b"PK\x03\x04 this is a zip file", "is not a safetensors file."),
        (struct.pack("<Q", 2) + b"[]", "is not a safetensors file."),
        (struct.pack("<Q", 900) + b"{}", "is cut short (10 of at least 908 bytes)."),
        (tensors(a=(4, 2))[:-5], "is cut short ("),
        (struct.pack("<Q", 11) + b'{"a": {"b"}', "is not a safetensors file."),
        (struct.pack("<Q", 13) + b'{"a": {"b":1}', "is not a safetensors file."),
        (struct.pack("<Q", 14) + b'{"a": {"b":1}}', "is damaged (its header makes no sense)."),
    ],
)
def test_damaged_weights_are_told(folder: Path, content: bytes, message: str) -> None:
    (folder / "model.safetensors").write_bytes(content)
    assert refused(folder).message.startswith(f"model.safetensors {message}")


def test_a_tensor_that_is_not_as_large_as_it_says_is_told(folder: Path) -> None:
    data = tensors(a=(4, 2)).replace(b"[4, 2]", b"[4, 9]")
    (folder / "model.safetensors").write_bytes(data)
    assert "has not the size that its header says" in refused(folder).message


@given(place=st.integers(0, 300), byte=st.integers(0, 255))
def test_no_damaged_byte_makes_anything_but_a_known_error(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    data = bytearray(tensors(a=(4, 2), b=(3,)))
    data[place % len(data)] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.safetensors"
    path.write_bytes(data)
    try:
        told = f"{read_tensor_file(path).size_bytes} bytes"
    except ModelFileError as error:
        told = error.message
    assert told == f"{len(data)} bytes" or told.startswith("damaged.safetensors ")


def test_looking_into_a_folder_imports_no_torch(folder: Path) -> None:
    code = (
        "import sys; from engine.backends import make_backend; from engine.types import ModelSpec;"
        f"make_backend('transformers').check(ModelSpec(path={str(folder)!r}));"
        "print(*{'torch', 'transformers', 'safetensors', 'llama_cpp'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=APP_ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == []
