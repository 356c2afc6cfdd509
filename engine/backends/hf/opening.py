"""Puts a model together: files, place, weights, vocabulary, template, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import torch
from transformers import PreTrainedConfig

from engine.backends.hf.answer_form import AnswerForms
from engine.backends.hf.language_model import HfLanguageModel
from engine.backends.hf.loading import Source, load_config, load_tokenizer, load_weights, read_once
from engine.backends.hf.model_files import ModelFiles, name_of
from engine.backends.hf.model_steps import ModelSteps
from engine.backends.hf.placement import Need, Placement, choose_place
from engine.backends.hf.runner import Runner
from engine.backends.hf.vocabulary import Vocabulary
from engine.backends.llama.chat_template import ChatTemplate
from engine.contracts import AbortFlag
from engine.types import ModelInfo, ModelSpec

AUTOMATIC_CONTEXT = 8192
UNKNOWN_CONTEXT = 4096
Report = Callable[[str, float, float], None]


def open_model(
    files: ModelFiles, sha256: str, spec: ModelSpec, memory: int, abort: AbortFlag, report: Report
) -> HfLanguageModel:
    """Raises `ModelFileError` and `ModelLoadError`; `memory` is what the CPU has free, in bytes."""
    if files.folder is not None:
        source = Source(files.path)
    else:
        source = Source(files.path.parent, files.path.name)
    if spec.n_threads > 0:
        torch.set_num_threads(spec.n_threads)
    abort.raise_if_set()
    with read_once(source):
        config = load_config(source)
        trained = int(getattr(_text(config), "max_position_embeddings", 0) or UNKNOWN_CONTEXT)
        # Beyond what it was trained on a model only babbles, and memory runs out for nothing.
        n_ctx = min(spec.n_ctx or AUTOMATIC_CONTEXT, trained)
        placement = choose_place(_need(files, config, n_ctx), spec.gpu_layers, memory)
        abort.raise_if_set()
        tokenizer = load_tokenizer(source, config)
        template = ChatTemplate(_template(tokenizer), tokenizer.bos_token or "", _eos(tokenizer))
        model = load_weights(source, config, placement, abort, report)
    vocabulary = Vocabulary(tokenizer.backend_tokenizer, _ends(model, tokenizer), _bos(tokenizer))
    width = model.get_output_embeddings().weight.shape[0]
    forms = AnswerForms(tokenizer.backend_tokenizer, width, vocabulary.ends)
    info = ModelInfo(
        name=name_of(files, sha256),
        path=str(files.path),
        sha256=sha256,
        size_bytes=files.size_bytes,
        architecture=str(config.model_type),
        quantization=_type(files, placement),
        parameter_count=int(model.num_parameters()),
        n_ctx=n_ctx,
        n_ctx_train=trained,
        device=placement.device,
        backend="transformers",
        engine_version=f"transformers {version('transformers')}, torch {torch.__version__}",
        chat_template=template.source,
        metadata=files.metadata,
        embedded=spec.path is None,
        choices=_choices(placement, spec),
    )
    return HfLanguageModel(Runner(ModelSteps(model), n_ctx), vocabulary, template, forms, info)


def _need(files: ModelFiles, config: PreTrainedConfig, n_ctx: int) -> Need:
    text = _text(config)

    def number(name: str, default: int) -> int:
        try:
            return int(getattr(text, name, None) or default)
        except Exception:  # transformers refuses what differs from layer to layer
            return default

    layers, heads = number("num_hidden_layers", 1), number("num_attention_heads", 1)
    width = number("head_dim", number("hidden_size", 1) // heads)
    # Keys and values, for one whole context in use and as much that is kept.
    kv_values = 2 * 2 * layers * number("num_key_value_heads", heads) * width * n_ctx
    if files.folder is not None:
        return Need(files.name, files.folder.quantization, files.folder.bytes_as, kv_values, layers)
    assert files.header is not None
    count = files.header.parameter_count
    return Need(files.name, "BF16", lambda value_bytes: count * value_bytes, kv_values, layers)


def _text(config: PreTrainedConfig) -> Any:
    return config.get_text_config(decoder=True)


def _type(files: ModelFiles, placement: Placement) -> str:
    """The type that the weights have in memory, and before that if they were unpacked."""
    packed = files.header.quantization if files.header is not None else ""
    return f"{placement.dtype} from {packed}" if packed else placement.dtype


def _template(tokenizer: Any) -> str:
    template = tokenizer.chat_template or ""
    if isinstance(template, dict):
        template = template.get("default") or next(iter(template.values()), "")
    return str(template)


def _eos(tokenizer: Any) -> str:
    return str(tokenizer.eos_token or "")


def _ends(model: Any, tokenizer: Any) -> list[int]:
    """Every token that ends an answer, by the configurations of the model and the tokenizer."""
    found: list[int] = []
    for ends in (model.generation_config.eos_token_id, tokenizer.eos_token_id):
        found += ends if isinstance(ends, list) else [] if ends is None else [ends]
    return found


def _bos(tokenizer: Any) -> int | None:
    """The token that this tokenizer puts before every text, if it does."""
    tokens = tokenizer.backend_tokenizer.encode("a", add_special_tokens=True).ids
    return tokenizer.bos_token_id if tokens[:1] == [tokenizer.bos_token_id] else None


def _choices(placement: Placement, spec: ModelSpec) -> tuple[str, ...]:
    told = [placement.device.reason, *placement.remarks]
    if spec.kv_type not in ("", "f16"):
        told.append(
            f"The context is kept as {placement.dtype}: transformers has no {spec.kv_type}."
        )
    return tuple(filter(None, told))
