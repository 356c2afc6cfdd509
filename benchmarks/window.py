"""The window against its peers: start and memory against an empty PySide6 window, streaming against
llama-cpp-python's own `Llama`, and the longest turn of the event loop while an answer streams.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import psutil

from benchmarks.report import (
    Row,
    arguments,
    at_least,
    at_most,
    median_ratio,
    plain,
    progress,
    publish,
)
from engine.backends.llama_cpp_backend import LlamaCppBackend
from engine.call import Caller, engine_caller
from engine.catalog import embedded_chat_model
from engine.contracts import AbortFlag
from engine.protocol import Chat, LoadModel, TextDelta, new_request_id
from engine.types import GenerationParams, Message, ModelSpec, Role

PROMPT = "Write a long story about a lighthouse keeper who finds a letter in a bottle."
TOKENS = 256
THREADS = 2


class Start(NamedTuple):
    """Seconds from starting the process, and resident megabytes once all is set up."""

    painted: float
    ready: float
    megabytes: float


def first_windows(rounds: int) -> list[Row]:
    """The first round, Carrel's very first start with its database, is not counted in the ratios."""
    starts: dict[str, list[Start]] = {"empty": [], "carrel": []}
    with tempfile.TemporaryDirectory() as home:
        for number in range(rounds + 1):
            for kind, seen in starts.items():
                seen.append(one_window(kind, home))
                progress(f"window {number}/{rounds} {kind}: {seen[-1]}")

    def ratio(field: str, first: int = 1, last: int | None = None) -> float:
        ours, peers = ([getattr(s, field) for s in starts[k][first:last]] for k in reversed(starts))
        return median_ratio(ours, peers)

    peer = "empty PySide6 window"
    note = "{:.0f} MB against {:.0f} MB".format(
        *(statistics.median(s.megabytes for s in starts[k][1:]) for k in reversed(starts))
    )
    first = starts["carrel"][0].megabytes / starts["empty"][0].megabytes
    return [
        at_most("first window", ratio("painted"), 1.5, "x", peer, "process start to first paint"),
        plain("ready to type", ratio("ready"), "x", peer, "process start to a painted chat page"),
        at_most("memory of the window's process", ratio("megabytes"), 1.5, "x", peer, note),
        plain("the same at the very first start", first, "x", peer, "makes the database"),
    ]


def one_window(kind: str, home: str) -> Start:
    environment = os.environ | {"CARREL_HOME": home}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.probe_window", kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    expect(process, "painted")
    painted = time.perf_counter() - started
    expect(process, "ready")
    ready = time.perf_counter() - started
    expect(process, "settled")
    megabytes = psutil.Process(process.pid).memory_info().rss / 1e6
    process.stdin.close()
    process.wait(20)
    process.stdout.close()
    return Start(painted, ready, megabytes)


def expect(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout
    line = process.stdout.readline().strip()
    if line != word:
        raise RuntimeError(f"the probe said {line!r} where {word!r} was due")


def streaming(rounds: int) -> list[Row]:
    """Generated tokens per second after the first one, the same prompt, greedy, two threads."""
    import llama_cpp

    path = str(embedded_chat_model())
    model = llama_cpp.Llama(path, n_ctx=2048, n_threads=THREADS, flash_attn=True, verbose=False)
    prompt = prompt_text()

    spec = ModelSpec(path=path, n_ctx=2048, n_threads=THREADS)
    with engine_caller() as caller:
        caller.call(LoadModel(new_request_id(), spec), lambda event: None)

        results: dict[str, list[float]] = {"ours": [], "peer": []}
        for number in range(rounds + 1):
            values = {"peer": peer_rate(model, prompt), "ours": our_rate(caller, spec)}
            progress(f"streaming {number}/{rounds}, tokens/s: {values}")
            for name, value in values.items() if number else ():
                results[name].append(value)
    model.close()
    ratio = median_ratio(results["ours"], results["peer"])
    name = "streamed tokens/s through the pipe"
    return [at_least(name, ratio, 0.95, "x", "llama_cpp.Llama", f"{TOKENS} tokens, greedy")]


def prompt_text() -> str:
    """The chat prompt as text, so that both arms read the same tokens."""
    model = LlamaCppBackend().load(ModelSpec(n_ctx=512), AbortFlag(), lambda *_: None)
    try:
        return model.render([Message(Role.USER, PROMPT)])
    finally:
        model.close()


def peer_rate(model: Any, prompt: str) -> float:
    """Tokens per second of `Llama`'s stream, from its first piece to its last."""
    times = [
        time.perf_counter()
        for _ in model.create_completion(
            prompt, max_tokens=TOKENS, temperature=0.0, repeat_penalty=1.0, stream=True
        )
    ]
    return (len(times) - 1) / (times[-1] - times[0])


def our_rate(caller: Caller, spec: ModelSpec) -> float:
    """Tokens per second as they arrive over the pipe, from the first delta to the end."""
    params = GenerationParams(max_tokens=TOKENS, temperature=0.0, repeat_penalty=1.0)
    request = Chat(new_request_id(), spec, (Message(Role.USER, PROMPT),), params)
    first: list[tuple[float, int]] = []

    def note(event: object) -> None:
        if isinstance(event, TextDelta) and not first:
            first.append((time.perf_counter(), event.tokens))

    finished = caller.call(request, note)
    at, tokens = first[0]
    return (finished.usage.completion_tokens - tokens) / (time.perf_counter() - at)


def stalls(rounds: int) -> list[Row]:
    """The gaps between beats of a 1 ms timer in the window's event loop, answering and idle."""
    found: dict[str, list[dict[str, float]]] = {"answering": [], "idle": []}
    for number in range(1, rounds + 1):
        for kind in ("idle", "answering"):
            with tempfile.TemporaryDirectory() as home:
                environment = os.environ | {"CARREL_HOME": home}
                environment.setdefault("QT_QPA_PLATFORM", "offscreen")
                output = subprocess.run(
                    [sys.executable, "-m", "benchmarks.probe_stalls", kind],
                    capture_output=True,
                    env=environment,
                    text=True,
                    timeout=120,
                    check=True,
                ).stdout
            result = json.loads(output.splitlines()[-1])
            progress(f"stalls {number}/{rounds} {kind}: {result}")
            found[kind].append(result)

    def median(kind: str, key: str) -> float:
        return statistics.median(result[key] for result in found[kind])

    note = f"idle: p99 {median('idle', 'p99'):.1f}, longest {median('idle', 'max'):.1f} ms"
    return [
        at_most("event loop while answering, p99", median("answering", "p99"), 16, "ms", "", note),
        at_most("event loop while answering, longest", median("answering", "max"), 50, "ms", ""),
        plain("event loop while answering, median", median("answering", "p50"), "ms"),
    ]


def main() -> int:
    options = arguments(__doc__ or "")
    rounds = 2 if options.quick else 9
    rows: list[Row] = []
    parts: list[Callable[[int], list[Row]]] = [first_windows, streaming, stalls]
    for part in parts:
        rows += part(rounds if part is not stalls else max(1, rounds // 3))
    return publish(rows, options.json)


if __name__ == "__main__":
    sys.exit(main())
