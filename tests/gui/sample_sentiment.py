"""Results of sentiment as the built-in reader gives them, for the text of `sample_results`."""

from __future__ import annotations

import math

from engine.protocol import Explanation, WordWeight
from engine.text_tools.results import UNSURE, SentimentResult, TargetSentiment
from engine.types import Coverage, Document, Span
from tests.gui.sample_results import sentiment

READER = "Carrel reader (all-MiniLM-L6-v2)"


def shares(positive: float, negative: float) -> dict[str, float]:
    return {"negative": negative, "neutral": 1 - positive - negative, "positive": positive}


def read_by_encoder() -> SentimentResult:
    """Every sentence with its shares, one of them not sure, and three names."""
    spans = []
    for span in sentiment().spans:
        score, rest = span.score or 0.0, 1 - (span.score or 0.0)
        chances = dict.fromkeys(("negative", "neutral", "positive"), rest / 2)
        chances[span.label] = score
        spans.append(Span(span.start, span.end, span.text, span.label, score, 0, chances))
    doubtful = spans[8]
    chances = {"negative": 0.41, "neutral": 0.37, "positive": 0.22}
    spans[8] = Span(doubtful.start, doubtful.end, doubtful.text, UNSURE, 0.41, 0, chances)
    labels = [span.label for span in spans]
    return SentimentResult(
        coverage=Coverage(3, 3),
        spans=tuple(spans),
        model_name=READER,
        label="negative",
        score=0.58,
        probabilities={"negative": 0.58, "neutral": 0.18, "positive": 0.24},
        counts={k: labels.count(k) for k in ("negative", "neutral", "positive", UNSURE)},
        targets=(
            TargetSentiment("Stevenson", "PER", "negative", 0.55, shares(0.13, 0.55), 4, (0, 3, 9)),
            TargetSentiment("R. L. Stevenson", "PER", "positive", 0.9, shares(0.9, 0.02), 1, (9,)),
            TargetSentiment("Walter Scott", "PER", UNSURE, 0.44, shares(0.2, 0.44), 1, (7,)),
            TargetSentiment("Hynish", "LOC", "neutral", 0.7, shares(0.2, 0.1), 1, (5,)),
        ),
    )  # fmt: skip


def long_document(count: int) -> tuple[Document, SentimentResult]:
    """`count` sentences whose mood comes and goes in waves."""
    spans, texts, start = [], [], 0
    for number in range(count):
        text = f"Sentence {number + 1} says how it is."
        mood = 0.8 * math.sin(9 * number / count) + 0.15 * math.sin(1.7 * number)
        chances = shares(max(0.0, mood), max(0.0, -mood))
        label = max(chances, key=lambda name: chances[name])
        label = label if chances[label] >= 0.5 else UNSURE
        score = max(chances.values())
        spans.append(Span(start, start + len(text), text, label, score, 0, chances))
        texts.append(text)
        start += len(text) + 1
    labels = [span.label for span in spans]
    result = SentimentResult(
        coverage=Coverage(9, 9),
        spans=tuple(spans),
        model_name=READER,
        label="neutral",
        score=0.52,
        probabilities={"negative": 0.21, "neutral": 0.52, "positive": 0.27},
        counts={k: labels.count(k) for k in ("negative", "neutral", "positive", UNSURE)},
    )
    return Document("a-long-book.txt", " ".join(texts)), result


def reasons(span: Span, strong: dict[str, float]) -> Explanation:
    """Every word of a sentence; those of `strong` with a weight."""
    words, at = [], 0
    for word in span.text.split():
        start = span.text.index(word, at)
        at = start + len(word)
        words.append(WordWeight(start, at, strong.get(word.strip(".,;"), 0.01)))
    return Explanation(span.label, span.score or 0.0, tuple(words))
