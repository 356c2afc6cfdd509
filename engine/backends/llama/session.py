"""One llama.cpp context with one sequence: what is in its memory, and reading more into it.

The longest common prefix of one prompt and the next is not read again. It does not know what tokens
mean; `generation.py` does.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Sequence
from typing import Any

import llama_cpp
import numpy as np

from engine.backends.llama.library import native_abort_callback
from engine.backends.llama.threads import ThreadGovernor
from engine.contracts import AbortFlag
from engine.errors import AbortedError, GenerationError, ModelLoadError

BATCH = 512  # tokens per decode while a prompt is read
_ABORTED = 2


class Session:
    """Not thread-safe. `tokens` mirrors the tokens whose state the context holds."""

    def __init__(self, model: Any, n_ctx: int, n_threads: int) -> None:
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = n_ctx
        params.n_batch = params.n_ubatch = BATCH
        params.n_seq_max = 1
        params.n_outputs_max = 1  # logits of one token at a time: the default reserves 100 MB
        params.n_threads = params.n_threads_batch = n_threads
        self._n_threads = n_threads
        self._governor = ThreadGovernor(n_threads)
        params.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_AUTO
        params.no_perf = True
        self._context = llama_cpp.llama_init_from_model(model, params)
        if not self._context:
            raise ModelLoadError(
                f"There is not enough memory for a context of {n_ctx:,} tokens.",
                hint="Choose a smaller context length in Settings.",
            )
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(BATCH, 0, 1)
        views = np.ctypeslib.as_array
        self._batch_tokens = views(self._batch.token, (BATCH,))
        self._batch_positions = views(self._batch.pos, (BATCH,))
        views(self._batch.n_seq_id, (BATCH,))[:] = 1
        for index in range(BATCH):
            self._batch.seq_id[index][0] = 0
        self._batch_logits = views(self._batch.logits, (BATCH,))
        self._abort_callback = native_abort_callback()
        self._watched: Any = None
        self.tokens: list[int] = []
        self.n_ctx = int(llama_cpp.llama_n_ctx(self._context))

    @property
    def context(self) -> Any:
        return self._context

    def watch(self, abort: AbortFlag) -> None:
        """From now on a decode ends as soon as `abort` is set."""
        self._watched = (ctypes.c_char * len(abort.byte)).from_buffer(abort.byte)
        llama_cpp.llama_set_abort_callback(
            self._context, self._abort_callback, ctypes.addressof(self._watched)
        )

    def read_prompt(
        self, prompt: Sequence[int], abort: AbortFlag, on_read: Callable[[int], None]
    ) -> int:
        """Bring the memory to exactly `prompt`, with logits of its last token; return cached count."""
        cached = self._common_prefix(prompt)
        self.rewind(cached)
        for start in range(cached, len(prompt), BATCH):
            chunk = prompt[start : start + BATCH]
            self.decode(chunk, abort, logits=start + len(chunk) == len(prompt))
            on_read(start + len(chunk))
        return cached

    def decode(self, tokens: Sequence[int], abort: AbortFlag, *, logits: bool = True) -> None:
        """Read up to `BATCH` tokens after those that are there. `AbortedError` leaves none half read."""
        count, start = len(tokens), len(self.tokens)
        self._batch.n_tokens = count
        self._batch_tokens[:count] = tokens
        self._batch_positions[:count] = range(start, start + count)
        self._batch_logits[:count] = 0
        self._batch_logits[count - 1] = logits
        code = llama_cpp.llama_decode(self._context, self._batch)
        if code == 0:
            self.tokens.extend(tokens)
            return
        self.rewind(start)
        if code == _ABORTED or abort.is_set():
            raise AbortedError
        raise GenerationError(f"llama.cpp could not read on (code {code}).")

    def decode_next(self, token: int, abort: AbortFlag) -> None:
        """`decode` one token, with as many threads as serve best just now."""
        started = time.perf_counter()
        self.decode((token,), abort)
        before = self._governor.current
        now = self._governor.record(time.perf_counter() - started)
        if now != before:
            llama_cpp.llama_set_n_threads(self._context, now, self._n_threads)

    def rewind(self, length: int) -> None:
        """Forget all but the first `length` tokens; models that cannot rewind forget everything."""
        if not llama_cpp.llama_memory_seq_rm(self._memory, 0, length, -1):
            llama_cpp.llama_memory_clear(self._memory, True)
            kept, self.tokens = self.tokens[:length], []
            if kept:
                self._reread(kept)
            return
        del self.tokens[length:]

    def _reread(self, tokens: list[int]) -> None:
        for start in range(0, len(tokens), BATCH):
            self.decode(tokens[start : start + BATCH], AbortFlag(), logits=False)

    def _common_prefix(self, prompt: Sequence[int]) -> int:
        """At least one token is left to read, as the logits of the last one are needed."""
        limit = min(len(self.tokens), len(prompt) - 1)
        for index in range(limit):
            if self.tokens[index] != prompt[index]:
                return index
        return limit

    def logits(self, n_vocab: int) -> np.ndarray:
        """Logits after the last token read, float32 of shape (n_vocab,); valid until the next decode."""
        pointer = llama_cpp.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, (n_vocab,))

    def close(self) -> None:
        if self._context:
            llama_cpp.llama_batch_free(self._batch)
            llama_cpp.llama_free(self._context)
            self._context = None
