"""A summary: quoted key sentences first, then the model's own words, each linked to its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.text_tools.results import KeySentence, SummaryPoint, SummaryResult
from engine.types import Coverage, Document, Passage
from gui.theme import Theme
from gui.widgets.results.base import LegendEntry, Mark, ResultView, is_small
from gui.widgets.results.checked_line import CheckedLine
from gui.widgets.results.cited_text import Chip, CitedText
from gui.widgets.results.column import Heading, ResultColumn, RowStack, wrapped_label
from gui.widgets.results.passage_names import PassageNames

KEY = "key"
MOST_CHIPS = 3


class SummaryResults(ResultView):
    """Quotes are set like the document itself; what a model wrote is set like the window."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._names: PassageNames | None = None
        self._document: Document | None = None
        self._result = SummaryResult(coverage=Coverage(0, 0))
        scroll = ResultColumn(self)
        self._quotes_title = Heading(self.tr("Key sentences"), self)
        self._quotes_title.aside.setText(self.tr("word for word"))
        self.quotes = RowStack(lambda parent: self._cited(parent, serif=True), self)
        self._words_title = Heading(self.tr("In the model's words"), self)
        self._caution = wrapped_label("", self, "hint")
        self.words = RowStack(lambda parent: _Point(parent, self._cited), self)
        self.quotes.more_asked.connect(self._fill)
        self.words.more_asked.connect(self._fill)
        self.checked = CheckedLine(theme, self)
        scroll.add(self._quotes_title)
        scroll.add(self.quotes)
        scroll.add(self._words_title, above=20)
        scroll.add(self._caution, above=2)
        scroll.add(self.words)
        scroll.add(self.checked, above=12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def show_result(
        self, result: SummaryResult, document: Document, model: dict[str, Any] | None
    ) -> None:
        if self._document is not document:
            self._document, self._names = document, PassageNames(document)
            self.quotes.reset()
            self.words.reset()
        self._result = result
        self._fill()
        rows, points = result.key_sentences, result.points
        self._quotes_title.setVisible(bool(rows))
        self._words_title.setVisible(bool(points))
        self._words_title.aside.setText(result.model_name)
        self._caution.setVisible(bool(points) and is_small(model))
        self._caution.setText(
            self.tr("A very small model wrote this. Trust the key sentences above more.")
        )
        unsupported = sum(len(point.unsupported) for point in result.points)
        self.checked.show_counts(result.checked_numbers, result.checked_names, unsupported)
        self.checked.setVisible(bool(points))

    def _fill(self) -> None:
        """As many rows as are shown; more when more are asked for."""
        keys, points = self._result.key_sentences, self._result.points
        for row, key in zip(self.quotes.resize_to(len(keys)), keys, strict=False):
            self._fill_quote(row, key)
        for row, point in zip(self.words.resize_to(len(points)), points, strict=False):
            self._fill_point(row, point)

    def marks(self, result: SummaryResult) -> list[Mark]:
        return [
            Mark(span.start, span.end, "accent", KEY, number)
            for number, span in enumerate(result.spans)
        ]

    def tip(self, number: int) -> str:
        return self.tr("Key sentence")

    def legend(self, result: SummaryResult) -> list[LegendEntry]:
        count = len(result.key_sentences)
        return [LegendEntry(KEY, "accent", self.tr("Key sentences"), count)] if count else []

    def _cited(self, parent: QWidget, serif: bool = False) -> CitedText:
        row = CitedText(self.theme, parent, serif=serif)
        row.chosen.connect(self.passage_wanted)
        return row

    def _fill_quote(self, row: QWidget, key: KeySentence) -> None:
        assert isinstance(row, CitedText)
        row.set_content(key.text, self._chips((key.passage,)))

    def _fill_point(self, row: QWidget, point: SummaryPoint) -> None:
        assert isinstance(row, _Point)
        row.show_point(point, self._chips(point.passages))

    def _chips(self, passages: tuple[Passage, ...]) -> tuple[Chip, ...]:
        """At most a few, and no two that read the same."""
        assert self._names is not None
        chips: dict[str, Chip] = {}
        for passage in passages:
            start, end = passage.start, passage.end
            text = self._names.short(start, end)
            chips.setdefault(text, Chip(text, self._names.full(start, end), start, end))
        return tuple(chips.values())[:MOST_CHIPS]


class _Point(QWidget):
    """A sentence of the model's, and below it what the source does not have."""

    def __init__(self, parent: QWidget, cited: Callable[[QWidget], CitedText]) -> None:
        super().__init__(parent)
        self.sentence = cited(self)
        self.doubt = wrapped_label("", self, "warning")
        self.doubt.setAlignment(Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.sentence)
        column.addWidget(self.doubt)

    def show_point(self, point: SummaryPoint, chips: tuple[Chip, ...]) -> None:
        self.sentence.set_content(point.text, chips, point.unsupported)
        what = ", ".join(point.unsupported)
        self.doubt.setText(self.tr("Not found in the source: {what}").format(what=what))
        self.doubt.setVisible(bool(point.unsupported))
