"""Sentiment: the whole in one word, how many sentences of each kind, the curve, the strongest."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.text_tools.results import SENTIMENT_LABELS, SentimentResult
from engine.types import Coverage, Document, Span
from gui.theme import Theme
from gui.widgets.results.base import LegendEntry, Mark, ResultView, is_small
from gui.widgets.results.cited_text import Chip, CitedText
from gui.widgets.results.column import Heading, ResultColumn, RowStack, plain_label, wrapped_label
from gui.widgets.results.mood import mood_curve, strongest
from gui.widgets.results.mood_curve import MoodCurve
from gui.widgets.results.passage_names import PassageNames
from gui.widgets.results.share_bar import ShareBar

SIGNS = {"positive": "▲", "neutral": "●", "negative": "▼"}


class SentimentResults(ResultView):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._document: Document | None = None
        self._names: PassageNames | None = None
        scroll = ResultColumn(self)
        self.verdict = plain_label("", self, "verdict")
        self.sure = plain_label("", self, "mut")
        self._caution = wrapped_label(
            self.tr("A very small model judged this; single sentences can be wrong."), self, "hint"
        )
        self.bar = ShareBar(theme, self)
        curve_title = Heading(self.tr("Mood through the text"), self)
        self.curve = MoodCurve(theme, self)
        self.curve.chosen.connect(self.mark_wanted)
        self._strongest_title = Heading(self.tr("Strongest sentences"), self)
        self._result = SentimentResult(coverage=Coverage(0, 0))
        self.strongest = RowStack(lambda parent: _Sentence(theme, parent, self), self)
        self.strongest.more_asked.connect(self._fill)
        scroll.add(self.verdict)
        scroll.add(self.sure)
        scroll.add(self._caution, above=2)
        scroll.add(self.bar, above=12)
        scroll.add(curve_title, above=16)
        scroll.add(self.curve, above=4)
        scroll.add(self._strongest_title, above=16)
        scroll.add(self.strongest)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def show_result(
        self, result: SentimentResult, document: Document, model: dict[str, Any] | None
    ) -> None:
        if self._document is not document:
            self._document, self._names = document, PassageNames(document)
        self.verdict.setText(f"{SIGNS[result.label]}  {self.label_title(result.label)}")
        self.verdict.setProperty("tone", result.label)
        self.verdict.style().polish(self.verdict)
        percent = round(100 * result.score)
        self.sure.setText(self.tr("over the whole text, {percent} % sure").format(percent=percent))
        self._caution.setVisible(is_small(model))
        self.bar.show_entries(
            [
                (label, SIGNS[label], self.label_title(label), result.counts.get(label, 0))
                for label in SENTIMENT_LABELS
            ]
        )
        self.curve.show_curve(mood_curve(result.spans))
        self._result = result
        self._fill()

    def _fill(self) -> None:
        spans = self._result.spans
        numbers = strongest(spans)
        self._strongest_title.setVisible(bool(numbers))
        for row, number in zip(self.strongest.resize_to(len(numbers)), numbers, strict=False):
            assert isinstance(row, _Sentence)
            row.show_span(spans[number], number, self._chip(spans[number]))

    def marks(self, result: SentimentResult) -> list[Mark]:
        """Neutral sentences are left unmarked: most of a text would be painted."""
        return [
            Mark(span.start, span.end, span.label, span.label, number)
            for number, span in enumerate(result.spans)
            if span.label in ("positive", "negative")
        ]

    def legend(self, result: SentimentResult) -> list[LegendEntry]:
        return [
            LegendEntry(label, label, self.label_title(label), result.counts.get(label, 0))
            for label in ("negative", "positive")
        ]

    def mark_clicked(self, number: int) -> None:
        self.curve.show_sentence(number)

    def label_title(self, label: str) -> str:
        titles = {
            "positive": self.tr("Positive"),
            "neutral": self.tr("Neutral"),
            "negative": self.tr("Negative"),
        }
        return titles[label]

    def tip(self, number: int) -> str:
        span = self._result.spans[number]
        title = self.label_title(span.label)
        if span.score is None:
            return title
        words = self.tr("{label}, {percent} % sure")
        return words.format(label=title, percent=round(100 * span.score))

    def _chip(self, span: Span) -> Chip:
        assert self._names is not None
        return Chip(
            self._names.short(span.start, span.end),
            self._names.full(span.start, span.end),
            span.start,
            span.end,
        )


class _Sentence(QWidget):
    """A sentence of the text, with its label above it."""

    def __init__(self, theme: Theme, parent: QWidget, view: SentimentResults) -> None:
        super().__init__(parent)
        self._view = view
        self._number = 0
        self.label = plain_label("", self, "tone")
        self.text = CitedText(theme, self, serif=True)
        self.text.chosen.connect(self._on_text_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.label)
        column.addWidget(self.text)

    def show_span(self, span: Span, number: int, chip: Chip) -> None:
        self._number = number
        percent = "" if span.score is None else f"  {round(100 * span.score)} %"
        self.label.setText(f"{SIGNS[span.label]} {self._view.label_title(span.label)}{percent}")
        self.label.setProperty("tone", span.label)
        self.label.style().polish(self.label)
        self.text.set_content(span.text, (chip,))

    def _on_text_chosen(self, start: int, end: int) -> None:
        self._view.mark_wanted.emit(self._number)
        self._view.curve.show_sentence(self._number)
