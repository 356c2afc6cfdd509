"""The kinds of model Carrel can run. To add one: a file `*_backend.py` and its line in `BACKENDS`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Protocol

from engine.contracts import AbortFlag, LanguageModel, SentenceEncoder
from engine.errors import BadRequestError
from engine.types import Device, ModelSpec


class Backend(Protocol):
    """Loads models of one kind. `report(stage, done, total)` follows hashing and loading."""

    name: str

    def devices(self) -> tuple[Device, ...]: ...

    def check(self, spec: ModelSpec) -> None:
        """Refuse a model file by name before anything is unloaded for it (`ModelFileError`)."""
        ...

    def load(
        self, spec: ModelSpec, abort: AbortFlag, report: Callable[[str, float, float], None]
    ) -> LanguageModel: ...

    def load_encoder(self) -> SentenceEncoder: ...


BACKENDS = {
    "llama_cpp": "engine.backends.llama_cpp_backend:LlamaCppBackend",
    "echo": "engine.backends.echo_backend:EchoBackend",
}


def make_backend(name: str) -> Backend:
    """The backend of this name; its libraries are imported only here."""
    if name not in BACKENDS:
        raise BadRequestError(
            f"There is no backend named {name!r}; there are: {', '.join(BACKENDS)}."
        )
    module, _, kind = BACKENDS[name].partition(":")
    backend: Backend = getattr(importlib.import_module(module), kind)()
    return backend
