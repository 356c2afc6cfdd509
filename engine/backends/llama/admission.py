"""Who may work in the context, and who waits for room: urgent tasks first, then who came first.

What is admitted can be finished: the cells that it may come to need are spoken for. A background
task makes way for an urgent one and goes on later where it was.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.backends.llama.context import LlamaContext
from engine.backends.llama.prompt_reader import PromptReader
from engine.backends.llama.sequences import Sequences
from engine.backends.llama.slots import Slot
from engine.backends.llama.tasks import Task

MOST_ACTIVE = 16  # tasks in the context at once; the other sequences hold what may be needed again
SHARED_AT_LEAST = 64  # tokens of a prompt that another one is just reading: worth waiting for
OTHERS_CELLS = 96  # in use by others, from which on reading a prompt beside them is slower
IDLE_CELLS = 4096  # what nobody uses slows down the others' attention; more of it is put aside


class Admission:
    """`waiting` and `active` tasks. Used by the scheduler's thread only."""

    def __init__(
        self, context: LlamaContext, sequences: Sequences, reader: PromptReader | None
    ) -> None:
        self._context, self._sequences, self._reader = context, sequences, reader
        self.waiting: list[Task] = []
        self.active: list[Task] = []
        self._has_changed = True

    def admit(self) -> None:
        """Give sequences to those who wait, as long as there is room."""
        if not self.waiting and not self._has_changed:
            return
        self._has_changed = False
        for task in sorted(self.waiting, key=lambda task: (not task.urgent, task.order)):
            if self._is_being_read_by_another(task) or self._waits_for_reader(task):
                continue
            if not self._has_room(task) and not (task.urgent and self._make_way(task)):
                if task.urgent:
                    break  # nobody overtakes it
                continue
            slot = self._sequences.acquire(
                task.tokens,
                task.conversation,
                task.offered,
                takes_over=task.takes_over,
                alone=task.writes and self._context.is_on_cpu,
            )
            if slot is None:
                break
            task.slot, task.offered = slot, None
            task.is_reading = len(slot.tokens) < task.to_read
            if not self._is_read_apart(task, slot):
                task.begin(len(slot.tokens))
            self.waiting.remove(task)
            self.active.append(task)
        while self.active and self._sequences.idle_cells() > IDLE_CELLS:
            if not self._sequences.put_one_aside():
                break

    def _waits_for_reader(self, task: Task) -> bool:
        if self._reader is None or self._reader.task is None or not task.writes:
            return False
        return self._reader.is_soon_free(task, self._sequences.longest(task.tokens))

    def _is_read_apart(self, task: Task, slot: Slot) -> bool:
        known = len(slot.tokens)
        beside = self._sequences.used_cells(busy_only=True) - known >= OTHERS_CELLS
        return self._reader is not None and self._reader.take(task, known, beside=beside)

    def set_back(self, task: Task) -> None:
        """It waits again; what it has read stays as long as there is room."""
        self._leave(task)
        self.waiting.append(task)

    def remove(self, task: Task) -> None:
        """It is over."""
        self._leave(task)
        if task in self.waiting:
            self.waiting.remove(task)

    def _leave(self, task: Task) -> None:
        self._has_changed = True
        if self._reader is not None:
            self._reader.release(task)
        if task in self.active:
            self.active.remove(task)
        if task.slot is not None:
            self._sequences.release(task.slot)
            task.slot = None

    def _has_room(self, task: Task) -> bool:
        if len(self.active) >= MOST_ACTIVE:
            return False
        if not self.active:
            return True
        growth = sum(other.room - len(other.held.tokens) for other in self.active)
        taken = self._sequences.used_cells(busy_only=True)
        own = task.room - self._sequences.longest_of_busy(task.tokens)
        # Somebody who comes and waits shall find room beside the background's work.
        room = self._context.n_cells - (0 if task.urgent else self._context.n_ctx // 2)
        return taken + growth + own <= room

    def _make_way(self, task: Task) -> bool:
        """Let background tasks wait again until there is room for an urgent one."""
        for other in reversed([other for other in self.active if not other.urgent]):
            self.set_back(other)
            if self._has_room(task):
                return True
        return False

    def _is_being_read_by_another(self, task: Task) -> bool:
        """Is a beginning of this prompt just being read that is not there yet? Read it once."""
        for other in self.active:
            if not other.is_reading or (task.urgent and not other.urgent):
                continue
            shared = common_beginning(task.tokens, other.tokens)
            # The last token is always read, as its logits are wanted.
            missing = min(shared, len(task.tokens) - 1) - len(other.held.tokens)
            if missing >= SHARED_AT_LEAST:
                known = self._sequences.longest(task.tokens)
                if shared - known >= SHARED_AT_LEAST:
                    return True
        return False


def common_beginning(a: Sequence[int], b: Sequence[int]) -> int:
    """Tokens that both begin with, found by halving: comparing lists is quick, a loop is not."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
