"""Asking a model on a server, for tests: short forms of what they all do."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from engine.backends.openai_backend import OpenAiBackend
from engine.backends.remote.language_model import RemoteLanguageModel
from engine.contracts import AbortFlag, GenerationEnd, TextPiece
from engine.errors import EngineError
from engine.types import GenerationParams, Message, ModelSpec, Role
from tests.engine.rude_server import RudeServer, Talk

HELLO = (Message(Role.USER, "Hello, 世界 🙂"),)


def load(rude: RudeServer, **spec: object) -> RemoteLanguageModel:
    wanted = ModelSpec(path=rude.address, **spec)  # type: ignore[arg-type]
    return OpenAiBackend().load(wanted, AbortFlag(), lambda *_: None)


def ask(
    model: RemoteLanguageModel, abort: AbortFlag | None = None, **params: object
) -> tuple[list[TextPiece], GenerationEnd]:
    given = GenerationParams(**params)  # type: ignore[arg-type]
    *pieces, end = model.stream(HELLO, given, abort or AbortFlag())
    assert isinstance(end, GenerationEnd)
    return [piece for piece in pieces if isinstance(piece, TextPiece)], end


def text(pieces: list[TextPiece], *, reasoning: bool = False) -> str:
    return "".join(piece.text for piece in pieces if piece.reasoning is reasoning)


def failed(model: RemoteLanguageModel, **params: object) -> tuple[EngineError, str]:
    """The error that an answer ends with, and what there was of it."""
    said: list[str] = []

    def listen() -> None:
        for piece in model.stream(HELLO, GenerationParams(**params), AbortFlag()):  # type: ignore[arg-type]
            said.append(piece.text if isinstance(piece, TextPiece) else "")

    with pytest.raises(EngineError) as caught:
        listen()
    assert caught.value.hint.endswith(".")
    return caught.value, "".join(said)


def status(code: int, message: str = "", **headers: str) -> Callable[[Talk], None]:
    return lambda talk: talk.status(code, {"error": {"message": message}}, **headers)


def wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)
