"""The mood of a text from its sentences' labels: a smoothed curve. Pure, knows no Qt."""

from __future__ import annotations

from engine.types import Span

SIGNS = {"positive": 1.0, "neutral": 0.0, "negative": -1.0}
MOST_POINTS = 160


def signed(span: Span) -> float:
    """From -1 (surely negative) over 0 (neutral) to 1 (surely positive)."""
    return SIGNS.get(span.label, 0.0) * (1.0 if span.score is None else span.score)


def mood_curve(spans: tuple[Span, ...]) -> list[tuple[float, int]]:
    """(mood, number of the span in the middle) at even distances through the text.

    Each point is the mean over a window that widens with the text, nearer sentences counting more.
    """
    values = [signed(span) for span in spans]
    count = len(values)
    if not count:
        return []
    reach = max(1, count // 16) if count > 4 else 0
    weights = [reach + 1 - abs(offset) for offset in range(-reach, reach + 1)]
    points = min(count, MOST_POINTS)
    curve = []
    for point in range(points):
        middle = round(point * (count - 1) / max(1, points - 1))
        total = weight_sum = 0.0
        for offset, weight in zip(range(-reach, reach + 1), weights, strict=True):
            if 0 <= middle + offset < count:
                total += weight * values[middle + offset]
                weight_sum += weight
        curve.append((total / weight_sum, middle))
    return curve


def strongest(spans: tuple[Span, ...], limit: int = 6) -> list[int]:
    """Numbers of the sentences with the surest positive or negative label, the surest first."""
    numbers = [n for n, span in enumerate(spans) if span.label in ("positive", "negative")]
    return sorted(numbers, key=lambda n: (-(spans[n].score or 0.0), n))[:limit]
