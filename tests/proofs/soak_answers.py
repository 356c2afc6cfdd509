"""Are these answers, given in company, what the model says to the same conversations alone?

Every token that was said must be within rounding of the likeliest one when the same text is read
alone (`tests/engine/forced.py` says why equal texts cannot be had for all). As a control, answers
are held against other conversations, where they must not pass: a mix-up would be seen.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence
from typing import Any

import msgspec

from engine.backends.llama.context import LlamaContext
from engine.backends.llama.detokenizer import TokenPieces
from engine.backends.llama.language_model import LlamaLanguageModel
from engine.backends.llama.tasks import End, Task
from engine.backends.llama_cpp_backend import LlamaCppBackend
from engine.contracts import AbortFlag, TextPiece
from engine.types import FinishReason, GenerationParams, Message, ModelSpec
from tests.engine.forced import ROUNDING

CONTROLS = 40
LEAST_CONTROLS = 10  # to judge by
LONGEST_PIECE = 24  # bytes of a token that are looked for
NOTICED_AT_LEAST = 0.9  # of the controls


class Sample(msgspec.Struct, frozen=True):
    """An answer as it was given in company; not `whole` if it was stopped."""

    messages: tuple[Message, ...]
    params: GenerationParams
    text: str
    whole: bool

    @property
    def is_greedy(self) -> bool:
        return self.params.temperature == 0


def check_alone(
    samples: Sequence[Sample], spec: ModelSpec, count: int, seed: int
) -> tuple[dict[str, Any], list[str]]:
    """Look at `count` of the greedy samples, and at half as many of those with a seed.

    Returns the figures, and what was wrong.
    """
    chance = random.Random(seed)
    greedy = [sample for sample in samples if sample.is_greedy]
    greedy = chance.sample(greedy, min(count, len(greedy)))
    seeded = [sample for sample in samples if sample.params.seed is not None][: count // 2]
    model = LlamaCppBackend().load(spec, AbortFlag(), lambda *_: None)
    try:
        return _check(model, greedy, seeded, chance)
    finally:
        model.close()


def _check(
    model: LlamaLanguageModel,
    greedy: Sequence[Sample],
    seeded: Sequence[Sample],
    chance: random.Random,
) -> tuple[dict[str, Any], list[str]]:
    widest, equal, noticed, wrong = [], [], [], []
    # Turns of one conversation one after the other: what they share is read once.
    for sample in sorted(greedy, key=lambda sample: [m.content for m in sample.messages]):
        widest.append(widest_gap(model, sample.messages, sample))
        equal.append(is_same_alone(model, sample))
        if widest[-1] > ROUNDING:
            wrong.append(
                f"{sample.text!r} is {widest[-1]:.2f} logits from likely: {sample.messages}"
            )
        others = [s for s in greedy if s.messages[0] != sample.messages[0] and len(s.text) > 8]
        if others and len(noticed) < CONTROLS:
            noticed.append(widest_gap(model, sample.messages, chance.choice(others)) > ROUNDING)
    if len(noticed) >= LEAST_CONTROLS and sum(noticed) < NOTICED_AT_LEAST * len(noticed):
        wrong.append(f"only {sum(noticed)} of {len(noticed)} mixed-up answers were noticed")
    return {
        "greedy": len(greedy),
        "greedy_equal": sum(equal),
        "widest_gap": round(max(widest, default=0.0), 2),
        "seeded": len(seeded),
        "seeded_equal": sum(is_same_alone(model, sample) for sample in seeded),
        "mixed_up": len(noticed),
        "mixed_up_noticed": sum(noticed),
    }, wrong


def widest_gap(model: LlamaLanguageModel, messages: Sequence[Message], sample: Sample) -> float:
    """The most by which a token of the answer was less likely than the likeliest, in logits."""
    # Half a character at the end is not what was said.
    task = _Said(model, messages, sample.text.rstrip("\ufffd"), is_cut=bool(sample.params.stop))
    for _ in model._events(task):
        pass
    return max(task.gaps, default=0.0)


class _Said(Task):
    """Reads a text after a prompt, token by token, and notes how much likelier another one was.

    Of the tokens with which the rest of the text begins, the likeliest is the one that was said: a
    text can be cut into tokens in many ways, and a model need not choose the usual one. `is_cut`:
    the last token may have had more text, which a stop string took away.
    """

    def __init__(
        self, model: LlamaLanguageModel, messages: Sequence[Message], text: str, *, is_cut: bool
    ) -> None:
        super().__init__(model.prompt_tokens(messages), AbortFlag())
        self._pieces = pieces_of(model)
        self._rest, self._is_cut = text.encode(), is_cut
        self.room = self.prompt_length + len(self._rest)
        self.gaps: list[float] = []

    def next_tokens(self, most: int) -> list[int]:
        return self.tokens[-1:]

    def on_read(self, context: LlamaContext, row: int, count: int) -> int | None:
        logits = context.logits(row)
        found = self._candidates()
        if not found:
            return None
        piece, token = max(found, key=lambda candidate: logits[candidate[1]])
        self.gaps.append(float(logits.max() - logits[token]))
        self._rest = self._rest[len(piece) :]
        self.tokens.append(token)
        return count if self._rest else None

    def _candidates(self) -> list[tuple[bytes, int]]:
        rest = self._rest
        starts = (rest[:length] for length in range(1, min(len(rest), LONGEST_PIECE) + 1))
        found = [(piece, self._pieces[piece]) for piece in starts if piece in self._pieces]
        if self._is_cut and len(rest) < LONGEST_PIECE:
            found += [(p, token) for p, token in self._pieces.items() if p.startswith(rest)]
        return found

    def end(self, error: BaseException | None = None) -> None:
        self.events.put(End(FinishReason.STOP, self.usage(0), error))


@functools.lru_cache(maxsize=1)
def pieces_of(model: LlamaLanguageModel) -> dict[bytes, int]:
    """The text of every token of the vocabulary, but for marks."""
    pieces = TokenPieces(model._vocab)
    found = {pieces.bytes_of(token): token for token in range(model._context.n_vocab)}
    found.pop(b"", None)
    return found


def is_same_alone(model: LlamaLanguageModel, sample: Sample) -> bool:
    """Asked again, with nobody beside: the same text (or the same beginning, if it was stopped)."""
    stream = model.stream(sample.messages, sample.params, AbortFlag(), urgent=True)
    text = "".join(piece.text for piece in stream if isinstance(piece, TextPiece))
    return text == sample.text if sample.whole else text.startswith(sample.text)
