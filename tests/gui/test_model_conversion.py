"""A faster form of the model: made by itself for the embedded one, offered for any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from engine.errors import ModelLoadError, WorkerDiedError
from engine.protocol import (
    Conversion,
    ConvertModel,
    LoadModel,
    Progress,
    RequestFailed,
    RequestFinished,
)
from engine.types import FinishReason, ModelInfo
from gui.conversion_text import outcome
from gui.main_window import MainWindow
from gui.model_conversion import ModelConversion
from gui.model_session import ModelSession
from gui.services import Services

FASTER = Conversion("/cache/q8.gguf", "Q8_0", "Q4_1", 145_000_000, 412.0, 257.0, 12.31, 12.29, True)
Tell = Callable[[ModelInfo], None]


class Engine:
    """Keeps the requests for conversions, and answers them as the worker would."""

    def __init__(self, services: Services) -> None:
        self._bridge = services.engine
        self._send = services.engine.client.send
        self.conversions: list[ConvertModel] = []
        self.loads: list[LoadModel] = []
        self.loaded: ModelInfo | None = None  # what the next load gives

    def send(self, request: Any) -> None:
        if isinstance(request, ConvertModel):
            self.conversions.append(request)
            return
        if isinstance(request, LoadModel):
            self.loads.append(request)
            if self.loaded is not None:
                self.finish(request.request_id, msgspec.to_builtins(self.loaded))
                return
        self._send(request)

    def finish(self, request_id: str, result: Any) -> None:
        self._bridge._arrived.emit(RequestFinished(request_id, FinishReason.STOP, result=result))

    def convert(self, conversion: Conversion = FASTER) -> None:
        self.finish(self.conversions[-1].request_id, msgspec.to_builtins(conversion))

    def fail(self, error: Any) -> None:
        self._bridge._arrived.emit(RequestFailed(self.conversions[-1].request_id, error.info()))


@pytest.fixture
def session(services: Services, qtbot: QtBot) -> ModelSession:
    qtbot.waitUntil(lambda: services.model.state == "ready")
    services.model.conversion._quiet.setInterval(20)
    services.model._fresh_pause.setInterval(20)
    return services.model


@pytest.fixture
def engine(session: ModelSession, services: Services, monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine(services)
    monkeypatch.setattr(services.engine.client, "send", made.send)
    return made


def convertible(session: ModelSession, *, embedded: bool, sha256: str = "ab" * 32) -> ModelInfo:
    assert session.info is not None
    return msgspec.structs.replace(
        session.info,
        name="Qwen3 8B",
        path="" if embedded else "/models/qwen.gguf",
        embedded=embedded,
        sha256=sha256,
        conversion="Q8_0",
    )


def show(session: ModelSession, info: ModelInfo) -> ModelConversion:
    """As if this model had just been loaded."""
    session._asked = msgspec.structs.replace(session.spec(), path=info.path or None)
    session._take(info)
    return session.conversion


def test_a_model_that_is_as_fast_as_can_be_is_left_alone(
    session: ModelSession, engine: Engine, qtbot: QtBot
) -> None:
    assert session.conversion.state == ""
    session.convert()
    qtbot.wait(60)
    assert engine.conversions == []


def test_the_embedded_model_is_converted_once_and_taken_quietly(
    session: ModelSession, engine: Engine, services: Services, qtbot: QtBot
) -> None:
    states: list[str] = []
    session.changed.connect(lambda: states.append(session.state))
    conversion = show(session, convertible(session, embedded=True))
    qtbot.waitUntil(lambda: conversion.state == "running")
    converted = msgspec.structs.replace(
        convertible(session, embedded=True), conversion="", quantization="Q8_0"
    )
    engine.loaded = converted
    engine.convert()
    qtbot.waitUntil(lambda: session.info == converted)
    assert set(states) == {"ready"}  # nobody saw it load
    assert services.notifications.toasts() == []
    assert conversion.state == "done"
    assert conversion.result == FASTER
    show(session, convertible(session, embedded=True))
    qtbot.wait(80)
    assert len(engine.conversions) == 1


def test_it_waits_until_nobody_is_being_answered(
    session: ModelSession, engine: Engine, app_window: MainWindow, qtbot: QtBot
) -> None:
    chat = app_window.page("chat").session  # type: ignore[attr-defined]
    chat.send("/slow 200")
    qtbot.waitUntil(lambda: chat.running_reply() is not None)
    conversion = show(session, convertible(session, embedded=True))
    qtbot.wait(100)
    assert engine.conversions == []
    chat.stop()
    qtbot.waitUntil(lambda: conversion.state == "running")
    chat.send("/slow 200")
    qtbot.waitUntil(lambda: chat.running_reply() is not None)
    loads = len(engine.loads)
    engine.convert()
    qtbot.waitUntil(lambda: conversion.state == "done")
    qtbot.wait(100)
    assert len(engine.loads) == loads
    chat.stop()
    qtbot.waitUntil(lambda: len(engine.loads) == loads + 1)


def test_a_failure_with_the_embedded_model_is_silent_and_not_tried_again(
    session: ModelSession, engine: Engine, services: Services, qtbot: QtBot
) -> None:
    conversion = show(session, convertible(session, embedded=True))
    qtbot.waitUntil(lambda: conversion.state == "running")
    engine.fail(ModelLoadError("No room on the disk."))
    qtbot.waitUntil(lambda: conversion.state == "")
    assert services.notifications.toasts() == []
    show(session, convertible(session, embedded=True))
    qtbot.wait(80)
    assert len(engine.conversions) == 1


def test_a_worker_that_went_away_meanwhile_costs_nothing(
    session: ModelSession, engine: Engine, qtbot: QtBot
) -> None:
    conversion = show(session, convertible(session, embedded=True))
    qtbot.waitUntil(lambda: conversion.state == "running")
    engine.fail(WorkerDiedError("The engine stopped."))
    qtbot.waitUntil(lambda: conversion.state == "")
    show(session, convertible(session, embedded=True))
    qtbot.waitUntil(lambda: len(engine.conversions) == 2)


def test_another_model_is_offered_once_and_converted_only_when_asked(
    session: ModelSession, engine: Engine, services: Services, qtbot: QtBot
) -> None:
    conversion = show(session, convertible(session, embedded=False))
    assert conversion.state == "offered"
    (toast,) = services.notifications.toasts()
    assert "Qwen3 8B" in toast.text()
    assert "Q8_0" in toast.text()
    toast.close_toast()
    show(session, convertible(session, embedded=False))
    assert conversion.state == "offered"
    assert services.notifications.toasts() == []
    qtbot.wait(60)
    assert engine.conversions == []
    session.convert()
    assert conversion.state == "running"
    reply = services.engine.open_replies()[-1]
    reply.progress.emit(Progress("", "converting", 1, 4))
    assert (conversion.stage, conversion.progress) == ("converting", 0.25)
    engine.convert()
    qtbot.waitUntil(lambda: bool(services.notifications.toasts()))
    told = services.notifications.toasts()[-1].text()
    assert "1.6 times as fast" in told
    assert "+0.16 %" in told


def test_one_that_did_not_pay_is_told_and_not_loaded(
    session: ModelSession, engine: Engine, services: Services, qtbot: QtBot
) -> None:
    conversion = show(session, convertible(session, embedded=False))
    session.convert()
    loads = len(engine.loads)
    engine.convert(msgspec.structs.replace(FASTER, prompt_speed=200.0, used=False))
    qtbot.waitUntil(lambda: conversion.state == "done")
    qtbot.wait(60)
    assert len(engine.loads) == loads
    assert "did not pay" in services.notifications.toasts()[-1].text()


def test_a_failure_with_another_model_is_told(
    session: ModelSession, engine: Engine, services: Services, qtbot: QtBot
) -> None:
    conversion = show(session, convertible(session, embedded=False))
    session.convert()
    engine.fail(ModelLoadError("No room on the disk."))
    qtbot.waitUntil(lambda: conversion.state == "failed")
    assert conversion.error is not None
    assert services.notifications.toasts()[-1].text() == "No room on the disk."


def test_a_conversion_of_a_model_that_was_left_does_not_touch_the_next(
    session: ModelSession, engine: Engine, services: Services, qtbot: QtBot
) -> None:
    conversion = show(session, convertible(session, embedded=False))
    session.convert()
    assert session.info is not None
    other = msgspec.structs.replace(session.info, path="/models/other.gguf", conversion="")
    show(session, other)
    assert conversion.state == "running"
    loads = len(engine.loads)
    engine.convert()
    qtbot.waitUntil(lambda: conversion.state == "")
    assert conversion.result is None
    qtbot.wait(60)
    assert len(engine.loads) == loads


def test_what_was_measured_is_said_in_plain_words() -> None:
    assert outcome(FASTER) == (
        "Converted to Q8_0: prompts are read 1.6 times as fast, 412 tokens/s instead of 257. "
        "Perplexity changed by +0.16 %."
    )
