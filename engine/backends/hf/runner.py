"""One model for many: sequences that read when it is their turn, and what is kept of them.

Turns are taken by whoever wants an answer, but one thread computes for all (`engine.computing`).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import torch

from engine.backends.hf.kept_sequences import Kept, KeptSequences
from engine.backends.hf.model_steps import ModelSteps, NoMemoryError
from engine.backends.hf.turns import Turns
from engine.computing import ComputingThread
from engine.contracts import AbortFlag
from engine.errors import GenerationError

T = TypeVar("T")


class Runner:
    """Everything that computes happens in a turn."""

    def __init__(self, steps: ModelSteps, n_ctx: int) -> None:
        self.steps = steps
        self.turns = Turns()
        self._kept = KeptSequences(steps.new_cache, n_ctx)
        self._thread = ComputingThread()
        threads = torch.get_num_threads()  # OpenMP counts for each thread by itself
        self._thread.run(lambda: torch.set_num_threads(threads))

    def compute(self, deed: Callable[[], T]) -> T:
        """To be called in a turn; what it raises comes back."""
        if not self.steps.is_there:
            return deed()  # which says that the model has been closed
        return self._thread.run(deed)

    @contextmanager
    def sequence(
        self, prompt: Sequence[int], abort: AbortFlag, *, urgent: bool, conversation: str = ""
    ) -> Iterator[RunningSequence]:
        """A sequence that may remember some of `prompt`, kept again afterwards."""
        with self.turns.turn(abort, urgent=urgent):
            kept = self.compute(lambda: self._kept.take(prompt, conversation))
        running = RunningSequence(self, kept, abort, urgent)
        try:
            yield running
        finally:
            # Nobody may keep the model from remembering, not even who has just said stop.
            with self.turns.turn(AbortFlag(), urgent=True):
                if self.steps.is_there and self.steps.can_append and running.is_sound:
                    self._kept.give_back(kept)

    def read(self, kept: Kept, tokens: Sequence[int], rows: int, abort: AbortFlag) -> Any:
        """The logits of one step, in a turn; `kept.tokens` grows only when all went well."""
        try:
            logits = self.steps.step(kept.cache, len(kept.tokens), tokens, rows, abort)
        except NoMemoryError as error:
            self._kept.forget(None)
            self.steps.tidy()
            raise GenerationError(error.message, detail=error.detail) from error
        kept.tokens += tokens
        return logits

    def forget(self, conversations: Sequence[str] | None) -> None:
        with self.turns.turn(AbortFlag(), urgent=True):
            self._kept.forget(conversations)

    def close(self) -> None:
        with self.turns.turn(AbortFlag(), urgent=True):
            self._kept.forget(None)
            self.steps.free()
        self._thread.release()
        gc.collect()  # modules and their hooks refer to each other
        self.steps.tidy()


class RunningSequence:
    """One sequence while somebody works on it. `is_sound`: it may be used again."""

    def __init__(self, runner: Runner, kept: Kept, abort: AbortFlag, urgent: bool) -> None:
        self._runner, self._kept = runner, kept
        self._abort, self._urgent = abort, urgent
        self.cached = len(kept.tokens)
        self.is_sound = True

    def read(
        self,
        tokens: Sequence[int],
        then: Callable[[Any], T],
        *,
        every: bool = False,
        on_read: Callable[[int], None] | None = None,
    ) -> T:
        """Read `tokens` in chunks, and give `then`, still in the turn, logits: (rows, vocabulary),
        those of the last token, or of every one."""
        done = 0
        rows: list[Any] = []
        while True:
            chunk = tokens[done : done + self._chunk(len(tokens))]
            done += len(chunk)
            is_last = done == len(tokens)
            with self._turn():
                self._abort.raise_if_set()
                result = self._runner.compute(
                    lambda: self._read_chunk(chunk, rows, every, then if is_last else None)  # noqa: B023
                )
            if not every:
                rows.clear()
            if on_read:
                on_read(len(self._kept.tokens))
            if is_last:
                return cast(T, result)

    def _read_chunk(
        self, chunk: Sequence[int], rows: list[Any], every: bool, then: Callable[[Any], T] | None
    ) -> T | None:
        rows.append(self._step(chunk, len(chunk) if every else 1))
        return then(torch.cat(rows) if every else rows[-1]) if then else None

    @contextmanager
    def branch(self) -> Iterator[RunningSequence]:
        """What is read in here is forgotten afterwards."""
        length, cache = len(self._kept.tokens), self._kept.cache
        if cache.can_cut:
            yield self
            self._cut(length)
            return
        with self._turn():
            copied = self._runner.compute(lambda: cache.copy(length))
        other = Kept(list(self._kept.tokens), copied, "")
        yield RunningSequence(self._runner, other, self._abort, self._urgent)

    def _chunk(self, whole: int) -> int:
        if self._runner.steps.can_append:
            return self._runner.steps.chunk
        return 1 if self._kept.tokens else whole

    def _turn(self) -> Any:
        return self._runner.turns.turn(self._abort, urgent=self._urgent)

    def _step(self, tokens: Sequence[int], rows: int) -> Any:
        try:
            return self._runner.read(self._kept, tokens, rows, self._abort)
        except BaseException:
            # Some layers have read the tokens, others not.
            self._cut(len(self._kept.tokens))
            raise

    def _cut(self, length: int) -> None:
        if self._kept.cache.can_cut:
            self._kept.cache.cut(length)
            del self._kept.tokens[length:]
        else:
            self.is_sound = False
