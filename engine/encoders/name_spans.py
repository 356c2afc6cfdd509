"""From the probabilities of each word's tags to names in the text, with how sure they are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from engine.contracts import NameSpan
from engine.encoders.entity_tags import TYPES, best_tags, names
from engine.encoders.pieces import Words


def name_spans(
    words: Words,
    probabilities: np.ndarray,
    slope: float = 1.0,
    offset: float = 0.0,
    sentences: Sequence[int] = (),
) -> list[NameSpan]:
    """`probabilities` as float of shape (words, tags), in the order of `entity_tags.TAGS`.

    `sentences` are characters at which one begins, ascending: no name goes on beyond. A name is as
    sure as its least sure word; `slope` and `offset` make of that, in logits, how often names of that
    share are right: beginning, end and type.
    """
    logs = np.log(np.maximum(probabilities, 1e-9))
    cuts = np.searchsorted(words.starts, np.asarray(sentences, dtype=np.int64))
    tags = [tag for rows in np.split(logs, cuts) for tag in best_tags(rows)]
    found = []
    for first, end, kind in names(tags):
        inside = probabilities[first:end]
        # A tag that begins a name and one that goes on with it mean the same type.
        shares = {name: inside[:, 1 + 2 * at : 3 + 2 * at].sum(1) for at, name in enumerate(TYPES)}
        shares[""] = inside[:, 0]
        score = rescaled(float(shares[kind].min()), slope, offset)
        means = {name: float(share.mean()) for name, share in shares.items()}
        rest = sum(means.values()) - means[kind] or 1.0
        others = {name: round((1 - score) * mean / rest, 4) for name, mean in means.items()}
        found.append(
            NameSpan(
                words.starts[first],
                words.ends[end - 1],
                kind,
                round(score, 4),
                others | {kind: round(score, 4)},
            )
        )
    return found


def rescaled(share: float, slope: float, offset: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-slope * math.log(share / (1 - share)) - offset))


def with_signs(text: str, names: list[NameSpan]) -> list[NameSpan]:
    """The sign of "@somebody" belongs to the name, and by itself is none; the corpora that the adapter
    learned from mark it as a name of its own."""
    found: list[NameSpan] = []
    for name in names:
        before = found[-1] if found else None
        if before is not None and before.end == name.start and _is_sign(text, before):
            found[-1] = msgspec.structs.replace(name, start=before.start)
        else:
            found.append(name)
    return [name for name in found if not _is_sign(text, name)]


def _is_sign(text: str, name: NameSpan) -> bool:
    return text[name.start : name.end] in ("@", "#")
