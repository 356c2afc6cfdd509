"""States of sequences that had to leave the context, kept in memory: putting one back takes a few
milliseconds, reading its text again seconds.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from engine.backends.llama.slots import State, common_length

PARKED_BYTES = 2 << 30
NAMELESS = 8  # states of no conversation: prompts of text tools, most of which never come again


class Parked:
    """`keep` is called with what has to go and is not on disk. Used by the scheduler's thread, but
    for `token_lists`."""

    def __init__(self, keep: Callable[[State], None], limit: int = PARKED_BYTES) -> None:
        self._keep, self._limit = keep, limit
        self._states: list[State] = []  # the one used last at the end

    def token_lists(self) -> list[array[int]]:
        return [state.tokens for state in list(self._states)]

    def put(self, state: State) -> None:
        """In place of what is known of the same conversation, if it is not less."""
        known = next((s for s in self._states if s.conversation == state.conversation), None)
        if state.conversation and known is not None:
            self._states.remove(known)
            if len(known.tokens) > len(state.tokens) and not state.is_dirty:
                state = known
        self._states.append(state)
        self._drop_oldest()

    def take(self, state: State) -> None:
        """It is put back into the context, if it is one of these."""
        self._states = [known for known in self._states if known is not state]

    def best(
        self, tokens: array[int], limit: int, offered: State | None, *, whole: bool
    ) -> tuple[State | None, int]:
        """The state, `offered` or one of these, that has most of the first `limit` tokens, and how
        many; `whole`: it must not have anything else."""
        best, length = None, 0
        for state in [*self._states, *([offered] if offered else [])]:
            common = min(common_length(state.tokens, tokens), limit)
            if common > length and not (whole and common < len(state.tokens)):
                best, length = state, common
        return best, length

    def next_dirty(self) -> State | None:
        return next((state for state in self._states if state.is_dirty), None)

    def forget(self, conversations: Sequence[str] | None) -> None:
        gone = conversations
        self._states = (
            [] if gone is None else [s for s in self._states if s.conversation not in gone]
        )

    def _drop_oldest(self) -> None:
        nameless = [state for state in self._states if not state.conversation]
        for state in nameless[:-NAMELESS]:
            self.take(state)
        while sum(len(state.data) for state in self._states) > self._limit:
            state = self._states.pop(0)
            if state.is_dirty:
                self._keep(state)
