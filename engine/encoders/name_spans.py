"""From the probabilities of each word's tags to names in the text, with how sure they are."""

from __future__ import annotations

import msgspec
import numpy as np

from engine.encoders.entity_tags import TYPES, best_tags, names
from engine.encoders.pieces import Words


class NameSpan(msgspec.Struct, frozen=True):
    """A name at characters `start` to `end`. `alternatives` has the share of each type, and of "" for
    no name at all; `score` is that of `label`."""

    start: int
    end: int
    label: str
    score: float
    alternatives: dict[str, float]


def name_spans(words: Words, probabilities: np.ndarray) -> list[NameSpan]:
    """`probabilities` as float of shape (words, tags), in the order of `entity_tags.TAGS`."""
    if not len(probabilities):
        return []
    found = []
    for first, end, kind in names(best_tags(np.log(np.maximum(probabilities, 1e-9)))):
        inside = probabilities[first:end]
        # A tag that begins a name and one that goes on with it mean the same type.
        shares = {name: inside[:, 1 + 2 * at : 3 + 2 * at].sum(1) for at, name in enumerate(TYPES)}
        shares[""] = inside[:, 0]
        means = {name: float(share.mean()) for name, share in shares.items()}
        total = sum(means.values())
        found.append(
            NameSpan(
                words.starts[first],
                words.ends[end - 1],
                kind,
                round(float(shares[kind].min()), 4),
                {name: round(mean / total, 4) for name, mean in means.items()},
            )
        )
    return found
