"""What a server says of itself: which models it has, how long their context is, what else it can do.

`/v1/models` is the only thing every server has. llama.cpp's server and vLLM and SGLang are told
apart by `owned_by`, and are asked for more at their own addresses; others are left in peace.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from engine.backends.remote.connection import Connection
from engine.backends.remote.events import garbage
from engine.contracts import AbortFlag
from engine.errors import ServerError

LLAMA, VLLM, SGLANG, OTHER = "llama.cpp", "vLLM", "SGLang", ""
UNKNOWN_CONTEXT = 8192
LOOK_SECONDS = 15.0
MOST_MODELS = 2000
_OWNERS = {"llamacpp": LLAMA, "vllm": VLLM, "sglang": SGLANG}


class RemoteModel(msgspec.Struct, frozen=True):
    """A model as its server lists it; 0 and "" where the server does not say. Sizes in bytes."""

    name: str
    kind: str = OTHER
    n_ctx: int = 0
    n_ctx_train: int = 0
    parameter_count: int = 0
    size_bytes: int = 0
    quantization: str = ""


def list_models(connection: Connection, abort: AbortFlag) -> tuple[RemoteModel, ...]:
    """What the server offers, in its order; `ServerError` if it is no such server."""
    answer = connection.get("/models", abort, seconds=LOOK_SECONDS)
    entries = answer.get("data")
    if not isinstance(entries, list):
        raise garbage(connection.address.host, "no list of models")
    models = [_model(entry) for entry in entries[:MOST_MODELS] if isinstance(entry, dict)]
    return tuple(model for model in models if model.name)


def find_model(connection: Connection, wanted: str, abort: AbortFlag) -> RemoteModel:
    """The model of this name, or the first one for ""; with the context it really has."""
    models, host = list_models(connection, abort), connection.address.host
    if not models:
        raise ServerError(f"{host} has no model.", hint="Load a model there, then try again.")
    found = next((model for model in models if model.name == wanted), None)
    if wanted and found is None:
        names = ", ".join(model.name for model in models[:5])
        raise ServerError(
            f"{host} has no model named {wanted!r}.", hint=f"Choose one that it lists: {names}."
        )
    model = found or models[0]
    if model.kind == LLAMA and not model.n_ctx:
        model = msgspec.structs.replace(model, n_ctx=_context_of_llama(connection, abort))
    return model


def version_of(connection: Connection, kind: str, abort: AbortFlag) -> str:
    """`vLLM 0.11.0`, `llama.cpp b6000`; the kind alone where the server does not say."""
    where = {LLAMA: ("/props", "build_info"), VLLM: ("/version", "version")}.get(kind)
    if where is None:
        return kind
    told = _told(connection, where[0], abort).get(where[1])
    return f"{kind} {told[:40]}" if isinstance(told, str) and told.isprintable() else kind


def short_name(name: str) -> str:
    """`Qwen/Qwen3-8B` as `Qwen3-8B`, and `/models/a.gguf` as `a`."""
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1].removesuffix(".gguf") or name


def _model(entry: dict[str, Any]) -> RemoteModel:
    meta = entry.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    quantization = meta.get("ftype")
    trained = _count(meta.get("n_ctx_train"))
    return RemoteModel(
        name=_name(entry.get("id")),
        kind=_OWNERS.get(str(entry.get("owned_by")), OTHER),
        n_ctx=_count(entry.get("max_model_len")) or _count(meta.get("n_ctx")),
        n_ctx_train=trained,
        parameter_count=_count(meta.get("n_params")),
        size_bytes=_count(meta.get("size")),
        quantization=quantization[:20] if isinstance(quantization, str) else "",
    )


def _context_of_llama(connection: Connection, abort: AbortFlag) -> int:
    """Each of its slots has a share of the context: that is what one request can use."""
    settings = _told(connection, "/props", abort).get("default_generation_settings")
    return _count(settings.get("n_ctx")) if isinstance(settings, dict) else 0


def _told(connection: Connection, path: str, abort: AbortFlag) -> dict[str, Any]:
    try:
        return connection.get(path, abort, root=True, seconds=LOOK_SECONDS)
    except ServerError:  # it need not have this
        return {}


def _name(found: Any) -> str:
    return found if isinstance(found, str) and found.isprintable() and len(found) <= 500 else ""


def _count(found: Any) -> int:
    return found if type(found) is int and 0 < found < 2**53 else 0
