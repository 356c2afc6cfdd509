"""One llama.cpp context with several sequences: filling a batch, decoding it, copying and keeping
what a sequence holds. It knows neither what the tokens mean nor who wants them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import llama_cpp
import numpy as np

from engine.backends.llama.library import native_abort_callback
from engine.errors import AbortedError, GenerationError, ModelLoadError

if TYPE_CHECKING:
    from engine.backends.llama.fit import LoadPlan

SLOTS = 32  # sequences: for tasks, and for what may be needed again
MAX_OUTPUTS = 64  # rows of logits per decode; the default would reserve one per token of the batch
ATTENTION_ROWS = 1 << 20  # tokens read at once, times tokens seen: bounds one graph node's time
LEAST_CHUNK = 32  # tokens of a prompt; fewer at once take no less time
_KV_TYPES = {"f16": 1, "q8_0": 8}  # ggml_type
_FLASH = {"": -1, "off": 0, "on": 1}  # llama_flash_attn_type; -1 lets llama.cpp decide
_NO_ROOM, _ABORTED = 1, 2  # what llama_decode returns


_unfilled_bytes = ctypes.pythonapi.PyBytes_FromStringAndSize
_unfilled_bytes.argtypes = (ctypes.c_char_p, ctypes.c_ssize_t)
_unfilled_bytes.restype = ctypes.py_object


class NoRoomError(Exception):
    """The context's memory is full; nothing of the batch was read."""


class Interrupt:
    """Told from any thread, seen by llama.cpp without any Python: its callback is C's `strlen`."""

    def __init__(self) -> None:
        self._flag = bytearray(2)  # an empty string, or not
        self._watched = (ctypes.c_char * 2).from_buffer(self._flag)
        self.address = ctypes.addressof(self._watched)
        self.callback = native_abort_callback()

    def set(self) -> None:
        self._flag[0] = 1

    def clear(self) -> None:
        self._flag[0] = 0


class LlamaContext:
    """Not thread-safe. Sequences are numbered from 0 to `SLOTS` - 1.

    A decode ends at its next graph node when `interrupt` says so.
    """

    def __init__(
        self,
        model: Any,
        plan: LoadPlan,
        n_threads: int,
        n_threads_batch: int,
        interrupt: Interrupt | None = None,
    ) -> None:
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = plan.n_cells
        params.n_batch, params.n_ubatch = plan.n_batch, plan.n_ubatch
        params.n_seq_max = SLOTS
        params.kv_unified = True  # sequences share the cells of a common beginning
        params.n_outputs_max = max(params.n_seq_max, min(MAX_OUTPUTS, plan.n_batch))
        params.n_threads, params.n_threads_batch = n_threads, n_threads_batch
        params.flash_attn_type = _FLASH[plan.flash_attention]
        params.type_k = params.type_v = _KV_TYPES[plan.kv_type or "f16"]
        params.no_perf = True
        self._context = llama_cpp.llama_init_from_model(model, params)
        if not self._context:
            raise ModelLoadError(
                f"There is not enough memory for a context of {plan.n_cells:,} tokens.",
                hint="Choose a smaller context length in Settings.",
            )
        self._memory = llama_cpp.llama_get_memory(self._context)
        self.n_batch = plan.n_ubatch  # one decode is one graph: it is done, or nothing of it is
        self.n_cells = int(llama_cpp.llama_n_ctx(self._context))
        self.n_ctx = min(plan.n_ctx, self.n_cells)
        self.n_vocab = int(llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model)))
        # Recurrent states hold all that was read at once: they cannot forget their end.
        self.can_rewind = not (
            llama_cpp.llama_model_is_recurrent(model) or llama_cpp.llama_model_is_hybrid(model)
        )
        self.is_on_cpu = plan.gpu_layers == 0
        self._n_threads, self._n_threads_batch = n_threads, n_threads_batch
        self._views: dict[int, np.ndarray] = {}
        self._make_batch()
        self.interrupt = interrupt or Interrupt()
        llama_cpp.llama_set_abort_callback(
            self._context, self.interrupt.callback, self.interrupt.address
        )

    def _make_batch(self) -> None:
        size = self.n_batch
        self._batch = llama_cpp.llama_batch_init(size, 0, 1)
        views = np.ctypeslib.as_array
        self._tokens = views(self._batch.token, (size,))
        self._positions = views(self._batch.pos, (size,))
        self._outputs = views(self._batch.logits, (size,))
        views(self._batch.n_seq_id, (size,))[:] = 1
        # One row of memory behind all the pointers, so that they can be set without a loop.
        self._slots = np.zeros(size, dtype=np.int32)
        base, width = self._slots.ctypes.data, self._slots.itemsize
        pointer = ctypes.POINTER(llama_cpp.llama_seq_id)
        self._own_pointers = [
            ctypes.cast(self._batch.seq_id[index], ctypes.c_void_p) for index in range(size)
        ]
        for index in range(size):
            self._batch.seq_id[index] = ctypes.cast(base + index * width, pointer)
        self._count = 0

    @property
    def handle(self) -> Any:
        return self._context

    @property
    def room(self) -> int:
        """Rows that the batch can still take."""
        return self.n_batch - self._count

    def add(self, slot: int, tokens: Sequence[int], position: int, outputs: int) -> int:
        """Put tokens into the batch, with logits for the last `outputs` of them; the first row."""
        first, end = self._count, self._count + len(tokens)
        if len(tokens) == 1:  # the usual case, between any two decodes
            self._tokens[first], self._positions[first] = tokens[0], position
            self._slots[first], self._outputs[first] = slot, outputs
            self._count = end
            return first
        self._tokens[first:end] = tokens
        self._positions[first:end] = np.arange(position, position + len(tokens))
        self._slots[first:end] = slot
        self._outputs[first : end - outputs] = 0
        self._outputs[end - outputs : end] = 1
        self._count = end
        return first

    def decode(self) -> None:
        """Read the batch. `AbortedError` and `NoRoomError` leave everything as it was before."""
        self._batch.n_tokens, self._count = self._count, 0
        code = llama_cpp.llama_decode(self._context, self._batch)
        if code == _ABORTED:
            raise AbortedError
        if code == _NO_ROOM:
            raise NoRoomError
        if code != 0:
            raise GenerationError(f"llama.cpp could not read on (code {code}).")

    def drop_batch(self) -> None:
        self._count = 0

    def set_threads(self, n_threads: int) -> None:
        """For decodes of single tokens; prompts are read with as many as before."""
        if n_threads != self._n_threads:
            self._n_threads = n_threads
            llama_cpp.llama_set_n_threads(self._context, n_threads, self._n_threads_batch)

    def logits(self, row: int) -> np.ndarray:
        """Of a row of the last batch, float32 of shape (n_vocab,); valid until the next decode."""
        pointer = llama_cpp.llama_get_logits_ith(self._context, row)
        address = ctypes.addressof(pointer.contents)
        # Making a view takes longer than looking through it, and the places are always the same.
        view = self._views.get(address)
        if view is None:
            view = self._views[address] = np.ctypeslib.as_array(pointer, (self.n_vocab,))
        return view

    def cut(self, slot: int, length: int) -> bool:
        """Forget all but the first `length` tokens of a sequence; False if the model cannot."""
        return bool(llama_cpp.llama_memory_seq_rm(self._memory, slot, length, -1))

    def clear(self, slot: int) -> None:
        llama_cpp.llama_memory_seq_rm(self._memory, slot, -1, -1)

    def share(self, source: int, target: int, length: int) -> None:
        """Let `target` begin with the first `length` tokens of `source`. Costs next to nothing."""
        end = length if self.can_rewind else -1
        llama_cpp.llama_memory_seq_cp(self._memory, source, target, -1, end)

    def state_of(self, slot: int) -> bytes:
        """What the context holds of a sequence, to be put back by `restore`."""
        size = llama_cpp.llama_state_seq_get_size(self._context, slot)
        # Filled in place: a conversation's state has a hundred megabytes, and copies take time.
        state = _unfilled_bytes(None, size)
        pointer = ctypes.cast(ctypes.c_char_p(state), ctypes.POINTER(ctypes.c_uint8))
        written = llama_cpp.llama_state_seq_get_data(self._context, pointer, size, slot)
        return state if written == size else state[:written]

    def restore(self, slot: int, state: bytes | bytearray) -> bool:
        """Put a state back into an empty sequence; False if it does not fit or there is no room."""
        if isinstance(state, bytearray):
            place = ctypes.addressof(ctypes.c_char.from_buffer(state))
            pointer = ctypes.cast(place, ctypes.POINTER(ctypes.c_uint8))
        else:
            pointer = ctypes.cast(ctypes.c_char_p(state), ctypes.POINTER(ctypes.c_uint8))
        if llama_cpp.llama_state_seq_set_data(self._context, pointer, len(state), slot):
            return True
        self.clear(slot)
        return False

    def close(self) -> None:
        if self._context:
            for index, address in enumerate(self._own_pointers):
                self._batch.seq_id[index] = ctypes.cast(
                    address, ctypes.POINTER(llama_cpp.llama_seq_id)
                )
            llama_cpp.llama_batch_free(self._batch)
            llama_cpp.llama_free(self._context)
            self._context = None
