"""The views of the text tools' results.

To add one: a file here with a `ResultView`, and its line in `RESULT_VIEWS`.
"""

from __future__ import annotations

from gui.widgets.results.ask_results import AskResults
from gui.widgets.results.base import ResultView
from gui.widgets.results.entities_results import EntitiesResults
from gui.widgets.results.sentiment_results import SentimentResults
from gui.widgets.results.summary_results import SummaryResults

RESULT_VIEWS: dict[str, type[ResultView]] = {
    "summarize": SummaryResults,
    "ask": AskResults,
    "sentiment": SentimentResults,
    "entities": EntitiesResults,
}
