"""How soon Stop stops while a long prompt is read."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Iterator, Sequence

from benchmarks.engine.bench import Bench
from benchmarks.report import Row, at_least, at_most, progress

PROMPT_TOKENS = 8000
STOPS = 20
PAUSES = (0.3, 0.7, 1.1, 1.9, 2.6)  # seconds of reading before Stop, in turn


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def stop(bench: Bench) -> Iterator[Row]:
    """Seconds from sending `Abort` to the request's end. `Llama` has to read on to the end."""
    stops = bench.rounds if bench.quick else STOPS
    waits: list[float] = []
    asked: list[float] = []
    with bench.carrel() as carrel:
        for number in range(stops + 1):
            pause = PAUSES[number % len(PAUSES)]
            pending = carrel.start(bench.vocabulary.chat(PROMPT_TOKENS, seed=f"stop {number}"), 4)
            time.sleep(pause)
            start = time.perf_counter()
            if pending.terminal.done():
                raise RuntimeError(f"the prompt was read before {pause} s had gone by")
            carrel.abort(pending)
            pending.terminal.result(60)
            if number:
                waits.append(pending.ended - start)
                asked.append(pause)
            progress(f"stop {number}/{stops}: {(pending.ended - start) * 1000:.1f} ms")
    milliseconds = percentile(waits, 0.95) * 1000
    note = f"{stops} stops, median {statistics.median(waits) * 1000:.1f} ms"
    name = "Stop while 8k tokens are read"
    yield at_most(f"{name}, 95th percentile", milliseconds, 50.0, "ms", "", note)
    with bench.llama() as llama:
        # One reading tells for every pause how much longer it would have gone on.
        prompt = bench.vocabulary.prompt(bench.vocabulary.chat(PROMPT_TOKENS, seed="read"))
        reading = llama.write(prompt, 1).first
    progress(f"stop, Llama: reads for {reading:.1f} s")
    theirs = percentile([reading - pause for pause in asked], 0.95)
    yield at_least(
        f"{name}, times sooner",
        theirs * 1000 / milliseconds,
        50.0,
        "x",
        "llama_cpp.Llama, tuned, which reads to the end",
        f"{theirs:.1f} s against {milliseconds:.1f} ms, both 95th percentiles",
    )
