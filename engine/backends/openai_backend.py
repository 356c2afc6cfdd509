"""Models on a server that speaks OpenAI's HTTP API: vLLM, SGLang, llama.cpp's, Ollama, LM Studio.

What is typed leaves this process only after an address was entered, and only to that address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from engine.backends.remote.connection import Connection
from engine.backends.remote.facts import (
    UNKNOWN_CONTEXT,
    RemoteModel,
    find_model,
    list_models,
    short_name,
    version_of,
)
from engine.backends.remote.language_model import RemoteLanguageModel
from engine.contracts import AbortFlag, TextEncoder
from engine.errors import BadRequestError
from engine.server_address import ServerAddress, is_address, parse_address
from engine.server_keys import checked_key, read_key
from engine.types import Device, ModelInfo, ModelSpec

Report = Callable[[str, float, float], None]


class OpenAiBackend:
    """`ModelSpec.path` is the server's address, `remote_model` the model's name there."""

    name = "openai"

    def devices(self) -> tuple[Device, ...]:
        return ()

    def check(self, spec: ModelSpec) -> None:
        _address_of(spec)

    def load(self, spec: ModelSpec, abort: AbortFlag, report: Report) -> RemoteLanguageModel:
        """Ask the server for the model; it must be there already, nothing is loaded on it."""
        address = _address_of(spec)
        report("connecting", 0, 0)
        read_key(address.origin, again=True)  # it may have been stored by another process
        connection = Connection(address, lambda: read_key(address.origin))
        try:
            model = find_model(connection, spec.remote_model, abort)
            version = version_of(connection, model.kind, abort)
        except BaseException:
            connection.close()
            raise
        info = _model_info(address, model, version, spec.n_ctx)
        return RemoteLanguageModel(connection, info, model.name, model.kind)

    def load_encoder(self) -> TextEncoder:
        """The one that runs here: no sentence is sent away to be encoded."""
        from engine.encoders.resident import ResidentEncoder

        return ResidentEncoder()


def look_at_server(
    address: ServerAddress, key: str, abort: AbortFlag
) -> tuple[tuple[RemoteModel, ...], str]:
    """The models of a server and what it is, with this key or else the one that is kept for it."""
    key = checked_key(key) if key else read_key(address.origin, again=True)
    connection = Connection(address, lambda: key)
    try:
        models = list_models(connection, abort)
        kind = models[0].kind if models else ""
        return models, version_of(connection, kind, abort)
    finally:
        connection.close()


def _address_of(spec: ModelSpec) -> ServerAddress:
    if not is_address(spec.path):
        raise BadRequestError("A server's address begins with http:// or https://.")
    return parse_address(spec.path or "")


def _model_info(address: ServerAddress, model: RemoteModel, version: str, n_ctx: int) -> ModelInfo:
    """`n_ctx` from the settings makes a known context shorter, and takes an unknown one's place."""
    known = model.n_ctx or model.n_ctx_train
    context = min(n_ctx or known, known) if known else n_ctx or UNKNOWN_CONTEXT
    return ModelInfo(
        name=short_name(model.name),
        path=address.base,
        sha256=hashlib.sha256(f"{address.base}|{model.name}".encode()).hexdigest(),
        size_bytes=model.size_bytes,
        architecture="",
        quantization=model.quantization,
        parameter_count=model.parameter_count,
        n_ctx=context,
        n_ctx_train=model.n_ctx_train or context,
        device=Device("remote", address.host, reason=f"Text is sent to {address.host}."),
        backend=OpenAiBackend.name,
        engine_version=version or "OpenAI-compatible server",
        metadata={"server.address": address.base, "server.model": model.name},
        remote=True,
    )
