"""Questions about documents: a box to ask, the answer with its quotes, what was asked before."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.storage.records import StoredRun
from engine.text_tools.results import AnswerResult
from engine.types import Document
from gui.text_run import RunState
from gui.theme import Theme
from gui.widgets.results.answer_card import AnswerCard
from gui.widgets.results.asked_before import AskedBefore
from gui.widgets.results.base import LegendEntry, Mark, ResultView, is_small
from gui.widgets.results.column import ResultColumn, wrapped_label
from gui.widgets.results.question_box import QuestionBox
from gui.widgets.results.source_chips import SourceChips
from gui.widgets.results.summary_results import same

QUOTE = "quote"


class AskResults(ResultView):
    """The box stays at the top; below it one answer, the last or a chosen earlier one."""

    takes_several = True
    starts_itself = True

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._sources = SourceChips(())
        self._result: AnswerResult | None = None
        self._asked = ""  # last, until it was answered
        self.box = QuestionBox(theme, self)
        self.box.asked.connect(self._on_box_asked)
        self._scroll = ResultColumn(self)
        self.question = wrapped_label("", self, "title")
        self.answer = AnswerCard(theme, self)
        self.answer.chosen.connect(self.passage_wanted)
        self.before = AskedBefore(theme, self)
        self.before.chosen.connect(self.earlier_wanted)
        self.promise = wrapped_label(
            self.tr(
                "Ask in your own words. The answer quotes the text, each quote is checked against it"
                " letter by letter, and a click shows where it stands."
            ),
            self,
            "mut",
        )
        self._scroll.add(self.promise)
        self._scroll.add(self.question)
        self._scroll.add(self.answer, above=8)
        self._scroll.add(self.before, above=24)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.box)
        layout.addWidget(self._scroll, 1)
        self.setFocusProxy(self.box)

    def _on_box_asked(self, question: str) -> None:
        """With the options of the question before."""
        self._asked = question
        self.run_wanted.emit({**self.options, "question": question})

    def show_state(self, state: RunState, runs: list[StoredRun]) -> None:
        question = str(state.options.get("question") or "")
        last = str(runs[0].options.get("question") or "") if runs else question
        self.box.show_state(self.documents, self._asked or last, state.is_running)
        if state.error is not None and not state.is_running:
            self.box.give_back(self._asked)
            self._asked = ""
        self.question.setText(question)
        self.question.setVisible(bool(question))
        self.answer.setVisible(state.result is not None)
        others = [run for run in runs if state.is_running or run.id != state.run_id]
        self.before.show_runs(others)
        self.promise.setVisible(not question and not runs)

    def show_result(
        self, result: AnswerResult, document: Document, model: dict[str, Any] | None
    ) -> None:
        self.show_together(result, (document,), model)

    def show_together(
        self,
        result: AnswerResult,
        documents: tuple[Document, ...],
        model: dict[str, Any] | None,
    ) -> None:
        if not same(self._sources.documents, documents):
            self._sources = SourceChips(documents)
        if self._result is None or self._result.question != result.question:
            self._scroll.verticalScrollBar().setValue(0)
        self._result = result
        self.question.setText(result.question)
        self.question.setVisible(bool(result.question))
        self.promise.hide()
        self.answer.show()
        self.answer.show_answer(result, self._sources, is_small(model))

    def marks(self, result: AnswerResult) -> list[Mark]:
        return [
            Mark(span.start, span.end, "accent", QUOTE, number)
            for number, span in enumerate(result.spans)
        ]

    def tip(self, number: int) -> str:
        return self.tr("Quoted in the answer")

    def legend(self, result: AnswerResult) -> list[LegendEntry]:
        count = len(result.spans)
        return [LegendEntry(QUOTE, "accent", self.tr("Quotes"), count)] if count else []

    def mark_clicked(self, number: int) -> None:
        """Show the quote's card."""
        if self._result is None or number >= len(self._result.spans):
            return
        span = self._result.spans[number]
        for quote, card in zip(self._result.quotes, self.answer.cards(), strict=False):
            place = quote.passage
            if place is not None and (place.document, place.start) == (span.document, span.start):
                self._scroll.ensureWidgetVisible(card, 0, 24)
