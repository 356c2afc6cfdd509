"""What the labels of sentiment are called, and how they look: one place for every list, bar and tip."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.text_tools.results import SENTIMENT_LABELS, UNSURE

SIGNS = {"positive": "▲", "neutral": "●", "negative": "▼", UNSURE: "○"}
LABELS = (*SENTIMENT_LABELS, UNSURE)
MARKED = ("negative", "positive", UNSURE)  # neutral would paint most of a text


def label_title(label: str) -> str:
    """The label as a word, also the token of its colour is called like the label."""
    titles = {
        "positive": QCoreApplication.translate("SentimentResults", "Positive"),
        "neutral": QCoreApplication.translate("SentimentResults", "Neutral"),
        "negative": QCoreApplication.translate("SentimentResults", "Negative"),
        UNSURE: QCoreApplication.translate("SentimentResults", "Not sure"),
    }
    return titles.get(label, label)


def sign(label: str) -> str:
    return SIGNS.get(label, SIGNS[UNSURE])
