"""Is a converted model better than its source? Both are read side by side, on this processor.

Whatever else the machine does hits both alike, as they take turns window by window.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import llama_cpp
import msgspec

from engine.backends.llama.loading import last_error, load_weights
from engine.backends.llama.perplexity import PerplexityMeter
from engine.contracts import AbortFlag
from engine.errors import ModelLoadError

DECODED = 16  # tokens, after each window
FASTER = 1.15  # at least so much faster must prompts be read,
NOT_SLOWER = 0.93  # answers not slower than this,
NOT_WORSE = 1.01  # and the perplexity at most so much higher


class Speeds(msgspec.Struct, frozen=True):
    """Tokens per second of prompts and of answers, and the perplexity of the same text."""

    prompt: float
    decode: float
    perplexity: float


def compare(
    source: Path,
    converted: Path,
    n_threads: int,
    abort: AbortFlag,
    report: Callable[[float, float], None],
) -> tuple[Speeds, Speeds]:
    """Of the source and of what was made of it."""
    with ExitStack() as stack:
        meters = []
        for path in (source, converted):
            model = load_weights(path, 0, abort, lambda *_: None)
            if model is None:
                raise ModelLoadError(f"llama.cpp could not load {path.name}.", detail=last_error())
            stack.callback(llama_cpp.llama_model_free, model)
            meters.append(stack.enter_context(PerplexityMeter(model, n_threads, abort)))
        return _take_turns(meters, report)


def _take_turns(
    meters: list[PerplexityMeter], report: Callable[[float, float], None]
) -> tuple[Speeds, Speeds]:
    prompts: list[list[float]] = [[], []]
    decodes: list[list[float]] = [[], []]
    windows = meters[0].windows
    for window in range(windows):
        for number, meter in enumerate(meters):
            report(2 * window + number, 2 * windows)
            prompts[number].append(meter.read(window))
            decodes[number].append(meter.decode_speed(DECODED))
    report(1, 1)
    source, converted = (
        Speeds(statistics.median(prompt), statistics.median(decode), meter.perplexity)
        for prompt, decode, meter in zip(prompts, decodes, meters, strict=True)
    )
    return source, converted


def is_better(source: Speeds, converted: Speeds) -> bool:
    """Clearly faster with prompts, as good with everything else."""
    return (
        converted.prompt >= FASTER * source.prompt
        and converted.decode >= NOT_SLOWER * source.decode
        and converted.perplexity <= NOT_WORSE * source.perplexity
    )
