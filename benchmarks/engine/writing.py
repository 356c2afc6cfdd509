"""How fast an answer is written: alone, long, and while another program keeps a core busy."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.engine.bench import Bench
from benchmarks.report import Row, against, at_least, interleaved, median_ratio

STREAM_TOKENS = 512
LONG_TOKENS = (2000, 4000)
BUSY_TOKENS = 96


def stream(bench: Bench) -> Iterator[Row]:
    yield from stream_of(bench, bench.file, "")


def stream_of(bench: Bench, file: Path, kind: str) -> Iterator[Row]:
    """Tokens through the pipe against decoding alone: no sampling, no text, no other process."""
    tools = bench.tools()
    with bench.carrel(file) as carrel:
        seen = interleaved(
            f"stream{kind}",
            bench.rounds,
            {
                "Carrel": lambda number: carrel.answer(
                    bench.vocabulary.chat(48, seed=f"stream {number}"), STREAM_TOKENS
                ).rate(),
                "llama-bench": lambda number: tools.writing_speed(file, STREAM_TOKENS),
            },
        )
    ours, peers = seen.values()
    yield at_least(
        f"streamed tokens/s through the pipe{kind}",
        median_ratio(ours, peers),
        0.95,
        "x",
        f"llama-bench tg{STREAM_TOKENS}",
        against("tokens/s", ours, peers),
    )


def long_stream(bench: Bench) -> Iterator[Row]:
    """One long answer gives both figures: `Llama` makes the whole text anew for each token."""
    half, whole = LONG_TOKENS
    wanted = half if bench.quick else whole
    rates: dict[tuple[str, int], list[float]] = {
        (arm, length): [] for arm in ("Carrel", "Llama") for length in LONG_TOKENS
    }
    with bench.carrel() as carrel, bench.llama() as llama:

        def note(arm: str, number: int, until_half: float, until_end: float) -> float:
            if number:
                rates[arm, half].append(until_half)
                rates[arm, wanted].append(until_end)
            return until_end

        def ours(number: int) -> float:
            messages = bench.vocabulary.chat(48, seed=f"long {number}")
            answer = carrel.answer(messages, wanted if number else 64)
            return note("Carrel", number, answer.rate(half if number else None), answer.rate())

        def peer(number: int) -> float:
            prompt = bench.vocabulary.prompt(bench.vocabulary.chat(48, seed=f"long {number}"))
            written = llama.write(prompt, wanted if number else 64)
            return note("Llama", number, written.rate(half if number else None), written.rate())

        interleaved("long stream", bench.rounds, {"Carrel": ours, "Llama": peer})
    for length, goal in zip(LONG_TOKENS, (1.1, 1.25), strict=True):
        if mine := rates["Carrel", length][: bench.rounds]:
            others = rates["Llama", length][: bench.rounds]
            yield at_least(
                f"streamed tokens/s over {length:,} tokens",
                median_ratio(mine, others),
                goal,
                "x",
                "llama_cpp.Llama, tuned",
                against("tokens/s", mine, others),
            )


def busy_core(bench: Bench) -> Iterator[Row]:
    """Two threads that wait for each other at every layer are slow when one has to wait for a core."""
    with bench.carrel() as carrel, bench.llama() as llama, another_program():

        def ours(number: int) -> float:
            messages = bench.vocabulary.chat(48, seed=f"busy {number}")
            return carrel.answer(messages, BUSY_TOKENS).rate()

        def peer(number: int) -> float:
            messages = bench.vocabulary.chat(48, seed=f"busy {number}")
            return llama.write(bench.vocabulary.prompt(messages), BUSY_TOKENS).rate()

        seen = interleaved("busy core", bench.rounds, {"Carrel": ours, "Llama": peer})
    yield at_least(
        "tokens/s with one core kept busy by another program",
        median_ratio(*seen.values()),
        2.0,
        "x",
        "llama_cpp.Llama, tuned, under the same load",
        against("tokens/s", *seen.values()),
    )


@contextmanager
def another_program() -> Iterator[None]:
    """One that computes all the time, and ends with this block, or else with this process."""
    program = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        try:
            yield
        finally:
            process.kill()
