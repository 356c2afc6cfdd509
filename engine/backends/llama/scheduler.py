"""One thread that owns a llama.cpp context and serves many tasks in it at once, step by step.

Urgent tasks, for which somebody sits and waits, come first: a step without any is interrupted when
one comes, and nothing of it is lost but the step. Knows tasks, not models: what a token means is
the tasks' affair.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence

from engine.backends.llama.admission import Admission
from engine.backends.llama.batching import Batcher, Rows
from engine.backends.llama.context import LlamaContext, NoRoomError
from engine.backends.llama.drafts import StepTimes
from engine.backends.llama.prompt_reader import PromptReader
from engine.backends.llama.sequences import Sequences
from engine.backends.llama.tasks import Task
from engine.backends.llama.thread_choice import ThreadChoice
from engine.errors import AbortedError, EngineError, GenerationError

SAVE_AFTER = 0.7  # seconds of rest before conversations are saved


class Scheduler:
    """`submit`, `cancel` and `call` from any thread."""

    def __init__(
        self,
        context: LlamaContext,
        sequences: Sequences,
        threads: ThreadChoice,
        reader: PromptReader | None = None,
    ) -> None:
        self._context, self._sequences, self._reader = context, sequences, reader
        self._admission = Admission(context, sequences, reader)
        self._batcher = Batcher(context, threads)
        self._changed = threading.Condition()
        self._incoming: list[Task] = []
        self._calls: list[Callable[[], None]] = []
        self._order = itertools.count()
        self._in_step: list[Task] = []  # whose tokens are being read just now
        self._closed = False
        self._save_seconds = 0.0
        self._thread = threading.Thread(target=self._run, name="carrel-scheduler")
        self._thread.start()

    @property
    def step_times(self) -> StepTimes:
        return self._batcher.step_times

    def submit(self, task: Task) -> None:
        with self._changed:
            if self._closed:
                raise GenerationError("The model has been closed.", hint="Send it once more.")
            task.order = next(self._order)
            self._incoming.append(task)
            if task.urgent and self._in_step and not any(busy.urgent for busy in self._in_step):
                self._context.interrupt.set()
            self._changed.notify()
        task.abort.when_set(self._on_abort)

    def cancel(self, task: Task) -> None:
        """Nobody waits for it any more."""
        task.is_cancelled = True
        self._on_abort()

    def call(self, deed: Callable[[], None]) -> None:
        """Have `deed` done on the scheduler's thread, between two steps, and wait until it is."""
        done = threading.Event()
        with self._changed:
            self._calls += [deed, done.set]
            self._changed.notify()
        while not done.wait(0.1) and self._thread.is_alive():
            pass

    def close(self, save_seconds: float = 0.0) -> None:
        """End all tasks, save for so long at most what is not saved yet, and end the thread."""
        with self._changed:
            self._closed, self._save_seconds = True, save_seconds
            self._context.interrupt.set()
            self._changed.notify()
        self._thread.join()

    def _on_abort(self) -> None:
        with self._changed:
            # Who came in during a long step need not wait for its end.
            stopped = [task for task in self._incoming if task.is_stopped()]
            self._incoming = [task for task in self._incoming if task not in stopped]
            for task in stopped:
                task.end(AbortedError())
            if any(task.is_stopped() for task in self._in_step):
                self._context.interrupt.set()
            self._changed.notify()

    def _run(self) -> None:
        while self._take_in():
            try:
                self._end_stopped()
                self._admission.admit()
                self._step()
            except Exception as error:  # a bug must not leave anybody waiting for ever
                self._end_all(error)
        self._end_all(AbortedError())
        end = time.monotonic() + self._save_seconds
        self._do_calls()  # what is to be forgotten is not saved now
        while time.monotonic() < end and self._sequences.save_one():
            self._do_calls()

    def _do_calls(self) -> None:
        with self._changed:
            calls, self._calls = self._calls, []
        for deed in calls:
            deed()

    def _take_in(self) -> bool:
        """Fetch what came in, sleeping while there is nothing to do; False when it is over."""
        rested_since, may_save = time.monotonic(), True
        while True:
            with self._changed:
                self._admission.waiting += self._incoming
                self._incoming.clear()
                if self._closed:
                    return False
                is_busy = bool(self._admission.waiting or self._admission.active)
                calls, self._calls = self._calls, []
                if not is_busy and not calls:
                    rest = rested_since + SAVE_AFTER - time.monotonic()
                    if rest > 0 or not may_save:
                        self._changed.wait(rest if rest > 0 else None)
                        continue
            for deed in calls:
                deed()
            if is_busy:
                self._context.interrupt.clear()
                return True
            if not calls:
                may_save = self._sequences.save_one()

    def _end_stopped(self) -> None:
        for task in [*self._admission.active, *self._admission.waiting]:
            if task.is_stopped():
                self._end(task, AbortedError())

    def _end(self, task: Task, error: BaseException | None = None) -> None:
        self._admission.remove(task)
        task.end(error)

    def _end_all(self, error: BaseException) -> None:
        self._drop_batches()
        with self._changed:
            self._admission.waiting += self._incoming
            self._incoming.clear()
        for task in [*self._admission.active, *self._admission.waiting]:
            self._end(task, error)

    def _step(self) -> None:
        """One batch of those in the context, then a piece of the long prompt beside it."""
        reading = self._reader.task if self._reader else None
        active = [task for task in self._admission.active if task is not reading]
        rows = self._batcher.fill(active)
        if rows:
            self._sequences.make_room(sum(len(row.tokens) for row in rows))
            seconds = self._attempt([row.task for row in rows], self._context.decode)
            if seconds is not None:
                self._batcher.learn(rows, seconds)
                for row in rows:
                    self._deliver(row)
        if self._reader is not None and reading is not None and self._reader.task is reading:
            self._read_long(self._reader, reading, self._batcher.piece(reading, rows))
        elif not rows and not self._admission.active:
            time.sleep(0.001)  # who waits cannot be served yet

    def _read_long(self, reader: PromptReader, task: Task, most: int) -> None:
        read = []
        seconds = self._attempt([task], lambda: read.append(reader.read(most)))
        if seconds is not None:
            self._batcher.learn_reading(sum(read), seconds)
        if reader.task is task and reader.is_done():
            found = reader.hand_over()
            if found is not None:
                self._sequences.put(task.held, *found)
            task.is_reading = len(task.held.tokens) < task.to_read

    def _attempt(self, tasks: list[Task], deed: Callable[[], None]) -> float | None:
        """Seconds of a decode; None if it was not done, after seeing to what stood in its way."""
        if not self._announce(tasks):
            self._drop_batches()
            return None
        started = time.perf_counter()
        try:
            deed()
            return time.perf_counter() - started
        except AbortedError:
            pass  # somebody stopped, or somebody urgent came: the others' tokens are read again
        except NoRoomError:
            self._make_room(tasks[-1])
        except EngineError as error:
            for task in tasks:
                self._end(task, error)
        finally:
            with self._changed:
                self._in_step = []
        return None

    def _announce(self, tasks: list[Task]) -> bool:
        """From here on these can be interrupted; False if there is reason to already."""
        with self._changed:
            if self._closed or any(task.is_stopped() for task in tasks):
                return False
            if not any(task.urgent for task in tasks) and any(t.urgent for t in self._incoming):
                return False
            self._in_step = tasks
            return True

    def _deliver(self, row: Rows) -> None:
        """Give a task the logits of its tokens, and keep of these what it wants kept."""
        task, slot, count = row.task, row.slot, len(row.tokens)
        before = len(slot.tokens)
        self._sequences.extend(slot, row.tokens)
        kept: int | None = count
        try:
            if task.is_reading:
                task.on_progress(before + count)
                if before + count == task.to_read:
                    kept = task.on_read(self._context, row.first + count - 1, 1)
                    # What comes next is kept or not; the prompt stays in any case.
                    kept = kept if kept is None else count
                    task.is_reading = False
            else:
                kept = task.on_read(self._context, row.first, count)
        except EngineError as error:
            self._end(task, error)
            return
        if kept is None:
            self._sequences.cut(slot, _said(slot.tokens, task.tokens, before))
            self._end(task)
            return
        self._sequences.cut(slot, before + kept)
        if len(slot.tokens) < before + kept:  # a model that cannot rewind has forgotten everything
            task.is_reading = True

    def _drop_batches(self) -> None:
        self._context.drop_batch()

    def _make_room(self, task: Task) -> None:
        """The context is full all the same: put something aside, or this task back."""
        self._drop_batches()
        if self._sequences.put_one_aside():
            return
        if len(self._admission.active) > 1:
            self._admission.set_back(task)
            return
        self._end(task, GenerationError("The model's memory for this text is full."))


def _said(read: Sequence[int], said: Sequence[int], before: int) -> int:
    """How much of what was read is what was said, and not only drafted."""
    length = min(before, len(said))
    while length < min(len(read), len(said)) and read[length] == said[length]:
        length += 1
    return length
