"""How far a model's shares may be trusted: one temperature, and how often it was right how sure it was.

Guo et al., "On Calibration of Modern Neural Networks" (2017).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

BINS = 15


class Bin(msgspec.Struct, frozen=True):
    """Answers between two shares: how many, how sure on average, and how many of them right."""

    count: int
    confidence: float
    accuracy: float


def best_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """What to divide logits of shape (n, labels) by, so that the right labels are likeliest."""
    candidates = np.exp(np.linspace(np.log(0.3), np.log(5.0), 60))
    losses = [_loss(logits / temperature, labels) for temperature in candidates]
    return round(float(candidates[int(np.argmin(losses))]), 4)


def best_line(shares: Sequence[float], is_right: Sequence[bool]) -> tuple[float, float]:
    """Slope and offset that make of shares, in logits, how often they are right: logistic regression
    by Newton's method, with the targets of Platt, "Probabilistic Outputs for SVMs" (1999)."""
    clipped = np.clip(np.asarray(shares, float), 1e-6, 1 - 1e-6)
    inputs = np.stack([np.log(clipped / (1 - clipped)), np.ones(len(clipped))], axis=1)
    right = np.asarray(is_right, float)
    high, low = (right.sum() + 1) / (right.sum() + 2), 1 / ((1 - right).sum() + 2)
    targets = np.where(right > 0, high, low)
    line = np.array([1.0, 0.0])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-inputs @ line))
        bend = inputs.T @ (inputs * (likely * (1 - likely))[:, None]) + 1e-6 * np.eye(2)
        step = np.linalg.solve(bend, inputs.T @ (likely - targets))
        line -= step
        if np.abs(step).max() < 1e-8:
            break
    return round(float(line[0]), 4), round(float(line[1]), 4)


def _loss(logits: np.ndarray, labels: np.ndarray) -> float:
    top = logits.max(axis=1, keepdims=True)
    logs = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    return float(-logs[np.arange(len(labels)), labels].mean())


def bins_of(confidences: Sequence[float], is_right: Sequence[bool]) -> list[Bin]:
    """`BINS` of equal width, empty ones left out."""
    sure, right = np.asarray(confidences, float), np.asarray(is_right, float)
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        Bin(int(inside.sum()), float(sure[inside].mean()), float(right[inside].mean()))
        for number in range(BINS)
        if (inside := place == number).any()
    ]


def expected_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error, 0.0 to 1.0."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.accuracy - one.confidence) for one in bins) / max(total, 1)


def reliability(bins: Sequence[Bin]) -> str:
    """A table in Markdown: how sure the answers were, and how often they were right."""
    lines = ["| answers | how sure | right |", "|--:|--:|--:|"]
    lines += [f"| {one.count:,} | {one.confidence:.1%} | {one.accuracy:.1%} |" for one in bins]
    return "\n".join([*lines, f"\nExpected calibration error {expected_error(bins):.4f}"])
