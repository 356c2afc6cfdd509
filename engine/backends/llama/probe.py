"""A small context on a loaded model, to measure it: how fast it reads and writes, what it expects.

For a moment only, beside the context that answers are written in. It keeps no conversation.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import llama_cpp
import numpy as np

from engine.backends.llama.library import native_abort_callback
from engine.contracts import AbortFlag
from engine.errors import AbortedError, GenerationError, ModelLoadError


class Probe:
    """`with Probe(…) as probe`; not thread-safe. A decode ends as soon as `abort` is set."""

    def __init__(
        self, model: Any, n_ctx: int, n_threads: int, abort: AbortFlag, *, outputs: int = 1
    ) -> None:
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = params.n_batch = params.n_ubatch = n_ctx
        params.n_seq_max = 1
        params.n_outputs_max = outputs
        params.n_threads = params.n_threads_batch = n_threads
        params.no_perf = True
        self._context = llama_cpp.llama_init_from_model(model, params)
        if not self._context:
            raise ModelLoadError("There is not enough memory to measure the model.")
        self._n_vocab = int(llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model)))
        self._batch = llama_cpp.llama_batch_init(n_ctx, 0, 1)
        self._position = 0
        self._abort = abort
        # llama.cpp polls this from C, with strlen(): an empty string means "go on".
        self._stop = bytearray(2)
        self._watched = (ctypes.c_char * 2).from_buffer(self._stop)
        self._callback = native_abort_callback()
        llama_cpp.llama_set_abort_callback(
            self._context, self._callback, ctypes.addressof(self._watched)
        )
        stop = self._stop

        def end_decode() -> None:
            stop[0] = 1

        abort.when_set(end_decode)

    def __enter__(self) -> Probe:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        llama_cpp.llama_batch_free(self._batch)
        llama_cpp.llama_free(self._context)

    def set_threads(self, n_threads: int) -> None:
        llama_cpp.llama_set_n_threads(self._context, n_threads, n_threads)

    def forget(self) -> None:
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self._context), False)
        self._position = 0

    def read(self, tokens: Sequence[int], outputs: int = 1) -> float:
        """Read on, with logits for the last `outputs` tokens; the seconds it took."""
        self._abort.raise_if_set()
        batch, count = self._batch, len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = self._position + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = index >= count - outputs
        batch.n_tokens = count
        started = time.perf_counter()
        code = llama_cpp.llama_decode(self._context, batch)
        llama_cpp.llama_synchronize(self._context)
        seconds = time.perf_counter() - started
        if self._abort.is_set():
            raise AbortedError
        if code != 0:
            raise GenerationError(f"llama.cpp could not read on (code {code}).")
        self._position += count
        return seconds

    def logits(self, rows: int) -> np.ndarray:
        """Of the outputs asked for: float32 of shape (rows, n_vocab), valid until the next read."""
        pointer = llama_cpp.llama_get_logits(self._context)
        return np.ctypeslib.as_array(pointer, (rows, self._n_vocab))


def tokens_of(model: Any, text: str) -> list[int]:
    """Token ids of plain text, without any marks."""
    vocab, data = llama_cpp.llama_model_get_vocab(model), text.encode()
    size = len(data) + 8
    tokens = (llama_cpp.llama_token * size)()
    count = llama_cpp.llama_tokenize(vocab, data, len(data), tokens, size, False, False)
    return tokens[: max(count, 0)]
