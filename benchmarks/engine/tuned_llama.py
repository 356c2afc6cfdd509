"""llama-cpp-python's own `Llama`, with the options that make it fastest here: the peer in the process.

As it cannot ignore the end of an answer, its sampler is given the ends' bias in llama.cpp itself
(its own `logit_bias` calls Python for each token); what is off in greedy sampling is left out.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.engine.prompts import silence_llama


class Written(NamedTuple):
    """Seconds from the call; `times` are those at which each token's piece came."""

    first: float
    seconds: float
    tokens: int
    times: tuple[float, ...]

    def rate(self, until: int | None = None) -> float:
        """Tokens per second from the first piece to the end, or to piece `until`."""
        if until is None or until >= len(self.times):
            return (self.tokens - 1) / (self.seconds - self.first)
        return (until - 1) / (self.times[until - 1] - self.first)


class TunedLlama:
    def __init__(self, file: Path, n_ctx: int, n_threads: int, ends: Sequence[int]) -> None:
        import llama_cpp
        from llama_cpp._internals import LlamaSampler

        class EndlessLlama(llama_cpp.Llama):
            def _init_sampler(self, *_: Any, **__: Any) -> Any:
                sampler = LlamaSampler()
                sampler.add_logit_bias(self.n_vocab(), dict.fromkeys(ends, -1000.0))
                sampler.add_greedy()
                return sampler

        silence_llama()
        self._model: Any = EndlessLlama(
            str(file),
            n_ctx=n_ctx,
            n_threads=n_threads,
            n_threads_batch=n_threads,
            flash_attn=True,
            verbose=False,
        )
        silence_llama()

    def write(self, prompt: Sequence[int], tokens: int) -> Written:
        """Stream so many tokens after `prompt`; what it still knows of it is not read again."""
        start = time.perf_counter()
        stream = self._model.create_completion(
            list(prompt), max_tokens=tokens, temperature=0.0, repeat_penalty=1.0, stream=True
        )
        times, reason = [], None
        for chunk in stream:
            reason = chunk["choices"][0]["finish_reason"]
            if reason is None:  # the last chunk has no text
                times.append(time.perf_counter() - start)
        if reason != "length":
            raise RuntimeError(f"Llama ended with {reason!r} before {tokens} tokens")
        return Written(times[0], times[-1], tokens, tuple(times))

    def warm_up(self, prompt: Sequence[int]) -> None:
        self.write(prompt, 16)

    def close(self) -> None:
        self._model.close()
