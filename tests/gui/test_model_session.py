"""The model session: what is loaded, and that nothing bad replaces it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import ErrorInfo
from engine.protocol import RequestFinished, WorkerDied
from engine.types import FinishReason
from gui.model_session import ModelSession
from gui.services import Services


@pytest.fixture
def session(services: Services, qtbot: QtBot) -> ModelSession:
    qtbot.waitUntil(lambda: services.model.state == "ready")
    return services.model


@pytest.fixture
def gguf(tmp_path: Path) -> str:
    path = tmp_path / "模型.gguf"
    path.write_bytes(b"GGUF")
    return str(path)


def test_the_embedded_model_loads_by_itself(session: ModelSession) -> None:
    assert session.info is not None
    assert session.info.embedded
    assert session.error is None


def test_an_opened_model_is_chosen_and_remembered(
    session: ModelSession, services: Services, qtbot: QtBot, gguf: str
) -> None:
    session.load(gguf)
    assert session.state == "loading"
    assert session.loading_path == gguf
    qtbot.waitUntil(lambda: session.state == "ready")
    assert session.info is not None
    assert session.info.path == gguf
    assert services.settings.current.model_path == gguf
    session.load(None)
    qtbot.waitUntil(lambda: session.state == "ready" and session.info.embedded)
    assert services.settings.current.model_path == ""


def test_a_model_that_fails_says_why_and_the_one_before_stays(
    session: ModelSession, services: Services, qtbot: QtBot, gguf: str
) -> None:
    session.load(gguf)
    qtbot.waitUntil(lambda: session.state == "ready")
    told: list[ErrorInfo] = []
    session.load_failed.connect(told.append)
    session.load("/nowhere/gone.gguf")
    qtbot.waitUntil(lambda: bool(told))
    qtbot.waitUntil(lambda: session.state == "ready")
    assert "gone.gguf" in told[0].message
    assert told[0].hint
    assert session.error == told[0]
    assert session.info is not None
    assert session.info.path == gguf
    assert services.settings.current.model_path == gguf
    assert session.spec().path == gguf


def test_a_chosen_file_that_is_gone_is_a_failure_until_another_is_opened(
    session: ModelSession, services: Services, qtbot: QtBot
) -> None:
    services.settings.change(model_path="/nowhere/gone.gguf")
    qtbot.waitUntil(lambda: session.state == "failed", timeout=4000)
    assert session.info is None
    assert session.error is not None
    session.load(None)
    qtbot.waitUntil(lambda: session.state == "ready")
    assert session.error is None


def test_a_new_setting_loads_the_model_again_once(
    session: ModelSession, services: Services, qtbot: QtBot
) -> None:
    states: list[str] = []
    session.changed.connect(lambda: states.append(session.state))
    for n_ctx in (1024, 2048, 3072):
        services.settings.change(n_ctx=n_ctx)
    qtbot.waitUntil(lambda: session.info is not None and session.info.n_ctx == 3072, timeout=4000)
    assert states.count("ready") == 1
    services.settings.change(theme="dark")
    assert session.state == "ready"


def test_opening_another_while_one_loads_ends_with_the_other(
    session: ModelSession, qtbot: QtBot, gguf: str, tmp_path: Path
) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"GGUF")
    session.load(gguf)
    session.load(str(other))
    qtbot.waitUntil(lambda: session.state == "ready")
    qtbot.wait(50)
    assert session.info is not None
    assert session.info.path == str(other)


def test_a_dead_worker_is_waited_for_and_the_model_loaded_again(
    session: ModelSession, services: Services, qtbot: QtBot
) -> None:
    services.engine.worker_died.emit(WorkerDied(-9, "log", True))
    assert session.state == "starting"
    services.engine.worker_ready.emit(None)
    qtbot.waitUntil(lambda: session.state == "ready")


def test_a_worker_that_will_not_come_back_is_told(
    session: ModelSession, services: Services
) -> None:
    services.engine.worker_died.emit(WorkerDied(-9, "the log", False))
    assert session.state == "failed"
    assert session.error is not None
    assert session.error.detail == "the log"


def test_a_load_that_was_stopped_leaves_the_model_before(
    session: ModelSession, services: Services, qtbot: QtBot, gguf: str
) -> None:
    session.load(gguf)
    reply = session._reply
    assert reply is not None
    # The echo model is quicker than an abort: what the engine says after one, without the race.
    services.engine._replies.pop(reply.request.request_id, None)
    reply.finished.emit(RequestFinished(reply.request.request_id, FinishReason.ABORT))
    qtbot.waitUntil(lambda: session.state == "ready")
    assert session.info is not None
    assert session.info.embedded
    assert services.settings.current.model_path == ""


def test_the_first_load_can_be_stopped_and_asked_for_again(
    session: ModelSession, services: Services, qtbot: QtBot
) -> None:
    session.load(None)
    reply = session._reply
    assert reply is not None
    services.engine._replies.pop(reply.request.request_id, None)
    reply.finished.emit(RequestFinished(reply.request.request_id, FinishReason.ABORT))
    assert session.state == "failed"
    assert session.info is None
    assert session.error is None
    session.load(None)
    qtbot.waitUntil(lambda: session.state == "ready")
