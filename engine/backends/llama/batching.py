"""What is read in one step: a token of every answer, and pieces of prompts in the rest of the room.

Continuous batching (Yu et al., "Orca", 2022) with prompts in chunks (Agrawal et al., "Sarathi-Serve",
2024). It learns how long steps take, and from that how large a piece may be and how many threads
serve best. Knows neither who waits outside nor what becomes of the logits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.backends.llama.context import ATTENTION_ROWS, LEAST_CHUNK, LlamaContext
from engine.backends.llama.drafts import StepTimes
from engine.backends.llama.slots import Slot
from engine.backends.llama.tasks import Task
from engine.backends.llama.thread_choice import ThreadChoice
from engine.backends.llama.threads import ThreadGovernor

BACKGROUND_TURN = 4  # while somebody waits, the others take part in every fourth step
STALL_SECONDS = 0.1  # how long reading a prompt may hold up answers that somebody waits for
BACKGROUND_CHUNK = 256
DRAFT_ROWS = 16  # rows of a batch that drafts may fill


class Rows(NamedTuple):
    """A task's part of a batch: its tokens, and the row of the first of them."""

    task: Task
    slot: Slot
    tokens: list[int]
    first: int


class Batcher:
    def __init__(self, context: LlamaContext, threads: ThreadChoice) -> None:
        self.step_times = StepTimes()
        self._context, self._threads = context, threads
        self._governors: dict[int, ThreadGovernor] = {}
        self._turn = 0
        self._read_speed = 400.0  # tokens per second, as measured lately

    def fill(self, active: Sequence[Task]) -> list[Rows]:
        """Put the next step of these tasks into the context's batch."""
        self._turn += 1
        somebody_waits = any(task.urgent for task in active)
        if somebody_waits and self._turn % BACKGROUND_TURN:
            active = [task for task in active if task.urgent]
        writing = [task for task in active if not task.is_reading]
        reading = [task for task in active if task.is_reading]
        most = max(1, DRAFT_ROWS // max(1, len(writing))) if self._context.can_rewind else 1
        rows = []
        for task in writing:
            tokens = task.next_tokens(min(most, self._context.room))
            rows.append(self._add(task, tokens, outputs=len(tokens)))
        is_held_up = any(task.urgent for task in writing)
        for task in reading and sorted(reading, key=lambda task: (not task.urgent, task.order)):
            if tokens := self._chunk(task, is_held_up):
                is_last = len(task.held.tokens) + len(tokens) == task.to_read
                rows.append(self._add(task, tokens, outputs=int(is_last)))
        if rows and not any(row.task.is_reading for row in rows):
            self._context.set_threads(self._governor(_count(rows)).current)
        return rows

    def piece(self, task: Task, rows: Sequence[Rows]) -> int:
        """How much of a long prompt may be read beside this step: none if others go first, more than
        the reader ever takes at once if there are none."""
        others = [row.task for row in rows]
        if not task.urgent and any(other.urgent for other in others):
            return LEAST_CHUNK * 2 if self._turn % BACKGROUND_TURN == 0 else 0
        if any(other.urgent for other in others):
            return max(LEAST_CHUNK, int(self._read_speed * STALL_SECONDS))
        return task.to_read if task.urgent else BACKGROUND_CHUNK

    def learn_reading(self, tokens: int, seconds: float) -> None:
        if tokens >= LEAST_CHUNK:
            self._read_speed += 0.3 * (tokens / seconds - self._read_speed)

    def learn(self, rows: Sequence[Rows], seconds: float) -> None:
        """So long it took to read them."""
        count = _count(rows)
        if any(row.task.is_reading for row in rows):
            self.learn_reading(count, seconds)
            return
        governor = self._governor(count)
        if governor.current == governor.full:
            self.step_times.record(count, seconds)
        governor.record(seconds)

    def _add(self, task: Task, tokens: list[int], outputs: int) -> Rows:
        slot = task.held
        first = self._context.add(slot.index, tokens, len(slot.tokens), outputs)
        return Rows(task, slot, tokens, first)

    def _chunk(self, task: Task, is_held_up: bool) -> list[int]:
        """As much of a prompt as may be read in this step."""
        done = len(task.held.tokens)
        most = min(self._context.room, max(2 * LEAST_CHUNK, ATTENTION_ROWS // (done + 1)))
        if is_held_up:
            most = min(most, max(LEAST_CHUNK, int(self._read_speed * STALL_SECONDS)))
        elif not task.urgent:
            most = min(most, BACKGROUND_CHUNK)
        return task.tokens[done : min(done + most, task.to_read)]

    def _governor(self, rows: int) -> ThreadGovernor:
        """One for each size of batch: their times cannot be compared."""
        if rows not in self._governors:
            self._governors[rows] = ThreadGovernor(self._threads.most, self._threads.decode)
        return self._governors[rows]


def _count(rows: Sequence[Rows]) -> int:
    return sum(len(row.tokens) for row in rows)
