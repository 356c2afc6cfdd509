"""Is this what the model says to that prompt? Read again alone, token by token, with every choice.

A batch of other size or company changes logits a little (other kernels, other order of sums), so
that of two nearly equal tokens now one, now the other is the likeliest, and answers part. What a
mix-up of conversations would say is far from likely: so the gap between each token that was said and
the likeliest one is what tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.backends.llama.context import LlamaContext
from engine.backends.llama.tasks import End, Task
from engine.contracts import AbortFlag
from engine.types import FinishReason, Message

if TYPE_CHECKING:
    from engine.backends.llama.language_model import LlamaLanguageModel

# The embedded model's logits move by up to about 1.0 between two ways of reading the same text
# alone (its activations are rounded to 8 bits, and it is the roundings that differ).
ROUNDING = 1.6


class _Forced(Task):
    def __init__(self, prompt: Sequence[int], answer: Sequence[int]) -> None:
        super().__init__(prompt, AbortFlag())
        self._answer = list(answer)
        self._read = 0
        self.room = len(prompt) + len(answer)
        self.gaps: list[float] = []

    def next_tokens(self, most: int) -> list[int]:
        return self._answer[self._read : -1][:most]

    def on_read(self, context: LlamaContext, row: int, count: int) -> int | None:
        first = 0 if self.is_reading else self._read + 1
        for index in range(count):
            logits = context.logits(row + index)
            self.gaps.append(float(logits.max() - logits[self._answer[first + index]]))
        if not self.is_reading:
            self._read += count
        return count if self._read < len(self._answer) - 1 else None

    def end(self, error: BaseException | None = None) -> None:
        self.events.put(End(FinishReason.STOP, self.usage(0), error))


def gaps(model: LlamaLanguageModel, messages: Sequence[Message], answer: str) -> list[float]:
    """For each token of `answer`: by how much another one was likelier in this model, in logits."""
    tokens = model.tokenize(answer, special=False)
    if not tokens:
        return []
    task = _Forced(model.prompt_tokens(messages), tokens)
    for _ in model._events(task):
        pass
    return task.gaps


def is_what_it_says(model: LlamaLanguageModel, messages: Sequence[Message], answer: str) -> bool:
    return max(gaps(model, messages, answer), default=0.0) <= ROUNDING
