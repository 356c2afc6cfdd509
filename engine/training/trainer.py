"""The loop that all adapters are trained by: batches of texts of like length, AdamW, an average of the
weights over time (Polyak and Juditsky 1992), and the best of the averages by a figure on dev.
"""

from __future__ import annotations

import copy
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import torch
from torch import nn

from engine.encoders.adapted import AdaptedEncoder

NO_LABEL = -100


class Example(msgspec.Struct):
    """`label` is one number, or one for each piece; `kind` goes to the loss as it is."""

    ids: list[int]
    shapes: list[int]
    label: int | list[int]
    kind: int = 0
    weight: float = 1.0


class Plan(msgspec.Struct, frozen=True):
    passes: float = 4.0
    rate: float = 2e-4
    head_rate: float = 1e-3
    rows: int = 3000  # pieces in a batch
    texts: int = 64  # and texts at most
    warm_up: float = 0.08
    average: float = 0.998
    looks: int = 6  # at the dev figure
    weight_decay: float = 0.01
    seed: int = 7


Loss = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


def batches(examples: Sequence[Example], plan: Plan, chance: random.Random) -> list[list[int]]:
    """Numbers of examples: shuffled, in groups of about one length."""
    order = list(range(len(examples)))
    chance.shuffle(order)
    found: list[list[int]] = []
    for start in range(0, len(order), 2048):
        group = sorted(order[start : start + 2048], key=lambda at: len(examples[at].ids))
        batch: list[int] = []
        for at in group:
            longest = len(examples[at].ids)
            if batch and ((len(batch) + 1) * longest > plan.rows or len(batch) >= plan.texts):
                found.append(batch)
                batch = []
            batch.append(at)
        found.append(batch)
    chance.shuffle(found)
    return found


def tensors(examples: Sequence[Example]) -> tuple[torch.Tensor, ...]:
    """ids, shapes, mask, labels, kinds, weights; padded to the longest."""
    longest = max(len(example.ids) for example in examples)

    def padded(rows: list[list[int]], filler: int) -> torch.Tensor:
        return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])

    ids = padded([example.ids for example in examples], 0)
    shapes = padded([example.shapes for example in examples], 0)
    mask = padded([[1] * len(example.ids) for example in examples], 0)
    labels = [example.label for example in examples]
    is_list = isinstance(labels[0], list)
    told = padded(labels, NO_LABEL) if is_list else torch.tensor(labels)  # type: ignore[arg-type]
    kinds = torch.tensor([example.kind for example in examples])
    weights = torch.tensor([example.weight for example in examples])
    return ids, shapes, mask, told, kinds, weights


def train(
    model: AdaptedEncoder,
    examples: Callable[[random.Random], Sequence[Example]],
    loss_of: Loss,
    figure: Callable[[AdaptedEncoder], float],
    plan: Plan,
    tell: Callable[[str], None] = print,
) -> AdaptedEncoder:
    """`examples` are made anew for each pass. The best average of the weights by `figure`."""
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)
    model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    optimizer = torch.optim.AdamW(_groups(model, plan), fused=True)
    first = examples(chance)
    per_pass = len(batches(first, plan, random.Random(0)))
    steps = max(1, int(per_pass * plan.passes))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda at: _rate(at, steps, plan))
    average = copy.deepcopy(model).eval()
    best, best_figure = copy.deepcopy(average), -math.inf
    look_at = {
        round(steps * (0.4 + 0.6 * number / plan.looks)) for number in range(1, plan.looks + 1)
    }
    seen, started = 0.0, time.monotonic()
    for step, batch in enumerate(_forever(examples, first, plan, chance), 1):
        if step > steps:
            break
        model.train()
        ids, shapes, mask, labels, kinds, weights = tensors(batch)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(ids, shapes, mask)
        loss = loss_of(logits.float(), labels, kinds, weights)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        _blend(average, model, min(plan.average, step / (step + 20)))
        seen += 0.02 * (loss.item() - seen)
        if step % 50 == 0:
            passed = time.monotonic() - started
            tell(f"step {step}/{steps}, loss {seen:.4f}, {passed:.0f} s")
        if step in look_at:
            value = figure(average)
            tell(f"step {step}/{steps}: {value:.4f} on dev")
            if value > best_figure:
                best, best_figure = copy.deepcopy(average), value
    return best


def _forever(
    examples: Callable[[random.Random], Sequence[Example]],
    first: Sequence[Example],
    plan: Plan,
    chance: random.Random,
) -> Iterator[list[Example]]:
    current = first
    while True:
        for batch in batches(current, plan, chance):
            yield [current[at] for at in batch]
        current = examples(chance)


def _groups(model: AdaptedEncoder, plan: Plan) -> list[dict[str, Any]]:
    """The head and the shapes are new and learn faster; gains and offsets do not decay."""
    own = [p for name, p in model.named_parameters() if not name.startswith("bert.")]
    layers = [p for name, p in model.named_parameters() if name.startswith("bert.")]
    layers = [p for p in layers if p.requires_grad]
    matrices = [p for p in layers if p.dim() > 1]
    rest = [p for p in layers if p.dim() <= 1]
    return [
        {"params": matrices, "lr": plan.rate, "weight_decay": plan.weight_decay},
        {"params": rest, "lr": plan.rate, "weight_decay": 0.0},
        {"params": own, "lr": plan.head_rate, "weight_decay": 0.0},
    ]


def _rate(step: int, steps: int, plan: Plan) -> float:
    warm = max(1, int(steps * plan.warm_up))
    return step / warm if step < warm else max(0.02, (steps - step) / max(1, steps - warm))


@torch.no_grad()
def _blend(average: AdaptedEncoder, model: AdaptedEncoder, share: float) -> None:
    for kept, new in zip(average.parameters(), model.parameters(), strict=True):
        if new.requires_grad:
            kept.lerp_(new, 1 - share)
