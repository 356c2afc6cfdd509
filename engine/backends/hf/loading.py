"""From files to a model and its tokenizer with transformers: never code of theirs, never the network."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoTokenizer,
    PreTrainedConfig,
)
from transformers.utils import logging

from engine.backends.hf.decode_attention import use_decode_attention
from engine.backends.hf.model_steps import is_memory_error
from engine.backends.hf.placement import TORCH_DTYPES, Placement
from engine.contracts import AbortFlag
from engine.errors import AbortedError, EngineError, ModelFileError, ModelLoadError

Report = Callable[[str, float, float], None]
_SAFE: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
_OTHER_USES = ("MaskedLM", "Classification", "QuestionAnswering")
_OTHER_HINT = "Choose another model, or update Carrel."


class Source(msgspec.Struct, frozen=True):
    """A folder, or a GGUF file (`gguf_file`) in a folder."""

    path: Path
    gguf_file: str = ""

    @property
    def name(self) -> str:
        return self.gguf_file or self.path.name

    @property
    def arguments(self) -> dict[str, Any]:
        return {**_SAFE, **({"gguf_file": self.gguf_file} if self.gguf_file else {})}


@contextmanager
def read_once(source: Source) -> Iterator[None]:
    """In here a GGUF's header is parsed once. That takes seconds, and transformers does it four
    times, and makes the table of tensor names anew for each module of the model."""
    if not source.gguf_file:
        yield
        return
    import gguf as library

    gguf: Any = library

    before = gguf.GGUFReader, gguf.get_tensor_name_map
    gguf.GGUFReader, gguf.get_tensor_name_map = map(functools.cache, before)
    try:
        yield
    finally:
        gguf.GGUFReader, gguf.get_tensor_name_map = before


def load_config(source: Source) -> PreTrainedConfig:
    """`ModelFileError` for a kind of model that this transformers does not know."""
    with _known_errors(source):
        config = AutoConfig.from_pretrained(source.path, **source.arguments)
    heads = [str(name) for name in config.architectures or ()]
    reads_only = bool(heads) and all(any(use in head for use in _OTHER_USES) for head in heads)
    if _class_for(config) is None or reads_only:
        raise ModelFileError(
            f"{source.name} is a model of the kind {config.model_type!r}, which does not write text.",
            hint="Choose a model that was made for chat.",
        )
    return config


def _class_for(config: PreTrainedConfig) -> Any:
    """The class that writes text; many chat models see pictures, too, which nobody shows them here."""
    for kind in (AutoModelForCausalLM, AutoModelForImageTextToText):
        if type(config) in kind._model_mapping and not config.is_encoder_decoder:
            return kind
    return None


def load_tokenizer(source: Source, config: PreTrainedConfig) -> Any:
    """A fast tokenizer of transformers, which any thread may use."""
    with _known_errors(source):
        tokenizer = AutoTokenizer.from_pretrained(source.path, config=config, **source.arguments)
    if not hasattr(tokenizer, "backend_tokenizer"):
        raise ModelFileError(
            f"{source.name} has no tokenizer.json.", hint="Choose a version of it that has one."
        )
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    return tokenizer


def load_weights(
    source: Source, config: PreTrainedConfig, placement: Placement, abort: AbortFlag, report: Report
) -> Any:
    """The model on its device, ready to read. Weights that are missing are an error."""
    options = {**source.arguments, "config": config, "dtype": TORCH_DTYPES[placement.dtype]}
    if source.gguf_file:
        from transformers import GgufConfig

        # Unpacked: kernels for packed weights would have to be fetched from a server.
        options["quantization_config"] = GgufConfig(dequantize=True)
    else:
        options["use_safetensors"] = True
    if placement.place != "cpu":
        options["device_map"] = {"": placement.place}
    with _known_errors(source), _progress(abort, report):
        model, found = _class_for(config).from_pretrained(
            source.path, output_loading_info=True, **options
        )
    abort.raise_if_set()
    if found["missing_keys"] or found["mismatched_keys"]:
        names = sorted(map(str, [*found["missing_keys"], *found["mismatched_keys"]]))
        raise ModelFileError(
            f"{source.name} lacks {len(names)} of the weights that it needs ({names[0]} …).",
            hint="Choose another folder, or download this one again.",
            detail=", ".join(names[:50]),
        )
    use_decode_attention(model)
    # `requires_grad` stays as it is: for weights without it, torch's matmul copies the whole output
    # matrix for each prompt.
    return model.eval()


@contextmanager
def _progress(abort: AbortFlag, report: Report) -> Iterator[None]:
    """transformers' progress bar becomes `report`, and a place to stop at."""

    def follow(_: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> Iterator[Any]:
        items = list(arguments[0])
        for done, item in enumerate(items):
            abort.raise_if_set()
            report("loading", done, len(items))
            yield item

    before = logging.set_tqdm_hook(follow)
    report("loading", 0, 1)
    try:
        yield
    finally:
        logging.set_tqdm_hook(before)


@contextmanager
def _known_errors(source: Source) -> Iterator[None]:
    """Whatever transformers stumbles over, told in plain words."""
    try:
        yield
    except (EngineError, AbortedError):
        raise
    except Exception as error:
        text = str(error)
        if is_memory_error(error):
            raise ModelLoadError(
                f"There is not enough memory for {source.name}.", detail=text
            ) from error
        if "does not recognize this architecture" in text or "is not supported yet" in text:
            raise _unknown(
                source, _between(text, "`", "`") or _after(text, "architecture ")
            ) from error
        if isinstance(error, ImportError):
            raise ModelLoadError(
                f"{source.name} needs a library that Carrel does not bring.",
                hint="Choose a version of it with a tokenizer.json, or a GGUF file.",
                detail=text,
            ) from error
        raise ModelLoadError(
            f"transformers could not load {source.name}.",
            hint="Choose another model, or download this one again.",
            detail=f"{type(error).__name__}: {text}",
        ) from error


def _unknown(source: Source, kind: str) -> ModelFileError:
    return ModelFileError(
        f"{source.name} is a model of the kind {kind!r}, which this transformers does not know.",
        hint=_OTHER_HINT,
    )


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


def _after(text: str, start: str) -> str:
    return text.partition(start)[2].partition(" ")[0]
