"""The view of sentiment, shown by itself with a sample result."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.text_tools.results import SentimentResult
from engine.types import Document
from gui.theme import Theme
from gui.widgets.results.sentiment_results import SentimentResults
from tests.gui.sample_results import DOCUMENT
from tests.gui.sample_sentiment import read_by_encoder

RESULT = read_by_encoder()


def shown_view(qtbot: QtBot) -> SentimentResults:
    """With its chart loaded; hold it, or it may be collected while it is painted."""
    parent = QWidget()
    qtbot.addWidget(parent)
    made = SentimentResults(Theme("light", QApplication.instance()), parent)
    made.can_explain = True
    made.holder = parent  # type: ignore[attr-defined]
    parent.resize(400, 900)
    made.resize(400, 900)
    parent.show()
    show(made, RESULT)
    qtbot.waitUntil(lambda: made.curve.plot is not None)
    qtbot.wait(20)
    return made


def show(view: SentimentResults, result: SentimentResult, document: Document = DOCUMENT) -> None:
    view.show_result(result, document, None)
