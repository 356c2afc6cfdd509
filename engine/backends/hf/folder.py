"""A look into a model's folder before anything of it is loaded: is it a model, whole, and harmless?

Refused are folders that want code of their own to run (`auto_map`, kernels from elsewhere) and
weights as pickles, which are programs, too. Knows neither torch nor transformers.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from engine.backends.hf.safetensors_file import (
    HINT,
    TYPE_BYTES,
    TensorFile,
    is_plain_name,
    read_tensor_file,
)
from engine.errors import ModelFileError

MAX_CONFIG = 20_000_000
INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
# What transformers may read of a folder, and so what its hash is over.
PARTS = (".json", ".safetensors", ".jinja", ".txt", ".model", ".tiktoken")
_TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json")
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_CODE_KEYS = ("auto_map", "_attn_implementation_internal", "_experts_implementation_internal")
_CODE_HINT = "Choose a model that transformers knows by itself; Carrel runs no code from models."
_HUB_FOLDER = re.compile(r"models--(.+)")


class ModelFolder(msgspec.Struct, frozen=True):
    """`files` are all parts of the model, sorted by name; `weights` are those with tensors."""

    path: Path
    name: str
    config: dict[str, Any]
    files: tuple[Path, ...]
    weights: tuple[TensorFile, ...]

    @property
    def size_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files)

    @property
    def architecture(self) -> str:
        return str(self.config["model_type"])

    @property
    def parameter_count(self) -> int:
        """Of all weights; shared ones are counted once."""
        return sum(sum(file.dtypes.values()) for file in self.weights)

    @property
    def quantization(self) -> str:
        """The type that most values have, in the words of safetensors: BF16, F32 …"""
        counts: dict[str, int] = {}
        for file in self.weights:
            for dtype, count in file.dtypes.items():
                counts[dtype] = counts.get(dtype, 0) + count
        return max(counts, key=lambda dtype: counts[dtype])

    def bytes_as(self, value_bytes: int) -> int:
        """The weights' size when their floats take so many bytes each."""
        return sum(
            count * (value_bytes if dtype in ("F16", "BF16", "F32") else TYPE_BYTES.get(dtype, 1))
            for file in self.weights
            for dtype, count in file.dtypes.items()
        )


def read_folder(path: Path) -> ModelFolder:
    """Look into a folder; `ModelFileError` says what is missing, damaged or refused."""
    config = _config_of(path)
    for file, content in (("config.json", config), *_other_configs(path)):
        _refuse_code(path, file, content)
    if "quantization_config" in config:
        kind = config["quantization_config"]
        method = kind.get("quant_method", "unknown") if isinstance(kind, dict) else "unknown"
        raise ModelFileError(
            f"The weights in {path.name} are quantized in the form {str(method)!r}, which Carrel "
            "cannot read.",
            hint="Choose the model in its original form (BF16 or F16), or as a GGUF file.",
        )
    weights = _weights_of(path, config)
    if not any(file.dtypes for file in weights):
        raise ModelFileError(f"{path.name} holds no weights.", hint=HINT)
    if not any((path / name).is_file() for name in _TOKENIZERS):
        raise ModelFileError(f"{path.name} has no tokenizer (tokenizer.json).", hint=HINT)
    files = sorted(file for file in path.iterdir() if file.suffix in PARTS and file.is_file())
    return ModelFolder(path, _name_of(path), config, tuple(files), weights)


def _config_of(path: Path) -> dict[str, Any]:
    try:
        names = {entry.name for entry in path.iterdir()}
    except FileNotFoundError:
        raise ModelFileError(
            f"The folder {path.name} does not exist.",
            hint="Check that it has not been moved or deleted, or choose another one.",
        ) from None
    except OSError as error:
        raise ModelFileError(f"{path.name} cannot be read: {error.strerror}.", hint=HINT) from error
    if "config.json" not in names:
        if "adapter_config.json" in names:
            raise ModelFileError(
                f"{path.name} holds an adapter (LoRA), not a whole model.",
                hint="Choose the folder of the model that it was made for.",
            )
        found = sorted(name for name in names if name.lower().endswith(".gguf"))
        raise ModelFileError(
            f"{path.name} is a folder without a model in it (no config.json).",
            hint=f"Choose the file {found[0]} in it."
            if found
            else "Choose a GGUF file, or a folder with config.json and safetensors weights.",
        )
    config = _read_json(path / "config.json")
    if not isinstance(config.get("model_type"), str):
        raise ModelFileError(f"{path.name} does not say which kind of model it is.", hint=HINT)
    return config


def _read_json(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_CONFIG:
            raise ModelFileError(f"{path.name} is too large to be what it should be.", hint=HINT)
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except OSError as error:
        raise ModelFileError(f"{path.name} cannot be read: {error.strerror}.", hint=HINT) from error
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise ModelFileError(f"{path.name} is damaged: {error}.", hint=HINT) from error


def _other_configs(path: Path) -> list[tuple[str, dict[str, Any]]]:
    names = ("tokenizer_config.json", "generation_config.json", "processor_config.json")
    return [(name, _read_json(path / name)) for name in names if (path / name).is_file()]


def _refuse_code(path: Path, file: str, config: Any) -> None:
    """Look for what makes transformers fetch or run code, at any depth."""
    if isinstance(config, list):
        for item in config:
            _refuse_code(path, file, item)
    if not isinstance(config, dict):
        return
    for key, value in config.items():
        # An attention named "owner/name" is a kernel from a server.
        is_kernel = key in ("attn_implementation", "_attn_implementation") and "/" in str(value)
        if (key in _CODE_KEYS and value) or is_kernel:
            raise ModelFileError(
                f"{path.name} wants to run code of its own ({key!r} in {file}).", hint=_CODE_HINT
            )
        _refuse_code(path, file, value)


def _weights_of(path: Path, config: dict[str, Any]) -> tuple[TensorFile, ...]:
    named = config.get("transformers_weights")
    if named is not None and not is_plain_name(named):
        raise ModelFileError(f"{path.name} names weights outside its folder.", hint=HINT)
    single = path / (named or SINGLE)
    if single.suffix == ".safetensors" and single.is_file():
        return (read_tensor_file(single),)
    if (path / INDEX).is_file():
        return _parts_of(path)
    pickles = sorted(file.name for file in path.iterdir() if file.suffix in _PICKLES)
    if pickles:
        raise ModelFileError(
            f"{path.name} has its weights as pickles only ({pickles[0]}), which can run code.",
            hint="Choose a version of this model with safetensors weights.",
        )
    raise ModelFileError(f"{path.name} holds no weights ({SINGLE} is missing).", hint=HINT)


def _parts_of(path: Path) -> tuple[TensorFile, ...]:
    places = _read_json(path / INDEX).get("weight_map")
    if not isinstance(places, dict) or not all(map(is_plain_name, places.values())):
        raise ModelFileError(f"{INDEX} is damaged (it names no files).", hint=HINT)
    parts = {name: read_tensor_file(path / name) for name in sorted(set(places.values()))}
    for tensor, name in places.items():
        if tensor not in parts[name].tensor_names:
            raise ModelFileError(f"{name} is damaged (it lacks {tensor}).", hint=HINT)
    return tuple(parts.values())


def _name_of(path: Path) -> str:
    """The folder's name; in a download cache (`models--owner--name/snapshots/…`) the model's."""
    whole = path.resolve()
    if whole.parent.name == "snapshots" and (found := _HUB_FOLDER.match(whole.parents[1].name)):
        return found[1].rpartition("--")[2]
    return whole.name
