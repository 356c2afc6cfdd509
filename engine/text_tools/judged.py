"""What sentiment results are made of, whoever read the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.text_tools.results import SENTIMENT_LABELS, UNSURE, SentimentResult, TargetSentiment
from engine.types import Coverage, Span

CERTAIN = 0.5  # below, the label is less likely than the others together


def verdict(shares: Sequence[float]) -> tuple[str, float, dict[str, float]]:
    """The label or "unsure", the share of the likeliest label, and the shares by label.

    `shares` in the order of `SENTIMENT_LABELS`; empty where there was nothing to judge.
    """
    if not len(shares):
        return UNSURE, 0.0, {}
    by_label = {
        label: round(float(share), 4) for label, share in zip(SENTIMENT_LABELS, shares, strict=True)
    }
    best = max(by_label, key=by_label.__getitem__)
    return best if by_label[best] >= CERTAIN else UNSURE, by_label[best], by_label


def mean_shares(judged: Sequence[tuple[Sequence[float], int]]) -> list[float]:
    """The mean of (shares, weight), or nothing of nothing."""
    total = sum(weight for _, weight in judged)
    if not total:
        return []
    return [
        sum(float(shares[at]) * weight for shares, weight in judged) / total
        for at in range(len(SENTIMENT_LABELS))
    ]


class Judged:
    """Collects the sentences with their shares. The whole is their mean, longer ones counting for
    more, unless somebody judged the `whole` at once."""

    def __init__(self, made_by: str, remarks: tuple[str, ...] = ()) -> None:
        self.spans: list[Span] = []
        self.whole: Sequence[float] | None = None
        self._judged: list[tuple[Sequence[float], int]] = []
        self._made_by, self._remarks = made_by, remarks

    def add(self, document: int, start: int, text: str, shares: Sequence[float]) -> None:
        label, score, by_label = verdict(shares)
        self._judged.append((shares, len(text)))
        self.spans.append(Span(start, start + len(text), text, label, score, document, by_label))

    def result(self, read: Coverage, targets: tuple[TargetSentiment, ...] = ()) -> SentimentResult:
        shares = self.whole if self.whole is not None else mean_shares(self._judged)
        label, score, by_label = verdict(shares)
        counts = Counter(span.label for span in self.spans)
        labels = (*SENTIMENT_LABELS, UNSURE) if counts[UNSURE] else SENTIMENT_LABELS
        nothing = () if self.spans else ("There are no words to judge in this text.",)
        return SentimentResult(
            coverage=read,
            spans=tuple(self.spans),
            model_name=self._made_by,
            remarks=self._remarks + nothing,
            label=label,
            score=score,
            probabilities=by_label,
            counts={name: counts[name] for name in labels},
            targets=targets,
        )
