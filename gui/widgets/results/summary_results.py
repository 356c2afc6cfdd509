"""A summary: quoted key sentences first, then the model's own words, each linked to its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.text_tools.results import KeySentence, SummaryResult
from engine.types import Coverage, Document
from gui.theme import Theme
from gui.widgets.results.base import LegendEntry, Mark, ResultView, is_small
from gui.widgets.results.checked_line import CheckedLine
from gui.widgets.results.cited_text import CitedText, Sentence
from gui.widgets.results.column import Heading, ResultColumn, RowStack, wrapped_label
from gui.widgets.results.source_chips import SourceChips
from gui.widgets.results.summary_blocks import Block, summary_blocks

KEY = "key"


class SummaryResults(ResultView):
    """Quotes are set like the document itself; what a model wrote is set like the window."""

    takes_several = True
    quick_options = ("length", "form")

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._sources = SourceChips(())
        self._result = SummaryResult(coverage=Coverage(0, 0))
        self._blocks: list[Block] = []
        scroll = ResultColumn(self)
        self.focus = wrapped_label("", self, "mut")
        self.focus.setContentsMargins(0, 0, 0, 10)
        self._quotes_title = Heading(self.tr("Key sentences"), self)
        self._quotes_title.aside.setText(self.tr("word for word"))
        self.quotes = RowStack(lambda parent: self._cited(parent, serif=True), self)
        self._words_title = Heading(self.tr("In the model's words"), self)
        self._caution = wrapped_label("", self, "hint")
        self.words = RowStack(lambda parent: BlockRow(parent, self._cited), self)
        self.quotes.more_asked.connect(self._fill)
        self.words.more_asked.connect(self._fill)
        self.checked = CheckedLine(theme, self)
        scroll.add(self.focus)
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
        self.show_together(result, (document,), model)

    def show_together(
        self,
        result: SummaryResult,
        documents: tuple[Document, ...],
        model: dict[str, Any] | None,
    ) -> None:
        if not same(self._sources.documents, documents):
            self._sources = SourceChips(documents)
            self.quotes.reset()
            self.words.reset()
        self._result = result
        self._blocks = summary_blocks(result, str(self.options.get("form", "")), documents)
        self._fill()
        focus = " ".join(str(self.options.get("focus", "")).split())
        self.focus.setText(self.tr("What it says about: {focus}").format(focus=focus))
        self.focus.setVisible(bool(focus))
        points = [point for block in self._blocks for point in block.points]
        self._quotes_title.setVisible(bool(result.key_sentences))
        self._words_title.setVisible(bool(points))
        self._words_title.aside.setText(result.model_name)
        self._caution.setVisible(bool(points) and is_small(model))
        self._caution.setText(
            self.tr("A very small model wrote this. Trust the key sentences above more.")
        )
        unsupported = sum(len(point.unsupported) for point in points)
        self.checked.show_counts(result.checked_numbers, result.checked_names, unsupported)
        self.checked.setVisible(bool(points))

    def _fill(self) -> None:
        """As many rows as are shown; more when more are asked for."""
        keys, blocks = self._result.key_sentences, self._blocks
        for row, key in zip(self.quotes.resize_to(len(keys)), keys, strict=False):
            self._fill_quote(row, key)
        for row, block in zip(self.words.resize_to(len(blocks)), blocks, strict=False):
            assert isinstance(row, BlockRow)
            row.show_block(block, self._sources)

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
        row.set_content(key.text, self._sources.chips((key.passage,)))


class BlockRow(QWidget):
    """What the model wrote in one go, under its heading, and below it what the source does not
    have."""

    def __init__(self, parent: QWidget, cited: Callable[[QWidget], CitedText]) -> None:
        super().__init__(parent)
        self.name = wrapped_label("", self, "blockname")
        self.title = wrapped_label("", self, "section")
        self.sentence = cited(self)
        self.doubt = wrapped_label("", self, "warning")
        self.doubt.setAlignment(Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for widget in (self.name, self.title, self.sentence, self.doubt):
            column.addWidget(widget)

    def show_block(self, block: Block, sources: SourceChips) -> None:
        for label, words in ((self.name, block.name), (self.title, block.title)):
            label.setText(words)
            label.setVisible(bool(words))
        self.sentence.set_sentences(
            tuple(
                Sentence(
                    point.text, sources.chips(point.passages, block.document), point.unsupported
                )
                for point in block.points
            )
        )
        unsupported = block.unsupported()
        what = ", ".join(unsupported)
        self.doubt.setText(self.tr("Not found in the source: {what}").format(what=what))
        self.doubt.setVisible(bool(unsupported))


def same(one: tuple[Document, ...], other: tuple[Document, ...]) -> bool:
    """By identity: documents are immutable and may be long."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
