"""What the context's sequences hold, so that nothing is read twice.

A prompt continues the sequence that begins as it does: the sequence itself, or a copy of its
beginning (which shares the cells). What nobody uses is put aside when others need the room, the one
not used for longest first: a conversation's state into memory, and from there to disk.
Used by the scheduler's thread only.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from engine.backends.llama.context import SLOTS, LlamaContext
from engine.backends.llama.parked import PARKED_BYTES, Parked
from engine.backends.llama.slots import Segment, Slot, State, common_length

WORTH_KEEPING = 96  # tokens; reading fewer costs less than keeping them on disk
WORTH_PARKING = 24  # the same for memory
SMALL_TAIL = 48  # tokens that may be lost when a sequence is taken over instead of copied
LONE_CELLS = 64  # of others, that a text is written beside without putting them aside


class Sequences:
    """`keep` is called with states that should go to disk, if `is_keeping` says that any should."""

    def __init__(
        self,
        context: LlamaContext,
        keep: Callable[[State], None],
        is_keeping: Callable[[], bool],
        parked_bytes: int = PARKED_BYTES,
    ) -> None:
        self._context, self._keep, self._is_keeping = context, keep, is_keeping
        self.slots = [Slot(index) for index in range(SLOTS)]
        self._parked = Parked(keep, parked_bytes)
        self._clock = 0
        self._spare = 0  # cells that are free at least

    def longest(self, prompt: Sequence[int]) -> int:
        """Tokens of `prompt` that need not be read. Any thread may ask: the answer may be old."""
        tokens = array("i", prompt)
        # Copies, each made in one go: the scheduler's thread may be changing what they are made of.
        known = [slot.tokens[:] for slot in self.slots]
        known += self._parked.token_lists()
        return max((common_length(held, tokens) for held in known), default=0)

    def acquire(
        self,
        prompt: Sequence[int],
        conversation: str,
        offered: State | None = None,
        *,
        takes_over: bool = False,
        alone: bool = False,
    ) -> Slot | None:
        """A sequence that holds as much of `prompt` as is known, but for its last two tokens.

        Two, because llama.cpp computes a single row in another way than several: the answer to the
        same prompt should not depend on how much of it was known. `offered` is a state from disk;
        `takes_over`: an idle sequence need not keep its answer to the same prompt. `alone`: what
        nobody uses leaves the context first, as attention looks at every cell up to the last one
        that is taken. None if all are busy.
        """
        tokens = array("i", prompt)
        limit = max(len(tokens) - 2, 0)
        source, length = self._best_slot(tokens, limit)
        whole = not self._context.can_rewind
        state, parked_length = self._parked.best(tokens, limit, offered, whole=whole)
        slot: Slot | None = None
        comes_back = state is not None and parked_length >= length + WORTH_PARKING
        if alone:
            self._clear_out(None if comes_back else source)
        if state is not None and comes_back:
            slot = self._restored(state, parked_length)
            if slot is None:
                source, length = self._best_slot(tokens, limit)
        if slot is None and source is not None:
            tail = len(source.tokens) - length
            may_lose = SMALL_TAIL if self._context.can_rewind else 0
            if takes_over and length == limit and source.conversation in ("", conversation):
                may_lose = tail
            if not source.is_busy and tail <= may_lose:
                slot = source
                self._cut(slot, length)
            elif (slot := self._empty_slot(source)) is not None:
                self._share(source, slot, length)
                if alone:
                    self._clear_out(None)
        slot = slot or self._empty_slot(None)
        if slot is not None:
            slot.is_busy, slot.conversation = True, conversation
            self.touch(slot)
        return slot

    def extend(self, slot: Slot, tokens: Sequence[int]) -> None:
        """These were just read after what the sequence held."""
        slot.extend(tokens)
        slot.is_dirty = True

    def cut(self, slot: Slot, length: int) -> None:
        """Forget all but the first `length` tokens, which must be possible (`can_rewind`)."""
        if length < len(slot.tokens):
            self._cut(slot, length)

    def release(self, slot: Slot) -> None:
        """Nobody uses it now; what it holds stays until the room is needed."""
        slot.is_busy = False
        self.touch(slot)
        if len(slot.tokens) == 0:
            self._clear(slot)

    def put(self, slot: Slot, tokens: array[int], state: bytes | bytearray) -> None:
        """Let a sequence hold what was read elsewhere; if it cannot, it holds nothing."""
        conversation, dirty = slot.conversation, True
        self._clear(slot)
        if self.make_room(len(tokens)) and self._context.restore(slot.index, state):
            slot.extend(tokens)
        slot.conversation, slot.is_dirty = conversation, dirty

    def touch(self, slot: Slot) -> None:
        self._clock += 1
        slot.last_used = self._clock

    def longest_of_busy(self, prompt: Sequence[int]) -> int:
        """Tokens of `prompt` whose cells are in use anyway."""
        tokens = array("i", prompt)
        busy = [slot.tokens for slot in self.slots if slot.is_busy]
        return max((common_length(held, tokens) for held in busy), default=0)

    def used_cells(self, *, busy_only: bool = False) -> int:
        """Cells that are taken, those of a shared beginning counted once."""
        ends: dict[Segment, int] = {}
        for slot in self.slots:
            if busy_only and not slot.is_busy:
                continue
            for segment, end in slot.segments:
                ends[segment] = max(ends.get(segment, 0), end)
        return sum(end - segment.start for segment, end in ends.items())

    def idle_cells(self) -> int:
        return sum(len(slot.tokens) for slot in self.slots if not slot.is_busy)

    def make_room(self, cells: int) -> bool:
        """Put idle sequences aside until `cells` more fit."""
        self._spare -= cells
        while self._spare < 0:
            self._spare = self._context.n_cells - self.used_cells() - cells
            if self._spare < 0 and not self.put_one_aside():
                return False
        return True

    def put_one_aside(self) -> bool:
        """The idle sequence not used for longest leaves the context; those not worth keeping first."""
        idle = [slot for slot in self.slots if not slot.is_busy and len(slot.tokens)]
        if not idle:
            return False
        self._put_aside(min(idle, key=lambda slot: (bool(slot.conversation), slot.last_used)))
        return True

    def save_one(self) -> bool:
        """Give one idle conversation that is not on disk yet to be kept; False if there is none."""
        if not self._is_keeping():
            return False
        if (state := self._parked.next_dirty()) is not None:
            state.is_dirty = False
            self._keep(state)
            return True
        for slot in self.slots:
            if slot.is_dirty and not slot.is_busy and self._is_worth_keeping(slot):
                slot.is_dirty = False
                data = self._context.state_of(slot.index)
                self._keep(State(array("i", slot.tokens), data, slot.conversation))
                return True
        return False

    def forget(self, conversations: Sequence[str] | None) -> None:
        """These conversations (hashed), or all of them, are nobody's business any more."""
        for slot in self.slots:
            if conversations is None or slot.conversation in conversations:
                slot.conversation = ""
                if not slot.is_busy:
                    self._clear(slot)
        self._parked.forget(conversations)

    def _best_slot(self, tokens: array[int], limit: int) -> tuple[Slot | None, int]:
        best, length = None, 0
        for slot in self.slots:
            common = min(common_length(slot.tokens, tokens), limit)
            if not self._context.can_rewind and common < len(slot.tokens):
                continue
            # Of equal ones, an idle sequence that can simply go on is the best.
            if common > length or (
                best is not None and common == length > 0 and best.is_busy and not slot.is_busy
            ):
                best, length = slot, common
        return best, length

    def _restored(self, state: State, length: int) -> Slot | None:
        """A sequence with the first `length` tokens of a state; None if it could not be put back."""
        slot = self._empty_slot(None)
        if slot is None or not self.make_room(len(state.tokens)):
            return None
        self._parked.take(state)
        if not self._context.restore(slot.index, state.data):
            return None
        slot.extend(state.tokens)
        slot.is_dirty = state.is_dirty
        self._cut(slot, length)
        return slot

    def _share(self, source: Slot, target: Slot, length: int) -> None:
        self._context.share(source.index, target.index, length)
        target.tokens = source.tokens[:length]
        target.segments = [(s, min(end, length)) for s, end in source.segments if s.start < length]
        source.is_shared = target.is_shared = True

    def _cut(self, slot: Slot, length: int) -> None:
        if length == len(slot.tokens):
            return
        if self._context.cut(slot.index, length):
            slot.cut(length)
        else:
            self._clear(slot)

    def _empty_slot(self, spared: Slot | None) -> Slot | None:
        empty = [slot for slot in self.slots if not slot.is_busy and not len(slot.tokens)]
        if empty:
            return empty[0]
        idle = [slot for slot in self.slots if not slot.is_busy and slot is not spared]
        if not idle:
            return None
        slot = min(idle, key=lambda slot: (bool(slot.conversation), slot.last_used))
        self._put_aside(slot)
        return slot

    def _clear_out(self, spared: Slot | None) -> None:
        """Put aside all that is idle but `spared`, if these are more than a few cells."""
        if self.used_cells() - self.used_cells(busy_only=True) <= LONE_CELLS:
            return
        for slot in self.slots:
            if slot is not spared and not slot.is_busy and len(slot.tokens):
                self._put_aside(slot)

    def _put_aside(self, slot: Slot) -> None:
        if len(slot.tokens) >= WORTH_PARKING:
            data = self._context.state_of(slot.index)
            is_dirty = slot.is_dirty and self._is_worth_keeping(slot)
            self._parked.put(State(slot.tokens, data, slot.conversation, is_dirty))
        self._clear(slot)

    def _is_worth_keeping(self, slot: Slot) -> bool:
        return bool(slot.conversation) and len(slot.tokens) >= WORTH_KEEPING

    def _clear(self, slot: Slot) -> None:
        self._context.clear(slot.index)
        slot.tokens, slot.segments = array("i"), []
        slot.conversation, slot.is_dirty, slot.is_shared = "", False, False
