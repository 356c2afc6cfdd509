"""Texts of like length read together, so that little is computed for padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch

PIECES = 1024  # in a batch, padding and all: larger ones are no faster, and a chat may wait for one
TEXTS = 64


def by_length(
    lengths: Sequence[int], pieces: int = PIECES, texts: int = TEXTS
) -> Iterator[list[int]]:
    """Numbers of the texts in batches, the shortest first."""
    batch: list[int] = []
    for at in np.argsort(lengths, kind="stable").tolist():
        if batch and ((len(batch) + 1) * lengths[at] > pieces or len(batch) >= texts):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def padded(rows: Sequence[Sequence[int]]) -> torch.Tensor:
    """int64 of shape (rows, longest), 0 where a row has ended."""
    table = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return torch.from_numpy(table)


def mask_of(rows: Sequence[Sequence[int]]) -> torch.Tensor:
    lengths = torch.tensor([len(row) for row in rows])
    return (torch.arange(int(lengths.max())) < lengths.unsqueeze(1)).long()
