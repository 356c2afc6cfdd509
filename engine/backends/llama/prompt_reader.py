"""Long prompts are read in a context of their own, and handed over when they are read.

On CPUs flash attention reads prompts faster and writes answers slower than attention without it: with
2,000 tokens before it a token takes 1.7 times as long, with 4,000 2.2 times, while a prompt is read
1.15 times as fast (one thread, the embedded model). A context can do one or the other. So there is a
second one, with flash attention, for one long prompt at a time; what it has read goes over to the
context in which answers are written. That takes about a hundredth of the time of reading.
"""

from __future__ import annotations

from array import array

from engine.backends.llama.context import ATTENTION_ROWS, LEAST_CHUNK, LlamaContext
from engine.backends.llama.slots import common_length
from engine.backends.llama.state_form import transposed
from engine.backends.llama.tasks import Task
from engine.errors import AbortedError, EngineError

LONG = 512  # tokens that are still to be read, from which on it pays
LONG_BESIDE = 96  # the same while others hold cells over there, which attention there looks at too
SOON = 512  # tokens that another one still has to read here: worth waiting for
WORTH_FETCHING = 96  # tokens that were read here before and are not known over there


class PromptReader:
    """Used by the scheduler's thread only. `task` is the one whose prompt it reads."""

    def __init__(self, context: LlamaContext) -> None:
        self._context = context
        self._tokens: array[int] = array("i")  # what the context holds
        self._target = 0
        self.task: Task | None = None
        self.is_able = self._try()  # states of other forms cannot be handed over

    def _try(self) -> bool:
        """Is the state of two tokens of a form that can be handed over?"""
        self._context.add(0, (0, 0), 0, 0)
        try:
            self._context.decode()
            return transposed(self._context.state_of(0)) is not None
        except (EngineError, AbortedError):
            return False
        finally:
            self._context.clear(0)

    def is_soon_free(self, task: Task, known: int) -> bool:
        """Is another prompt read here that ends soon, so that it pays for this one to wait?"""
        return (
            self.is_able
            and self.task is not None
            and len(task.tokens) - known > LONG_BESIDE
            and self._target - len(self._tokens) <= SOON
        )

    def take(self, task: Task, known: int, *, beside: bool) -> bool:
        """Read for this task, which has `known` tokens over there, if that pays. `beside`: others
        hold many cells there."""
        if not self.is_able or self.task is not None or task.to_read > self._context.n_cells:
            return False
        # The last two tokens are read over there, where logits are wanted (see `Sequences.acquire`).
        target = min(task.to_read, len(task.tokens) - 2)
        common = min(common_length(self._tokens, array("i", task.tokens)), target)
        least = LONG_BESIDE if beside else LONG
        if target - max(known, common) < least and common - known < WORTH_FETCHING:
            return False
        self._cut(common)
        self.task, self._target = task, target
        task.begin(max(known, common))
        return True

    def release(self, task: Task) -> None:
        """It is stopped or set back; what was read stays for when it comes again."""
        if self.task is task:
            self.task = None

    def is_done(self) -> bool:
        return len(self._tokens) >= self._target

    def read(self, most: int) -> int:
        """Read the next piece; the number of tokens. Raises as `LlamaContext.decode` does."""
        assert self.task is not None
        if most <= 0 or self.is_done():  # all of it may have been read before
            return 0
        start = len(self._tokens)
        tokens = self.task.tokens[start : min(start + self._piece(most), self._target)]
        self._context.drop_batch()
        self._context.add(0, tokens, start, 0)
        self._context.decode()
        self._tokens.extend(tokens)
        self.task.on_progress(len(self._tokens))
        return len(tokens)

    def _piece(self, most: int) -> int:
        bound = max(2 * LEAST_CHUNK, ATTENTION_ROWS // (len(self._tokens) + 1))
        return min(most, bound, self._context.n_batch)

    def hand_over(self) -> tuple[array[int], bytearray] | None:
        """Tokens and state for the other context; None if it cannot take states from here."""
        self.task = None
        state = transposed(self._context.state_of(0))
        if state is None:
            self.is_able = False
            return None
        return self._tokens[:], state

    def forget(self) -> None:
        """Nothing stays of what was read."""
        if self.task is None:
            self._cut(0)

    def close(self) -> None:
        self._context.close()

    def _cut(self, length: int) -> None:
        if not self._context.cut(0, length):
            self._context.clear(0)
            length = 0
        del self._tokens[length:]
