"""Pictures of the models and settings pages."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.catalog import CHAT_MODEL_SHA256
from engine.types import Device, ModelInfo, ModelSpec
from tests.screenshots import Shot, Stage

SMALL = ModelInfo(
    name="SmolLM2 135M Instruct",
    path="/home/ada/carrel/models/SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256=CHAT_MODEL_SHA256,
    size_bytes=98_362_432,
    architecture="llama",
    quantization="Q4_1",
    parameter_count=134_515_008,
    n_ctx=8192,
    n_ctx_train=8192,
    device=Device("cpu", "AMD EPYC", reason="No GPU was found that this llama.cpp can use."),
    backend="llama_cpp",
    engine_version="llama-cpp-python 0.3.36",
    chat_template="{% for message in messages %}{{ message.content }}{% endfor %}",
    metadata={"general.name": "SmolLM2", "llama.block_count": "30"},
    embedded=True,
)


def _models(stage: Stage) -> None:
    model = stage.services.model
    model.info = SMALL
    model.changed.emit()
    stage.window.open_page("models")


def _models_narrow(stage: Stage) -> None:
    stage.window.resize(760, 820)
    _models(stage)


def _models_inside(stage: Stage) -> None:
    _models_on_gpu(stage)
    stage.window.resize(1280, 1400)
    page: Any = stage.window.page("models")
    page.details.template_fold.button.setChecked(True)
    page.details.metadata_fold.button.setChecked(True)


def _models_loading(stage: Stage) -> None:
    _models(stage)
    model = stage.services.model
    page: Any = stage.window.page("models")
    model._asked = ModelSpec(path="/home/ada/models/Qwen3-8B-Q4_K_M.gguf")
    model.state, model.stage, model.progress = "loading", "hashing", 0.42
    page.progress.show_state(model)


def _models_on_gpu(stage: Stage) -> None:
    device = Device("cuda", "NVIDIA RTX 4070", 37, 37, "NVIDIA RTX 4070 was found.")
    model = stage.services.model
    model.info = msgspec.structs.replace(
        SMALL,
        name="Qwen3 8B",
        path="/home/ada/models/Qwen3-8B-Q4_K_M.gguf",
        sha256="c1" * 32,
        n_ctx=32_768,
        n_ctx_train=40_960,
        quantization="Q4_K_M",
        parameter_count=8_190_735_360,
        size_bytes=5_027_783_488,
        device=device,
        embedded=False,
    )
    model.changed.emit()
    stage.window.open_page("models")


def _models_refused(stage: Stage) -> None:
    stage.window.open_page("models")
    stage.services.model.load("/home/ada/Downloads/half-a-model.gguf")
    stage.wait_until(lambda: stage.services.model.error is not None)


def _settings(stage: Stage) -> None:
    stage.window.open_page("settings")


def _settings_narrow(stage: Stage) -> None:
    stage.window.resize(760, 820)
    stage.window.open_page("settings")


SHOTS: list[Shot] = [
    ("models", _models),
    ("models_gpu", _models_on_gpu),
    ("models_inside", _models_inside),
    ("models_narrow", _models_narrow),
    ("models_loading", _models_loading),
    ("models_refused", _models_refused),
    ("settings", _settings),
    ("settings_narrow", _settings_narrow),
]
