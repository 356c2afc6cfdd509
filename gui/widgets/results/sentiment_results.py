"""Sentiment: the whole in one word, how many sentences of each kind, the chart, the names, the
strongest sentences; and below them all, why a sentence that was chosen was judged as it was.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.errors import ErrorInfo
from engine.protocol import Explanation
from engine.text_tools.results import UNSURE, SentimentResult
from engine.types import Coverage, Document, Span
from gui import icons
from gui.theme import Theme
from gui.widgets.results.base import LegendEntry, Mark, ResultView, is_small
from gui.widgets.results.cited_text import Chip
from gui.widgets.results.column import Heading, ResultColumn, RowStack, plain_label, wrapped_label
from gui.widgets.results.mood import strongest
from gui.widgets.results.mood_curve import MoodCurve
from gui.widgets.results.passage_names import PassageNames
from gui.widgets.results.sentiment_words import LABELS, MARKED, label_title, sign
from gui.widgets.results.share_bar import ShareBar
from gui.widgets.results.strong_sentence import StrongSentence
from gui.widgets.results.target_rows import TargetRow
from gui.widgets.results.why_card import WhyCard

WHY_SHARE, WHY_LEAST = 0.22, 48  # of the height that the explained sentence may take; pixels


class SentimentResults(ResultView):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._document: Document | None = None
        self._names: PassageNames | None = None
        self._result = SentimentResult(coverage=Coverage(0, 0))
        self._why_number = -1
        scroll = ResultColumn(self)
        self.verdict = plain_label("", self, "verdict")
        self.sure = wrapped_label("", self, "mut")
        self._caution = wrapped_label(
            self.tr("A very small model judged this; single sentences can be wrong."), self, "hint"
        )
        self.bar = ShareBar(theme, self)
        self.curve = MoodCurve(theme, self)
        self.curve.chosen.connect(self._on_sentence_chosen)
        self.curve.picture_asked.connect(self._on_curve_picture_asked)
        self.save = QToolButton(self)
        self.save.setIconSize(QSize(15, 15))
        self.save.setAccessibleName(self.tr("Save chart…"))
        self.save.setToolTip(self.tr("Save chart…"))
        self.save.clicked.connect(self._on_save_clicked)
        self.named = QWidget(self)
        self.targets = RowStack(self._make_target, self.named)
        self.targets.more_asked.connect(self._fill_targets)
        self._strongest_title = Heading(self.tr("Strongest sentences"), self)
        self.strongest = RowStack(self._make_sentence, self)
        self.strongest.more_asked.connect(self._fill_strongest)
        self.why = WhyCard(theme, self)
        curve_head = QWidget(self)
        head = QHBoxLayout(curve_head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(Heading(self.tr("Mood through the text"), curve_head), 1)
        head.addWidget(self.save)
        scroll.add(self.verdict)
        scroll.add(self.sure)
        scroll.add(self._caution, above=2)
        scroll.add(self.bar, above=12)
        scroll.add(curve_head, above=12)
        scroll.add(self.curve, above=2)
        scroll.add(self.named)
        scroll.add(self._strongest_title, above=16)
        scroll.add(self.strongest)
        named = QVBoxLayout(self.named)
        named.setContentsMargins(0, 16, 0, 0)
        named.setSpacing(0)
        named.addWidget(Heading(self.tr("Where names are mentioned"), self.named))
        about = self.tr("What is said around a name, which need not be said of it.")
        named.addWidget(wrapped_label(about, self.named, "hint"))
        named.addWidget(self.targets)
        card = QVBoxLayout()
        card.setContentsMargins(12, 0, 12, 4)
        card.addWidget(self.why)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(card)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_result(
        self, result: SentimentResult, document: Document, model: dict[str, Any] | None
    ) -> None:
        if self._document is not document:
            self._document, self._names = document, PassageNames(document)
            self.curve.forget()
            self.targets.reset()
        if not self._shows_same_sentence(result):
            self.why.hide()
        self._result = result
        self.verdict.setText(f"{sign(result.label)}  {label_title(result.label)}")
        self.verdict.setProperty("tone", result.label)
        self.verdict.style().polish(self.verdict)
        self.sure.setText(self._certainty(result))
        self.sure.setVisible(bool(self.sure.text()))
        self._caution.setVisible(is_small(model))
        self.bar.show_entries(
            [
                (label, sign(label), label_title(label), result.counts.get(label, 0))
                for label in LABELS
                if label != UNSURE or result.counts.get(UNSURE)
            ]
        )
        self.curve.show_spans(result.spans)
        self.save.setEnabled(bool(result.spans))
        self._fill_targets()
        self._fill_strongest()

    def marks(self, result: SentimentResult) -> list[Mark]:
        """Neutral sentences are left unmarked: most of a text would be painted."""
        return [
            Mark(span.start, span.end, span.label, span.label, number)
            for number, span in enumerate(result.spans)
            if span.label in MARKED
        ]

    def legend(self, result: SentimentResult) -> list[LegendEntry]:
        return [
            LegendEntry(label, label, label_title(label), result.counts.get(label, 0))
            for label in MARKED
            if label != UNSURE or result.counts.get(UNSURE)
        ]

    def mark_clicked(self, number: int) -> None:
        self.curve.show_sentence(number)
        self._ask_why(number)

    def show_explanation(self, number: int, found: Explanation) -> None:
        if number == self._why_number and not self.why.isHidden():
            self.why.show_explanation(self._result.spans[number], found)

    def show_explanation_error(self, number: int, error: ErrorInfo) -> None:
        if number == self._why_number and not self.why.isHidden():
            self.why.show_error(self._result.spans[number], error)

    def tip(self, number: int) -> str:
        span = self._result.spans[number]
        title = label_title(span.label)
        if span.score is None or span.label == UNSURE:
            return title
        words = self.tr("{label}, {percent} % sure")
        return words.format(label=title, percent=round(100 * span.score))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.why.heat.limit(max(WHY_LEAST, round(WHY_SHARE * self.height())))

    def _certainty(self, result: SentimentResult) -> str:
        """Nothing is claimed of a text without words."""
        if not result.probabilities:
            return ""
        percent = round(100 * result.score)
        if result.label != UNSURE:
            return self.tr("over the whole text, {percent} % sure").format(percent=percent)
        shares = result.probabilities
        nearest = label_title(max(shares, key=lambda label: shares[label]))
        words = self.tr("over the whole text; the likeliest is “{label}” with {percent} %")
        return words.format(label=nearest, percent=percent)

    def _fill_targets(self) -> None:
        targets = self._result.targets
        self.named.setVisible(bool(targets))
        for row, target in zip(self.targets.resize_to(len(targets)), targets, strict=False):
            assert isinstance(row, TargetRow)
            row.show_target(target)

    def _fill_strongest(self) -> None:
        spans = self._result.spans
        numbers = strongest(spans)
        self._strongest_title.setVisible(bool(numbers))
        for row, number in zip(self.strongest.resize_to(len(numbers)), numbers, strict=False):
            assert isinstance(row, StrongSentence)
            row.show_span(spans[number], number, self._chip(spans[number]))

    def _make_target(self, parent: QWidget) -> TargetRow:
        row = TargetRow(self.theme, parent)
        row.chosen.connect(self._on_sentence_chosen)
        row.step_asked.connect(lambda step: self._step_target(row, step))
        return row

    def _make_sentence(self, parent: QWidget) -> StrongSentence:
        row = StrongSentence(self.theme, parent)
        row.chosen.connect(self._on_sentence_chosen)
        return row

    def _step_target(self, row: TargetRow, step: int) -> None:
        rows = [other for other in self.targets.rows if not other.isHidden()]
        at = rows.index(row) + step
        if 0 <= at < len(rows):
            rows[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_sentence_chosen(self, number: int) -> None:
        self.mark_wanted.emit(number)
        self.mark_clicked(number)

    def _ask_why(self, number: int) -> None:
        if self.can_explain and number < len(self._result.spans):
            self._why_number = number
            span = self._result.spans[number]
            self.why.show_waiting(span)
            self.explanation_wanted.emit(number, span.text, span.label)

    def _shows_same_sentence(self, result: SentimentResult) -> bool:
        """Whether what is explained is also a sentence of another result, of the same text."""
        at, before = self._why_number, self._result.spans
        return 0 <= at < min(len(before), len(result.spans)) and before[at] == result.spans[at]

    def _on_save_clicked(self) -> None:
        menu = self.curve.save_menu(self.save)
        menu.popup(self.save.mapToGlobal(self.save.rect().bottomLeft()))

    def _on_curve_picture_asked(self, suffix: str) -> None:
        title = self._document.name if self._document is not None else ""
        self.picture_wanted.emit(self.curve.picture(suffix, title), suffix)

    def _on_theme_changed(self) -> None:
        self.save.setIcon(icons.icon("download", self.theme.hex("mut"), 15))

    def _chip(self, span: Span) -> Chip:
        assert self._names is not None
        return Chip(
            self._names.short(span.start, span.end),
            self._names.full(span.start, span.end),
            span.start,
            span.end,
        )
