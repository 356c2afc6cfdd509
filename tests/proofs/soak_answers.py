"""Are these answers, given in company, what the model says to the same conversations alone?

Every token that was said must be within rounding of the likeliest one when the same text is read
alone (`tests/engine/forced.py` says why equal texts cannot be had for all). As a control, answers
are held against other conversations, where they must not pass: a mix-up would be seen.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from engine.contracts import AbortFlag, TextPiece
from engine.types import GenerationParams, Message, ModelSpec
from tests.engine.forced import ROUNDING, gaps

if TYPE_CHECKING:
    from engine.backends.llama.language_model import LlamaLanguageModel

CONTROLS = 40
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
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")  # as the worker sets it
    from engine.backends.llama_cpp_backend import LlamaCppBackend

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
    widest = {sample: widest_gap(model, sample.messages, sample) for sample in greedy}
    equal = {sample: is_same_alone(model, sample) for sample in greedy}
    # Where the text has other tokens than were said, only the same text can tell.
    wrong = [
        f"alone, {sample.text!r} is {widest[sample]:.2f} logits from likely: {sample.messages[-1]}"
        for sample in greedy
        if widest[sample] > ROUNDING and not equal[sample]
    ]
    others = [sample for sample in greedy if len(sample.text) > 8][:CONTROLS]
    noticed = []
    for sample in others:
        other = chance.choice([s for s in greedy if s.messages != sample.messages])
        noticed.append(widest_gap(model, other.messages, sample) > ROUNDING)
    if sum(noticed) < NOTICED_AT_LEAST * len(noticed):
        wrong.append(f"only {sum(noticed)} of {len(noticed)} mixed-up answers were noticed")
    return {
        "greedy": len(greedy),
        "greedy_equal": sum(equal.values()),
        "widest_gap": round(max(widest.values(), default=0.0), 2),
        "beyond_rounding_but_equal": sum(widest[s] > ROUNDING and equal[s] for s in greedy),
        "seeded": len(seeded),
        "seeded_equal": sum(is_same_alone(model, sample) for sample in seeded),
        "mixed_up": len(noticed),
        "mixed_up_noticed": sum(noticed),
    }, wrong


def widest_gap(model: LlamaLanguageModel, messages: Sequence[Message], sample: Sample) -> float:
    """The most by which a token of the answer was less likely than the likeliest, in logits."""
    # Half a character at the end is not what was said, nor is a word that a stop string cut off.
    found = gaps(model, messages, sample.text.rstrip("\ufffd"))
    if sample.params.stop or sample.text.endswith("\ufffd"):
        found = found[:-1]
    return max(found, default=0.0)


def is_same_alone(model: LlamaLanguageModel, sample: Sample) -> bool:
    """Asked again, with nobody beside: the same text (or the same beginning, if it was stopped)."""
    stream = model.stream(sample.messages, sample.params, AbortFlag(), urgent=True)
    text = "".join(piece.text for piece in stream if isinstance(piece, TextPiece))
    return text == sample.text if sample.whole else text.startswith(sample.text)
