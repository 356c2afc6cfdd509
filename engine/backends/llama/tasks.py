"""What the scheduler works on: one answer to write, or one set of answers to weigh.

A task says which tokens it wants read next and does something with the logits that come of it. It
knows neither the other tasks nor how batches are made. All but the constructor runs on
the scheduler's thread; what comes of it is taken from `events` by the thread that waits for it.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.backends.llama.context import LlamaContext
from engine.backends.llama.detokenizer import Detokenizer
from engine.backends.llama.drafts import PromptLookup
from engine.backends.llama.sampling import Sampler
from engine.contracts import AbortFlag
from engine.types import FinishReason, TokenScore, Usage

if TYPE_CHECKING:
    from engine.backends.llama.slots import Slot, State

DELIVERY_SECONDS = 0.033  # a reader is not woken for every single token


class Task:
    """`tokens` is the prompt and what was said since; `is_reading` until its sequence holds as much
    of it as `to_read` says. `writes`: there will be many steps."""

    writes = False

    def __init__(
        self,
        tokens: Sequence[int],
        abort: AbortFlag,
        *,
        urgent: bool = False,
        conversation: str = "",
    ) -> None:
        self.tokens = list(tokens)
        self.prompt_length = len(self.tokens)
        self.abort = abort
        self.urgent = urgent
        self.conversation = conversation  # hashed
        self.offered: State | None = None  # from disk, for the scheduler to put back
        self.slot: Slot | None = None
        self.cached = 0
        self.order = 0  # who came first
        self.is_cancelled = False
        self.takes_over = not conversation  # what followed in the sequence it goes on in may go
        self.is_reading = True  # its sequence does not hold all of `tokens` yet
        self.events: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.room = self.prompt_length  # cells that it may come to need
        self.started = time.perf_counter()
        self.read_at = 0.0

    def is_stopped(self) -> bool:
        return self.is_cancelled or self.abort.is_set()

    @property
    def held(self) -> Slot:
        """Its sequence, while it is active."""
        assert self.slot is not None
        return self.slot

    @property
    def to_read(self) -> int:
        """How many of `tokens` are read before there is anything to do with logits."""
        return len(self.tokens)

    def begin(self, cached: int) -> None:
        """Work on it begins: this much of the prompt need not be read."""
        if not self.read_at:
            self.cached = cached
            self.started = time.perf_counter()

    def on_progress(self, read: int) -> None:
        if not self.read_at:
            self.events.put((min(read, self.prompt_length), self.prompt_length))

    def next_tokens(self, most: int) -> list[int]:
        """After the prompt is read: the tokens to read in the next decode, at most `most`."""
        raise NotImplementedError

    def on_read(self, context: LlamaContext, row: int, count: int) -> int | None:
        """The last `count` tokens of the sequence were read, with logits from `row` on.

        Returns how many of them stay in the sequence, or None when the task is done.
        """
        raise NotImplementedError

    def end(self, error: BaseException | None = None) -> None:
        """Called once: done, stopped (`AbortedError`) or failed."""
        raise NotImplementedError

    def usage(self, completion: int) -> Usage:
        now = time.perf_counter()
        read_at = self.read_at or now
        return Usage(
            self.prompt_length, completion, self.cached, read_at - self.started, now - read_at
        )


class Piece:
    """Text of an answer with the count of tokens so far, and their scores if they were wanted."""

    __slots__ = ("scores", "text", "tokens")

    def __init__(self, text: str, tokens: int, scores: tuple[TokenScore, ...] = ()) -> None:
        self.text, self.tokens, self.scores = text, tokens, scores


class End:
    __slots__ = ("error", "reason", "usage")

    def __init__(
        self, reason: FinishReason, usage: Usage, error: BaseException | None = None
    ) -> None:
        self.reason, self.usage, self.error = reason, usage, error


class Generation(Task):
    """An answer: samples a token, reads it, samples the next. `sampler` is closed at the end.

    `has_seed`: it shall come out the same again. Logits differ a little with the cells that hold the
    tokens, so that an answer to the same prompt takes the place of the one before, if it can.
    """

    writes = True

    def __init__(
        self,
        tokens: Sequence[int],
        abort: AbortFlag,
        sampler: Sampler,
        text: Detokenizer,
        is_end: Callable[[int], bool],
        limit: int,
        lookup: PromptLookup | None = None,
        *,
        has_seed: bool = False,
        urgent: bool = False,
        conversation: str = "",
    ) -> None:
        super().__init__(tokens, abort, urgent=urgent, conversation=conversation)
        self._sampler, self._text, self._is_end = sampler, text, is_end
        self._limit = limit
        self._lookup = lookup
        self.takes_over = self.takes_over or has_seed
        self._draft: list[int] = []
        self._reason = FinishReason.LENGTH
        self._held: list[str] = []
        self._scores: list[TokenScore] = []
        self._delivered = 0.0
        self.count = 0
        self.room = self.prompt_length + limit

    def next_tokens(self, most: int) -> list[int]:
        self._draft = []
        if self._lookup is not None and most > 1:
            # A draft may not reach beyond the last token that is wanted.
            self._draft = self._lookup.draft(min(most - 1, self._limit - self.count - 1))
        return [self.tokens[-1], *self._draft]

    def on_read(self, context: LlamaContext, row: int, count: int) -> int | None:
        if self.is_reading:
            self._draft = []
        if not self.read_at:
            self.read_at = time.perf_counter()
        kept = 0
        for index in range(count):
            token = self._sampler.sample(context, row + index)
            if self._take(token):
                return None
            if index < len(self._draft) and token == self._draft[index]:
                kept += 1
            else:
                break
        if self._draft and self._lookup is not None:
            self._lookup.record(len(self._draft), kept)
        return kept + 1

    def _take(self, token: int) -> bool:
        """Say a token; True if it was the last one."""
        if self._is_end(token):
            self._reason = FinishReason.STOP
            return True
        self.count += 1
        self.tokens.append(token)
        if self._lookup is not None:
            self._lookup.extend((token,))
        self._held.append(self._text.feed(token))
        if self._sampler.wants_scores:
            self._scores.append(self._sampler.score(token))
        if self._text.stopped:
            self._reason = FinishReason.STOP
            return True
        if self.count >= self._limit:
            return True
        if time.perf_counter() - self._delivered >= DELIVERY_SECONDS:
            self._deliver()
        return False

    def _deliver(self) -> None:
        text, scores = "".join(self._held), tuple(self._scores)
        self._held.clear()
        self._scores.clear()
        self._delivered = time.perf_counter()
        self.events.put(Piece(text, self.count, scores))

    def end(self, error: BaseException | None = None) -> None:
        self._sampler.close()
        if self.read_at:
            self._held.append(self._text.finish())
            self._deliver()
        self.events.put(End(self._reason, self.usage(self.count), error))


class Scoring(Task):
    """The log-probabilities of several continuations of one prompt."""

    def __init__(
        self, tokens: Sequence[int], answers: Sequence[Sequence[int]], abort: AbortFlag
    ) -> None:
        super().__init__(tokens, abort)
        self._answers = answers
        self.scores = [0.0] * len(answers)
        firsts = {tuple(answer[:1]) for answer in answers}
        # Where the first tokens tell the answers apart, the rest of them adds little but time.
        self._left = [] if len(firsts) == len(answers) else self._with_rest()
        self._done = 0  # tokens of the answer at hand that were read
        longest = max((len(answer) for answer in answers), default=0)
        self.room = self.prompt_length + longest

    def _with_rest(self) -> list[int]:
        return [index for index, answer in enumerate(self._answers) if len(answer) > 1]

    def next_tokens(self, most: int) -> list[int]:
        # The last token of an answer only has to be predicted, not read.
        return list(self._answers[self._left[0]][self._done : -1][:most])

    def on_read(self, context: LlamaContext, row: int, count: int) -> int | None:
        if self.is_reading:
            self._score_firsts(context, row + count - 1)
            return 0 if self._left else None
        answer = self._answers[self._left[0]]
        for index in range(count):
            after = log_probabilities(context.logits(row + index))
            self.scores[self._left[0]] += float(after[answer[self._done + index + 1]])
        self._done += count
        if self._done < len(answer) - 1:
            return count
        back, self._done = self._done - count, 0
        self._left.pop(0)
        return -back if self._left else None

    def _score_firsts(self, context: LlamaContext, row: int) -> None:
        if self.read_at:  # the prompt had to be read once more
            return
        self.read_at = time.perf_counter()
        first = log_probabilities(context.logits(row))
        for index, answer in enumerate(self._answers):
            if answer:
                self.scores[index] = float(first[answer[0]])

    def end(self, error: BaseException | None = None) -> None:
        self.events.put(End(FinishReason.STOP, self.usage(1), error))


def log_probabilities(logits: np.ndarray) -> np.ndarray:
    """Natural log-softmax in float64, of the same shape."""
    values = logits.astype(np.float64)
    values -= values.max()
    return values - np.log(np.exp(values).sum())
