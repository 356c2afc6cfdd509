"""Between the scheduler and the disk: which conversations are kept there, and writing them without
making anybody wait. Knows nothing of contexts: states come and go as bytes.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from array import array
from collections.abc import Sequence

from engine.backends.llama.sequences import WORTH_KEEPING
from engine.backends.llama.slots import State, common_length
from engine.kept_state import StateKey, StateStore


class StateKeeper:
    """`offer` and `forget` from any thread; `keep` from the scheduler's."""

    def __init__(self, store: StateStore, key: StateKey) -> None:
        self.store = store
        self._key = key
        self._known: dict[str, array[int]] | None = None  # read when it is first needed
        self._lock = threading.Lock()
        self._states: queue.SimpleQueue[State | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._forgotten: set[str] = set()  # may still stand in the writer's queue

    def is_keeping(self) -> bool:
        return self.store.limit > 0

    def offer(self, prompt: Sequence[int], known: int) -> State | None:
        """The state on disk that has more of `prompt` than the `known` tokens, if that pays."""
        if not self.store.limit:
            return None
        tokens = array("i", prompt)
        best, length = "", known + WORTH_KEEPING - 1
        for conversation, held in list(self._entries().items()):
            common = common_length(held, tokens)
            if common > length:
                best, length = conversation, common
        if not best:
            return None
        found = self.store.read(self._key, best)
        if found is None:
            with self._lock:
                self._entries().pop(best, None)
            return None
        return State(found[0], found[1], best)

    def keep(self, state: State) -> None:
        """Have a state written, if anything is kept at all."""
        if self.store.limit and state.data:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="carrel-state-writer")
                self._writer.start()
            self._forgotten.discard(state.conversation)
            self._states.put(state)

    def forget(self, conversations: Sequence[str] | None) -> None:
        """Remove what is on disk of these conversations (hashed), or everything."""
        with self._lock:
            known = self._entries()
            gone = list(known) if conversations is None else list(conversations)
            self._forgotten.update(gone)
            for conversation in gone:
                known.pop(conversation, None)
            if conversations is None:
                self.store.forget_all()
            else:
                self.store.forget(gone)

    def close(self, seconds: float) -> None:
        """Write what is left, but no longer than that."""
        if self._writer is not None:
            self._states.put(None)
            self._writer.join(seconds)

    def _entries(self) -> dict[str, array[int]]:
        if self._known is None:
            self._known = self.store.entries(self._key)
        return self._known

    def _write(self) -> None:
        while (state := self._states.get()) is not None:
            with self._lock:
                if state.conversation in self._forgotten:
                    continue
                with contextlib.suppress(OSError):
                    if self.store.write(self._key, state.conversation, state.tokens, state.data):
                        self._entries()[state.conversation] = state.tokens
