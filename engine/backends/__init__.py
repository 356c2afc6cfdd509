"""The kinds of model Carrel can run. To add one: a file `*_backend.py` and its line in `BACKENDS`."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from engine.contracts import AbortFlag, LanguageModel, TextEncoder
from engine.errors import BadRequestError
from engine.protocol import Conversion
from engine.server_address import is_address
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

    def load_encoder(self) -> TextEncoder: ...


@runtime_checkable
class ConvertingBackend(Protocol):
    """A backend that can turn a model file into one that this machine reads faster."""

    def convert(
        self, spec: ModelSpec, abort: AbortFlag, report: Callable[[str, float, float], None]
    ) -> Conversion: ...


BACKENDS = {
    "llama_cpp": "engine.backends.llama_cpp_backend:LlamaCppBackend",
    "transformers": "engine.backends.transformers_backend:TransformersBackend",
    "openai": "engine.backends.openai_backend:OpenAiBackend",
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


def backend_for(spec: ModelSpec) -> str:
    """Which backend a model needs: as it says itself, or by what its path is."""
    if is_address(spec.path):
        return "openai"
    if spec.path is not None and os.path.isdir(os.path.expanduser(spec.path)):
        return "transformers"
    return spec.backend or "llama_cpp"


class BackendSwitch:
    """Every backend behind one face, each made when the first model of its kind is wanted.

    `name` is the one for models that leave the choice; "echo" stands in for all of them.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._made = {name: make_backend(name)}

    def devices(self) -> tuple[Device, ...]:
        return self._made[self.name].devices()

    def check(self, spec: ModelSpec) -> None:
        self._of(spec).check(spec)

    def load(
        self, spec: ModelSpec, abort: AbortFlag, report: Callable[[str, float, float], None]
    ) -> LanguageModel:
        return self._of(spec).load(spec, abort, report)

    def convert(
        self, spec: ModelSpec, abort: AbortFlag, report: Callable[[str, float, float], None]
    ) -> Conversion:
        backend = self._of(spec)
        if not isinstance(backend, ConvertingBackend):
            raise BadRequestError(
                "A model of this kind cannot be converted.", hint="Choose a GGUF file."
            )
        return backend.convert(spec, abort, report)

    def load_encoder(self) -> TextEncoder:
        return self._made[self.name].load_encoder()

    def _of(self, spec: ModelSpec) -> Backend:
        name = self.name if self.name == "echo" else backend_for(spec)
        if name not in self._made:
            self._made[name] = make_backend(name)
        return self._made[name]
