"""How fast an answer is written: alone, long, and while another program keeps a core busy."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.engine.bench import Bench
from benchmarks.engine.carrel import Answer
from benchmarks.engine.tuned_llama import Written
from benchmarks.report import Row, against, at_least, interleaved, median_ratio, plain

STREAM_TOKENS = 512
LONG_TOKENS: dict[int, float | None] = {2000: 1.1, 4000: 1.25}  # with the goals
QUICK_LONG_TOKENS = 1000
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
    """One long answer gives all figures: `Llama` makes the whole text anew for each token."""
    goals = {QUICK_LONG_TOKENS: None} if bench.quick else LONG_TOKENS
    ours: dict[int, list[float]] = {length: [] for length in goals}
    peers: dict[int, list[float]] = {length: [] for length in goals}

    def note(seen: dict[int, list[float]], number: int, wrote: Answer | Written) -> float:
        for length in goals if number else ():
            seen[length].append(wrote.rate(length))
        return wrote.rate()

    with bench.carrel() as carrel, bench.llama() as llama:

        def carrel_writes(number: int) -> float:
            messages = bench.vocabulary.chat(48, seed=f"long {number}")
            return note(ours, number, carrel.answer(messages, max(goals) if number else 64))

        def llama_writes(number: int) -> float:
            prompt = bench.vocabulary.prompt(bench.vocabulary.chat(48, seed=f"long {number}"))
            return note(peers, number, llama.write(prompt, max(goals) if number else 64))

        arms = {"Carrel": carrel_writes, "Llama": llama_writes}
        interleaved("long stream", bench.rounds, arms)
    for length, goal in goals.items():
        name = f"streamed tokens/s over {length:,} tokens"
        ratio = median_ratio(ours[length], peers[length])
        told = "llama_cpp.Llama, tuned", against("tokens/s", ours[length], peers[length])
        yield at_least(name, ratio, goal, "x", *told) if goal else plain(name, ratio, "x", *told)


def busy_core(bench: Bench) -> Iterator[Row]:
    """Two threads that wait for each other at every layer are slow when one has to wait for a core."""
    tokens = bench.size(BUSY_TOKENS)
    with bench.carrel() as carrel, bench.llama() as llama, another_program():

        def ours(number: int) -> float:
            messages = bench.vocabulary.chat(48, seed=f"busy {number}")
            return carrel.answer(messages, tokens).rate()

        def peer(number: int) -> float:
            messages = bench.vocabulary.chat(48, seed=f"busy {number}")
            return llama.write(bench.vocabulary.prompt(messages), tokens).rate()

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
