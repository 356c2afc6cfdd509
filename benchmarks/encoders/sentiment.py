"""How often the tone of a text on dev is told right, beside VADER and TextBlob, and how surely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from benchmarks.encoders.bench import NEVER, Bench
from benchmarks.report import Row, ahead, at_least, at_most, plain
from engine.training.calibration import bins_of, expected_error
from engine.training.corpora import Labelled
from engine.training.sentiment import macro_f1

GOALS = {"SST-2": 0.89, "SST-3": 0.68, "GoEmotions": 0.72}
TITLES = {
    "SST-2": "accuracy, SST binary dev",
    "SST-3": "macro F1, SST 3 classes dev",
    "GoEmotions": "macro F1, GoEmotions 3 classes dev",
}
ERROR_GOAL = 0.03
VADER_EDGE = 0.05  # below it neutral, as its authors advise

Polarity = Callable[[str], float]  # of a text, from -1.0 to 1.0


def quality(bench: Bench) -> Iterator[Row]:
    shares = {
        name: bench.encoder.sentiment([text.text for text in texts], NEVER)
        for name, texts in bench.sentiment.items()
    }
    wanted = {name: labels_of(texts) for name, texts in bench.sentiment.items()}
    for name, found in shares.items():
        value = score(name, found[:, 2] - found[:, 0], found.argmax(axis=1), wanted[name])
        yield at_least(f"sentiment, {TITLES[name]}", value, GOALS[name], "", "")
    three = [name for name in shares if name != "SST-2"]  # the binary set has no neutral texts
    for name in three:
        error, note = calibration(shares[name], wanted[name])
        yield plain(f"sentiment, calibration error, {name} dev", error, "", "", note)
    error, note = calibration(
        np.concatenate([shares[name] for name in three]),
        np.concatenate([wanted[name] for name in three]),
    )
    note = f"over {' and '.join(three)}; {note}"
    yield at_most("sentiment, expected calibration error", error, ERROR_GOAL, "", "", note)
    yield from _against_peers(bench, shares, wanted)


def labels_of(texts: Sequence[Labelled]) -> np.ndarray:
    return np.array([text.label for text in texts])


def score(name: str, polarity: np.ndarray, said: np.ndarray, wanted: np.ndarray) -> float:
    """Of the binary set the accuracy of the nearer of two; macro F1 of the others."""
    if name == "SST-2":
        return float(((polarity > 0) == (wanted == 2)).mean())
    return macro_f1(said, wanted)


def calibration(shares: np.ndarray, wanted: np.ndarray) -> tuple[float, str]:
    """The expected calibration error, and what it comes from."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == wanted
    error = expected_error(bins_of(sure.tolist(), right.tolist()))
    return (
        error,
        f"{len(sure):,} answers, {sure.mean():.1%} sure on average, {right.mean():.1%} right",
    )


def labels_by(polarity: np.ndarray, edge: float) -> np.ndarray:
    """0 negative, 1 neutral, 2 positive; what lies at `edge` or beyond is not neutral."""
    is_toned = np.abs(polarity) >= edge if edge else polarity != 0
    return np.where(is_toned, np.where(polarity > 0, 2, 0), 1)


def _against_peers(
    bench: Bench, shares: dict[str, np.ndarray], wanted: dict[str, np.ndarray]
) -> Iterator[Row]:
    bench.need_peers()
    peers: dict[str, tuple[Polarity, float]] = {
        "VADER": (_vader(), VADER_EDGE),
        "TextBlob": (_textblob(), 0.0),
    }
    for name, texts in bench.sentiment.items():
        mine = shares[name]
        ours = score(name, mine[:, 2] - mine[:, 0], mine.argmax(axis=1), wanted[name])
        theirs = {}
        for peer, (polarity_of, edge) in peers.items():
            polarity = np.array([polarity_of(text.text) for text in texts])
            theirs[peer] = score(name, polarity, labels_by(polarity, edge), wanted[name])
        yield ahead(f"sentiment, ahead, {TITLES[name]}", ours, theirs)


def _vader() -> Polarity:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return lambda text: float(analyzer.polarity_scores(text)["compound"])


def _textblob() -> Polarity:
    from textblob import TextBlob

    return lambda text: float(TextBlob(text).sentiment.polarity)
