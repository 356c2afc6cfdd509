"""The mood of a text from its sentences: a smoothed curve and its outline. Pure, knows no Qt.

A sentence's value is the probability of "positive" less that of "negative", -1.0 to 1.0.
"""

from __future__ import annotations

import heapq
import itertools
import math

from engine.types import Span

SIGNS = {"positive": 1.0, "neutral": 0.0, "negative": -1.0}
MOST_POINTS, MOST_VALUES = 240, 2000
FEW = 12  # sentences, up to which each is shown as it is
VERTICES = 300  # of the line that is drawn; what a pane is wide


def signed(span: Span) -> float:
    """From -1 (surely negative) over 0 (neutral) to 1 (surely positive)."""
    if span.alternatives:
        shares = span.alternatives
        value = shares.get("positive", 0.0) - shares.get("negative", 0.0)
        return min(1.0, max(-1.0, value))
    return SIGNS.get(span.label, 0.0) * (1.0 if span.score is None else span.score)


def mood_curve(spans: tuple[Span, ...]) -> list[tuple[float, int]]:
    """(mood, number of the span in the middle) at even distances through the text.

    Each point is a mean over neighbours that widens with the text, unless it is short; nearer
    sentences count more, since the means are taken twice.
    """
    values = [signed(span) for span in spans]
    step = -(-len(values) // MOST_VALUES) or 1  # of a very long text, groups of sentences
    groups = [values[n : n + step] for n in range(0, len(values), step)]
    values = [sum(group) / len(group) for group in groups]
    count = len(values)
    reach = max(1, count // 32) if count > FEW else 0
    values = _means(_means(values, reach), reach)
    points = min(count, MOST_POINTS)
    middles = (round(point * (count - 1) / max(1, points - 1)) for point in range(points))
    last = len(spans) - 1
    curve = [(values[n], min(last, n * step + step // 2)) for n in middles]
    if curve:  # the ends are the ends, although a group may stand for them
        curve[0], curve[-1] = (curve[0][0], 0), (curve[-1][0], last)
    return curve


def _means(values: list[float], reach: int) -> list[float]:
    """Each value's mean with `reach` neighbours on both sides, fewer at the ends."""
    sums = list(itertools.accumulate(values, initial=0.0))
    means = []
    for middle in range(len(values)):
        low, high = max(0, middle - reach), min(len(values), middle + reach + 1)
        means.append(min(1.0, max(-1.0, (sums[high] - sums[low]) / (high - low))))
    return means


def outline(curve: list[tuple[float, int]]) -> tuple[list[float], list[float]]:
    """The curve as x (number of the sentence, from 1) and y, with a vertex wherever it meets zero.

    Level at the points, so that nothing overshoots; of a single sentence, a level line.
    """
    if len(curve) == 1:
        return [0.5, 1.5], [curve[0][0]] * 2
    pieces = max(1, VERTICES // max(1, len(curve)))
    xs: list[float] = []
    ys: list[float] = []
    for (mood, number), (next_mood, next_number) in itertools.pairwise(curve):
        for piece in range(pieces):
            share = piece / pieces
            ease = (1 - math.cos(math.pi * share)) / 2
            _add(
                xs,
                ys,
                1 + number + share * (next_number - number),
                mood + ease * (next_mood - mood),
            )
    for mood, number in curve[-1:]:
        _add(xs, ys, 1.0 + number, mood)
    return xs, ys


def _add(xs: list[float], ys: list[float], x: float, y: float) -> None:
    if ys and ys[-1] * y < 0:
        xs.append(xs[-1] + (x - xs[-1]) * ys[-1] / (ys[-1] - y))
        ys.append(0.0)
    xs.append(x)
    ys.append(y)


def round_numbers(count: int, most: int = 5) -> list[int]:
    """Numbers from 1 to `count` to be named on an axis: at most about `most`, at even steps."""
    if count <= most:
        return list(range(1, count + 1))
    size = 10 ** int(math.log10(count / most))
    step = next(size * n for n in (1, 2, 5, 10) if size * n * most >= count)
    return [1, *range(step, count + 1, step)] if step > 1 else list(range(1, count + 1))


def strongest(spans: tuple[Span, ...], limit: int = 6) -> list[int]:
    """Numbers of the sentences with the surest positive or negative label, the surest first."""
    numbers = (n for n, span in enumerate(spans) if span.label in ("positive", "negative"))
    return heapq.nsmallest(limit, numbers, key=lambda n: (-(spans[n].score or 0.0), n))
