"""Every measure, in the order in which they run. `--only` takes the first names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.engine import (
    conversion,
    lookup,
    machine,
    parallel,
    reading,
    stopping,
    transformers_model,
    writing,
)
from benchmarks.engine.bench import Bench
from benchmarks.report import Row


class Measure(NamedTuple):
    """`run` yields its rows; `title` stands for those that could not be measured.

    What is not `quick` is left out of a quick run, unless it is asked for by name.
    """

    name: str
    title: str
    run: Callable[[Bench], Iterator[Row]]
    quick: bool = True


MEASURES = (
    Measure("machine", "the machine", machine.machine),
    Measure("stream", "streamed tokens/s through the pipe", writing.stream),
    Measure("long", "streamed tokens/s over 2,000 and 4,000 tokens", writing.long_stream),
    Measure("prefill", "prompt tokens/s to the first text", reading.prefill),
    Measure("context", "first text of the next turn, and after a restart", reading.context),
    Measure("robin", "first texts round robin over 8 chats", reading.round_robin),
    Measure("shared", "8 requests that share a prompt", parallel.shared),
    Measure("server-turn", "first text of a warm turn", reading.server_turn),
    Measure("server-parallel", "8 requests at the same time", parallel.server_parallel),
    Measure("stop", "Stop while 8k tokens are read", stopping.stop),
    Measure("busy", "tokens/s with one core kept busy", writing.busy_core),
    Measure("lookup", "prompt lookup", lookup.lookup),
    Measure("conversion", "the converted embedded model", conversion.conversion),
    Measure("stream-converted", "stream, converted file", conversion.stream_converted, False),
    Measure("prefill-converted", "prefill, converted file", conversion.prefill_converted, False),
    Measure(
        "shared-converted", "shared prompt, converted file", conversion.shared_converted, False
    ),
    Measure("transformers", "transformers backend", transformers_model.transformers),
)
