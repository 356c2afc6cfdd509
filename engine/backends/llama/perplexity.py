"""How well a model expects a fixed text, for comparing two forms of the same model.

Method: that of llama.cpp's perplexity tool. The text is read in windows that know nothing of each
other, and in each the second half is scored: exp of the mean negative log-likelihood of its tokens.
"""

from __future__ import annotations

import math
from typing import Any

import llama_cpp
import numpy as np

from engine.backends.llama.probe import Probe, tokens_of
from engine.contracts import AbortFlag
from engine.paths import RESOURCES

WINDOW = 512
TEXT = RESOURCES / "texts" / "perplexity.txt"


class PerplexityMeter:
    """`with PerplexityMeter(…) as meter`, then `read` each of its `windows` once."""

    def __init__(self, model: Any, n_threads: int, abort: AbortFlag, text: str = "") -> None:
        self._tokens = tokens_of(model, text or TEXT.read_text(encoding="utf-8"))
        self.windows = len(self._tokens) // WINDOW
        vocab = llama_cpp.llama_model_get_vocab(model)
        if llama_cpp.llama_vocab_get_add_bos(vocab):
            for start in range(0, len(self._tokens), WINDOW):
                self._tokens[start] = llama_cpp.llama_vocab_bos(vocab)
        self._sum, self._count = 0.0, 0
        self._probe = Probe(model, WINDOW, n_threads, abort, outputs=WINDOW // 2)

    def __enter__(self) -> PerplexityMeter:
        return self

    def __exit__(self, *raised: Any) -> None:
        self._probe.__exit__(*raised)

    def read(self, window: int) -> float:
        """Score a window. Returns tokens per second of its first half, of which no logits are kept."""
        half = WINDOW // 2
        start = window * WINDOW
        tokens = self._tokens[start : start + WINDOW]
        self._probe.forget()
        seconds = self._probe.read(tokens[:half])
        self._probe.read(tokens[half:], outputs=half)
        logits = self._probe.logits(half)[:-1]  # the last one expects the next window's first token
        expected = np.asarray(tokens[half + 1 :])
        top = logits.max(axis=1)
        norm = top + np.log(np.exp(logits - top[:, None]).sum(axis=1, dtype=np.float64))
        self._sum += float((norm - logits[np.arange(len(expected)), expected]).sum())
        self._count += len(expected)
        return half / seconds

    def decode_speed(self, count: int) -> float:
        """Tokens per second, one at a time."""
        self._probe.forget()
        token = self._tokens[0]
        self._probe.read([token])
        return count / sum(self._probe.read([token]) for _ in range(count))

    @property
    def perplexity(self) -> float:
        """Of the windows read so far."""
        return math.exp(self._sum / self._count)
