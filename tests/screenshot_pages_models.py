"""Pictures of the models and settings pages."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtWidgets import QWidget

from engine.catalog import CHAT_MODEL_SHA256
from engine.errors import ServerKeyError
from engine.protocol import ServerLook
from engine.server_address import parse_address
from engine.types import Device, ModelInfo, ModelSpec
from gui.dialogs.server_dialog import ServerDialog
from gui.widgets.page_column import PageColumn
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


def _server_answers(stage: Stage) -> None:
    """The last look at a server found three models."""
    servers = stage.services.servers
    names = ("Qwen/Qwen3-32B", "meta-llama/Llama-3.3-70B-Instruct", "google/gemma-3-27b-it")
    servers.look = ServerLook("https://gpu.example.org/v1", names, "vLLM 0.14.1", True, 0.021)
    servers.kept_where = "keyring"
    page: Any = stage.window.page("models")
    page.server.address.setText(servers.look.address)
    servers.changed.emit()


def _models_server(stage: Stage) -> None:
    _models(stage)
    _server_answers(stage)
    _show_server(stage)


def _models_server_narrow(stage: Stage) -> None:
    stage.window.resize(640, 820)
    _models_server(stage)


def _models_server_refused(stage: Stage) -> None:
    _models(stage)
    page: Any = stage.window.page("models")
    page.server.address.setText("http://192.168.1.20:8000/v1")
    stage.services.servers.error = ServerKeyError(
        "192.168.1.20:8000 did not accept the key (401)."
    ).info()
    stage.services.servers.changed.emit()
    _show_server(stage)


def _use_server(stage: Stage) -> None:
    """A model on a server answers; the echo model plays it."""
    model = stage.services.model
    model.load("https://gpu.example.org/v1", "Qwen/Qwen3-32B")
    stage.wait_until(lambda: model.state == "ready" and model.address is not None)


def _models_remote(stage: Stage) -> None:
    _use_server(stage)
    stage.window.open_page("models")
    _server_answers(stage)


def _chat_remote(stage: Stage) -> None:
    _use_server(stage)
    stage.window.open_page("chat")


def _settings_remote(stage: Stage) -> None:
    _use_server(stage)
    stage.window.resize(760, 820)
    stage.window.open_page("settings")


def _server_dialog(stage: Stage) -> QWidget:
    _models(stage)
    dialog = ServerDialog(parse_address("http://192.168.1.20:8000"), stage.window)
    dialog.show()
    return dialog


def _show_server(stage: Stage) -> None:
    page: Any = stage.window.page("models")
    stage.wait(0.1)
    page.findChild(PageColumn).ensureWidgetVisible(page.server, 0, 60)


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
    ("models_server", _models_server),
    ("models_server_narrow", _models_server_narrow),
    ("models_server_refused", _models_server_refused),
    ("models_remote", _models_remote),
    ("chat_remote", _chat_remote),
    ("settings_remote", _settings_remote),
    ("server_dialog", _server_dialog),
    ("settings", _settings),
    ("settings_narrow", _settings_narrow),
]
