"""The embedded model in the form that this processor reads faster, against the file as it ships."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.engine.bench import Bench
from benchmarks.engine.parallel import shared_of
from benchmarks.engine.prompts import sentences
from benchmarks.engine.reading import prefill_of, prompt_speed
from benchmarks.engine.writing import stream_of
from benchmarks.report import Row, against, at_least, at_most, interleaved, median_ratio


def conversion(bench: Bench) -> Iterator[Row]:
    """Prompt tokens/s after and before, in one run, and the perplexity as llama.cpp measures it."""
    made = bench.conversion
    with bench.carrel(bench.converted_file()) as after, bench.carrel() as before:
        arms = {
            "after": partial(prompt_speed, bench, after),
            "before": partial(prompt_speed, bench, before),
        }
        seen = interleaved("conversion", bench.rounds, arms)
    told = f"{made.source_quantization} to {made.quantization}, {made.size_bytes / 1e6:.0f} MB"
    yield at_least(
        "prompt tokens/s of the converted embedded model",
        median_ratio(*seen.values()),
        1.6,
        "x",
        "the file as it ships",
        f"{told}; {against('tokens/s', *seen.values())}",
    )
    text = bench.home / "perplexity.txt"
    text.write_text(" ".join(sentences()), encoding="utf-8")
    tools = bench.tools()
    converted, source = (
        tools.perplexity(file, text) for file in (bench.converted_file(), bench.file)
    )
    own = (made.perplexity / made.source_perplexity - 1) * 100
    yield at_most(
        "perplexity of the converted embedded model, change",
        (converted / source - 1) * 100,
        1.0,
        "%",
        "the file as it ships",
        f"llama-perplexity on Carrel's documents: {converted:.3f} against {source:.3f}; "
        f"Carrel's own measure: {own:+.2f} %",
    )


def stream_converted(bench: Bench) -> Iterator[Row]:
    yield from stream_of(bench, bench.converted_file(), f", {bench.conversion.quantization}")


def prefill_converted(bench: Bench) -> Iterator[Row]:
    yield from prefill_of(bench, bench.converted_file(), f", {bench.conversion.quantization}")


def shared_converted(bench: Bench) -> Iterator[Row]:
    yield from shared_of(bench, bench.converted_file(), f", {bench.conversion.quantization}")
