"""Models that cannot be: contexts larger than memory, and files that make llama.cpp end its process.

The files pass every check of Carrel's own, since they are well-formed; only what they say makes no
sense. The user is told with a hint, the window's process lives, and the good model loads again.
"""

from __future__ import annotations

import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from engine.backends.llama.gguf import read_header
from engine.catalog import embedded_chat_model
from engine.client import EngineClient
from engine.protocol import (
    LoadModel,
    RequestFinished,
    TerminalEvent,
    WorkerDied,
    WorkerReady,
    new_request_id,
)
from engine.types import ModelSpec
from tests.engine.gguf_writer import gguf
from tests.engine.recorder import Recorder, chat
from tests.proofs.soak_requests import GREEDY

MB = 10**6
SMALL = ModelSpec(n_ctx=512)
HUGE = 1_000_000  # tokens: 23 GB for this model
TRAINED_LONGER = 1 << 20
# What the worker may take beyond what it has before the model is loaded.
ALLOWANCES_MB = (2500, 1200, 700, 450, 300, 150, 60, 10)
LLAMA = {
    "general.architecture": "llama",
    "llama.context_length": 512,
    "llama.embedding_length": 8,
    "llama.feed_forward_length": 8,
    "llama.attention.head_count": 1,
    "llama.attention.layer_norm_rms_epsilon": 1e-5,
    "llama.block_count": 1,
}


class Models:
    """`wrong` has what should not be; `found` what came of each try."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._recorder = Recorder(EngineClient())
        self.wrong: list[str] = []
        self.found: dict[str, str] = {}

    @contextmanager
    def worker(self) -> Iterator[None]:
        self._recorder.client.start()
        try:
            self._recorder.wait(WorkerReady)
            yield
        finally:
            self._recorder.client.close()

    def contexts_without_limit(self, sizes: tuple[int, ...]) -> None:
        """More than the model can have: it gets what it can, and that is told."""
        for n_ctx in sizes:
            spec = ModelSpec(n_ctx=n_ctx)
            end = self._recorder.end(self._recorder.send(LoadModel(new_request_id(), spec)))
            self._judge(f"{n_ctx:,} tokens", end, n_ctx)

    def contexts_with_limit(self, allowances: tuple[int, ...]) -> None:
        """More than the process may take, in a worker of its own each."""
        path = self._folder / "long.gguf"
        path.write_bytes(changed("llama.context_length", TRAINED_LONGER))
        spec = ModelSpec(path=str(path), n_ctx=HUGE, n_threads=1)
        for allowance in allowances:
            self._renew_worker()
            limit_memory(self._recorder.client.pid, allowance * MB)
            end = self._recorder.end(self._recorder.send(LoadModel(new_request_id(), spec)))
            self._judge(f"{HUGE:,} tokens in {allowance} MB", end, HUGE)
            if isinstance(end, RequestFinished):
                self._ask(spec, f"after {allowance} MB")
        self._renew_worker()
        self._ask(SMALL, "without a limit again")

    def files(self, makers: dict[str, Callable[[], bytes]]) -> None:
        """Each is tried where the good model is loaded, and the good one again afterwards."""
        for what, make in makers.items():
            path = self._folder / "odd.gguf"
            path.write_bytes(make())
            read_header(path)  # sound, as far as a header tells
            self._ask(SMALL, f"before {what}")
            pid, seen = self._recorder.client.pid, len(self._recorder.events)
            spec = ModelSpec(path=str(path), n_ctx=512, n_threads=1)
            request = chat("Name three colours.", model=spec, max_tokens=4, **GREEDY)
            end = self._recorder.end(self._recorder.send(request))
            if isinstance(end, RequestFinished):
                self.found[what] = "answers"
            elif end.error.code == "WORKER_DIED":
                died = self._recorder.wait(WorkerDied, after=seen)
                self.found[what] = f"the worker ended ({died.exit_code})"
                if not died.log_tail:
                    self.wrong.append(f"{what}: nothing in the log")
            else:
                self.found[what] = "refused"
                if self._recorder.client.pid != pid:
                    self.wrong.append(f"{what}: refused, but the worker is another")
            self._judge_words(what, end)
            self._ask(SMALL, f"after {what}")

    def _judge(self, what: str, end: TerminalEvent, wish: int) -> None:
        """Smaller and told, or refused with a hint; never the end of the process."""
        self._judge_words(what, end)
        if not isinstance(end, RequestFinished):
            self.found[what] = end.error.code
            if end.error.code == "WORKER_DIED":
                self.wrong.append(f"{what}: the worker died: {end.error.detail[-600:]}")
            return
        n_ctx, choices = end.result["n_ctx"], " ".join(end.result["choices"])
        self.found[what] = f"{n_ctx:,} tokens"
        if n_ctx >= wish or f"{n_ctx:,} tokens" not in choices:
            self.wrong.append(f"{what}: {n_ctx:,} tokens, and that is told: {choices}")

    def _judge_words(self, what: str, end: TerminalEvent) -> None:
        if isinstance(end, RequestFinished):
            return
        if not end.error.message or not end.error.hint or end.error.code == "INTERNAL":
            self.wrong.append(f"{what}: told as {end.error}")

    def _ask(self, spec: ModelSpec, when: str) -> None:
        request = chat("Name three colours.", model=spec, max_tokens=4, **GREEDY)
        end = self._recorder.end(self._recorder.send(request))
        if not isinstance(end, RequestFinished) or not end.result["text"]:
            self.wrong.append(f"{when}: the model does not answer: {end}")

    def _renew_worker(self) -> None:
        self._recorder.client.close()
        self._recorder = Recorder(EngineClient())
        self._recorder.client.start()
        self._recorder.wait(WorkerReady)


def limit_memory(pid: int | None, more: int) -> None:
    """The process may take so many bytes of addresses beyond those that it has."""
    import resource

    assert pid is not None
    limit = psutil.Process(pid).memory_info().vms + more
    resource.prlimit(pid, resource.RLIMIT_AS, (limit, limit))


def changed(key: str, value: float, form: str = "<I") -> bytes:
    """The embedded model with another number in its metadata."""
    data = bytearray(embedded_chat_model().read_bytes())
    name = struct.pack("<Q", len(key)) + key.encode()
    struct.pack_into(form, data, data.index(name) + len(name) + 4, value)
    return bytes(data)


def retyped(tensor: str, kind: int) -> bytes:
    """The embedded model with one tensor said to be of another ggml type."""
    data = bytearray(embedded_chat_model().read_bytes())
    name = struct.pack("<Q", len(tensor)) + tensor.encode()
    place = data.index(name) + len(name)
    (dimensions,) = struct.unpack_from("<I", data, place)
    struct.pack_into("<I", data, place + 4 + 8 * dimensions, kind)
    return bytes(data)


_EPSILON = "llama.attention.layer_norm_rms_epsilon"
QUICK_FILES: dict[str, Callable[[], bytes]] = {
    "no layers": lambda: gguf(LLAMA | {"llama.block_count": 0}),
    "a norm in half precision": lambda: retyped("output_norm.weight", 1),
}
FILES: dict[str, Callable[[], bytes]] = QUICK_FILES | {
    "100,000 layers": lambda: gguf(LLAMA | {"llama.block_count": 100_000}),
    "100,000 experts": lambda: gguf(LLAMA | {"llama.expert_count": 100_000}),
    "experts that do not exist": lambda: gguf(LLAMA | {"llama.expert_used_count": 10}),
    "an unknown way of scaling": lambda: gguf(LLAMA | {"llama.rope.scaling.type": "odd"}),
    "an epsilon below zero": lambda: changed(_EPSILON, -1.0, "<f"),
    "an epsilon that is no number": lambda: changed(_EPSILON, float("nan"), "<f"),
    "weights of another type": lambda: retyped("blk.0.attn_q.weight", 2),
    "a frequency that is no number": lambda: changed("llama.rope.freq_base", float("nan"), "<f"),
    "no heads": lambda: changed("llama.attention.head_count", 0),
    "too many heads": lambda: changed("llama.attention.head_count", 2**32 - 1),
    "four thousand million layers": lambda: changed("llama.block_count", 2**32 - 1),
    "an end of turn that does not exist": lambda: changed("tokenizer.ggml.eos_token_id", 10**6),
}


def odd_models(folder: Path, *, quick: bool = False) -> dict[str, Any]:
    """What came of each, and under "wrong" what should not be."""
    run = Models(folder)
    started = time.monotonic()
    with run.worker():
        run.contexts_without_limit((HUGE,) if quick else (HUGE, 2**31, 2**40))
        run.files(QUICK_FILES if quick else FILES)
        if sys.platform == "linux":
            run.contexts_with_limit((700, 60) if quick else ALLOWANCES_MB)
    return {
        "seconds": round(time.monotonic() - started, 1),
        "found": run.found,
        "wrong": run.wrong,
    }
