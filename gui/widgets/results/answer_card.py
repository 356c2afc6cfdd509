"""The answer to one question: the few words that answer it, the quotes, the model's own words, and
what the model was shown. "Not in the document" is an answer as well.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.text_tools.results import AnswerResult
from engine.types import Passage
from gui.theme import Theme
from gui.widgets.fold import Fold
from gui.widgets.results.cited_text import CitedText
from gui.widgets.results.column import Heading, RowStack, wrapped_label
from gui.widgets.results.quote_card import QuoteCard
from gui.widgets.results.source_chips import SourceChips

BIG, SNIPPET = 20, 220  # pixels of the short answer, characters of a passage that was shown


class AnswerCard(QWidget):
    """`chosen` gives the place (start, end, document) that is to be shown."""

    chosen = Signal(int, int, int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sources = SourceChips(())
        self._result: AnswerResult | None = None
        self.short = self._cited(self, theme.font(BIG, bold=True))
        self.nothing = wrapped_label("", self, "verdict")
        self.looked = wrapped_label("", self, "mut")
        self._quotes_title = Heading(self.tr("From the text"), self)
        self.quotes = RowStack(self._make_card, self, gap=4, lined=False)
        self._words_title = Heading(self.tr("In the model's words"), self)
        self._caution = wrapped_label(
            self.tr("A very small model wrote this. Trust the quotes more."), self, "hint"
        )
        self.words = self._cited(self)
        self.doubt = wrapped_label("", self, "warning")
        self.doubt.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.remarks = wrapped_label("", self, "hint")
        self.given = Fold(theme, "", self)
        self.given_rows = RowStack(lambda parent: self._cited(parent), self, gap=6)
        self.given.body.addWidget(self.given_rows)
        self.given.body.setContentsMargins(0, 0, 0, 8)
        for rows in (self.quotes, self.given_rows):
            rows.more_asked.connect(self._fill)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget, above in (
            (self.nothing, 0),
            (self.looked, 0),
            (self.short, 0),
            (self._quotes_title, 10),
            (self.quotes, 0),
            (self._words_title, 10),
            (self._caution, 0),
            (self.words, 0),
            (self.doubt, 0),
            (self.remarks, 6),
            (self.given, 8),
        ):
            holder = QVBoxLayout()
            holder.setContentsMargins(0, above if not isinstance(widget, CitedText) else 0, 0, 0)
            holder.addWidget(widget)
            column.addLayout(holder)

    def cards(self) -> list[QWidget]:
        return self.quotes.rows

    def show_answer(self, result: AnswerResult, sources: SourceChips, is_small: bool) -> None:
        if self._result is None or self._result.question != result.question:
            self.quotes.reset()
            self.given_rows.reset()
            self.given.button.setChecked(False)
        self._result, self._sources = result, sources
        several = len(sources.documents) > 1
        self.nothing.setVisible(not result.found)
        self.nothing.setText(
            self.tr("Not in the documents") if several else self.tr("Not in the document")
        )
        self.looked.setVisible(not result.found)
        self.looked.setText(self._looked_words(result))
        short = result.short_passage
        self.short.setVisible(bool(result.short))
        self.short.set_content(result.short, sources.chips((short,)) if short else ())
        self._quotes_title.setVisible(bool(result.quotes))
        self._words_title.setVisible(bool(result.answer))
        self._words_title.aside.setText(result.model_name)
        self._caution.setVisible(bool(result.answer) and is_small)
        self.words.setVisible(bool(result.answer))
        self.words.set_content(result.answer, (), result.unsupported)
        what = ", ".join(result.unsupported)
        self.doubt.setText(self.tr("Not found in the source: {what}").format(what=what))
        self.doubt.setVisible(bool(result.answer and result.unsupported))
        self.remarks.setText("\n".join(result.remarks))
        self.remarks.setVisible(bool(result.remarks))
        self.given.setVisible(bool(result.given))
        title = (
            self.tr("What the model was shown") if result.model_name else self.tr("What was read")
        )
        count = self.tr("%n passage(s)", "", len(result.given))
        count = self.tr("the whole text") if result.whole else count
        self.given.button.setText(f"{title} · {count}")
        self._fill()

    def _looked_words(self, result: AnswerResult) -> str:
        if result.whole:
            return self.tr("All of it was read, and nothing in it answers this.")
        if not result.given:
            return self.tr("Nothing in it comes near to this question.")
        return self.tr(
            "%n passage(s) that come nearest to the question were read; none answers it.",
            "",
            len(result.given),
        )

    def _fill(self) -> None:
        if self._result is None:
            return
        quotes, given = self._result.quotes, self._result.given
        for row, quote in zip(self.quotes.resize_to(len(quotes)), quotes, strict=False):
            assert isinstance(row, QuoteCard)
            row.show_quote(quote, self._sources)
        for row, passage in zip(self.given_rows.resize_to(len(given)), given, strict=False):
            assert isinstance(row, CitedText)
            row.set_content(self._snippet(passage), self._sources.chips((passage,)))

    def _snippet(self, passage: Passage) -> str:
        if passage.document >= len(self._sources.documents):
            return ""
        text = self._sources.documents[passage.document].text
        words = text[passage.start : min(passage.end, passage.start + SNIPPET)]
        return words.strip() + ("…" if passage.end - passage.start > SNIPPET else "")

    def _make_card(self, parent: QWidget) -> QuoteCard:
        card = QuoteCard(self._theme, parent)
        card.chosen.connect(self.chosen)
        return card

    def _cited(self, parent: QWidget, font: QFont | None = None) -> CitedText:
        text = CitedText(self._theme, parent, font=font)
        text.chosen.connect(self.chosen)
        return text
