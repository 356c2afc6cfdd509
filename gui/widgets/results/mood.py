"""The mood of a text from its sentences' labels: a smoothed curve. Pure, knows no Qt."""

from __future__ import annotations

import heapq
import itertools

from engine.types import Span

SIGNS = {"positive": 1.0, "neutral": 0.0, "negative": -1.0}
MOST_POINTS, MOST_VALUES = 160, 2000


def signed(span: Span) -> float:
    """From -1 (surely negative) over 0 (neutral) to 1 (surely positive)."""
    return SIGNS.get(span.label, 0.0) * (1.0 if span.score is None else span.score)


def mood_curve(spans: tuple[Span, ...]) -> list[tuple[float, int]]:
    """(mood, number of the span in the middle) at even distances through the text.

    Each point is a mean over neighbours that widens with the text; nearer sentences count more,
    since the means are taken twice.
    """
    values = [signed(span) for span in spans]
    step = -(-len(values) // MOST_VALUES) or 1  # of a very long text, groups of sentences
    groups = [values[n : n + step] for n in range(0, len(values), step)]
    values = [sum(group) / len(group) for group in groups]
    count = len(values)
    reach = max(1, count // 32) if count > 4 else 0
    values = _means(_means(values, reach), reach)
    points = min(count, MOST_POINTS)
    middles = (round(point * (count - 1) / max(1, points - 1)) for point in range(points))
    return [(values[n], n if step == 1 else n * step + len(groups[n]) // 2) for n in middles]


def _means(values: list[float], reach: int) -> list[float]:
    """Each value's mean with `reach` neighbours on both sides, fewer at the ends."""
    sums = list(itertools.accumulate(values, initial=0.0))
    means = []
    for middle in range(len(values)):
        low, high = max(0, middle - reach), min(len(values), middle + reach + 1)
        means.append(min(1.0, max(-1.0, (sums[high] - sums[low]) / (high - low))))
    return means


def strongest(spans: tuple[Span, ...], limit: int = 6) -> list[int]:
    """Numbers of the sentences with the surest positive or negative label, the surest first."""
    numbers = (n for n, span in enumerate(spans) if span.label in ("positive", "negative"))
    return heapq.nsmallest(limit, numbers, key=lambda n: (-(spans[n].score or 0.0), n))
