"""One step of a model: tokens in, logits out, and being told to stop in the middle of it.

Knows neither conversations nor whose turn it is.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import torch

from engine.backends.hf.kv_cache import KvCache
from engine.contracts import AbortFlag
from engine.errors import AbortedError, GenerationError, ModelFileError

CACHE_NAMES = ("past_key_values", "cache_params")
SMALL_MODEL = 1_500_000_000  # parameters
# Tokens of a prompt read at once: whoever is urgent waits for one such chunk.
CHUNK_GPU, CHUNK, CHUNK_LARGE_MODEL = 1024, 512, 128
PROBE_TOKENS, PROBE_SPLIT = 24, 16
WRONG = 0.1  # of the spread of logits: more than rounding does


class ModelSteps:
    """Owns the model. `chunk` is how many tokens to read at once.

    `can_append`: some recurrent models (in transformers 5.23 Mamba, Jamba and others) go wrong when
    several tokens are added to what was read before, so their prompts are read in one piece.
    """

    def __init__(self, model: Any) -> None:
        self._model: Any = model
        self._device = model.device
        self._abort: AbortFlag | None = None
        names = inspect.signature(model.forward).parameters
        self._keeps_logits = "logits_to_keep" in names
        self._takes_positions = "position_ids" in names
        self._cache_name = next((name for name in CACHE_NAMES if name in names), "")
        is_small = model.num_parameters() < SMALL_MODEL
        on_gpu = self._device.type != "cpu"
        self.chunk = CHUNK_GPU if on_gpu else CHUNK if is_small else CHUNK_LARGE_MODEL
        for layer in _layers(model):
            layer.register_forward_pre_hook(self._look)
        self.can_append = self._probe()

    @property
    def is_there(self) -> bool:
        return self._model is not None

    def new_cache(self) -> KvCache:
        return KvCache(self._there().config)

    def step(
        self, cache: KvCache, start: int, tokens: Sequence[int], rows: int, abort: AbortFlag
    ) -> Any:
        """Read `tokens` after the `start` ones that `cache` remembers.

        Returns the logits of the last `rows` of them: float32 of shape (rows, vocabulary), on the
        model's device. To be called in inference mode.
        `AbortedError` between two layers, of which some then remember more than others.
        """
        inputs = torch.tensor([tokens], device=self._device)
        options: dict[str, Any] = {self._cache_name: cache.states, "use_cache": True}
        if self._keeps_logits:
            options["logits_to_keep"] = rows
        if self._takes_positions:  # not every model asks its cache for them
            places = torch.arange(start, start + len(tokens), device=self._device)
            options["position_ids"] = places[None]
        model = self._there()
        self._abort = abort
        try:
            logits = model(input_ids=inputs, **options).logits
        except AbortedError:
            raise
        except Exception as error:  # whatever a model's code may raise
            if is_memory_error(error):
                raise NoMemoryError(
                    "There is not enough memory for a text of this length.", detail=str(error)
                ) from error
            raise GenerationError(
                "The model failed while reading or writing.", detail=repr(error)
            ) from error
        finally:
            self._abort = None
        return logits[0, -rows:].float()

    def tidy(self) -> None:
        """Give freed memory of the GPU back to others."""
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        elif self._device.type == "mps":
            torch.mps.empty_cache()

    def free(self) -> None:
        self._model = None

    def _look(self, *_: Any) -> None:
        if self._abort is not None and self._abort.is_set():
            raise AbortedError

    def _there(self) -> Any:
        if self._model is None:
            raise GenerationError("The model has been closed.", hint="Send it once more.")
        return self._model

    def _probe(self) -> bool:
        """Does it work at all, and is a text that is read in two pieces the same as in one?"""
        if not self._cache_name:
            raise self._unusable("it keeps nothing of what it has read")
        count = self._model.config.get_text_config(decoder=True).vocab_size
        tokens = [(17 + index * 7919) % count for index in range(PROBE_TOKENS)]
        try:
            with torch.inference_mode():
                cache = self.new_cache()
                if cache.can_cut:
                    self.step(cache, 0, tokens[:1], 1, AbortFlag())
                    return True
                whole, split, single = (
                    self._in_pieces(tokens, place)
                    for place in (PROBE_TOKENS, PROBE_SPLIT, PROBE_TOKENS - 1)
                )
        except Exception as error:
            detail = error.detail if isinstance(error, GenerationError) else repr(error)
            raise self._unusable(detail) from error
        spread = float((whole - whole.mean()).norm())
        off = [float((other - whole).norm()) / spread for other in (split, single)]
        return off[0] <= 4 * off[1] + WRONG / 100 and off[1] < WRONG

    def _in_pieces(self, tokens: list[int], place: int) -> torch.Tensor:
        cache = self.new_cache()
        logits: torch.Tensor = self.step(cache, 0, tokens[:place], 1, AbortFlag())
        if place < len(tokens):
            logits = self.step(cache, place, tokens[place:], 1, AbortFlag())
        return logits

    def _unusable(self, detail: str) -> ModelFileError:
        return ModelFileError(
            f"Models of the kind {self._model.config.model_type!r} cannot be run in Carrel.",
            hint="Choose a model of another kind, or this one as a GGUF file.",
            detail=detail,
        )


class NoMemoryError(GenerationError):
    """There may be memory again when what is kept is forgotten."""


def is_memory_error(error: BaseException) -> bool:
    """The CPU's allocator and MPS raise a plain `RuntimeError`."""
    words = ("out of memory", "can't allocate memory", "not enough memory")
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or any(
        word in str(error).lower() for word in words
    )


def _layers(model: Any) -> list[torch.nn.Module]:
    """The decoder's layers: the longest list of modules."""
    lists = [module for module in model.modules() if isinstance(module, torch.nn.ModuleList)]
    return list(max(lists, key=len, default=[]))
