"""The middle of the library: the line to search and ask, an answer, and the passages that were found."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.errors import ErrorInfo
from engine.protocol import LibraryHit
from engine.text_tools.terms import placed_terms, terms
from engine.types import Document
from gui.library_session import AnswerState
from gui.theme import Theme
from gui.widgets.invitation import Invitation
from gui.widgets.library.hit_card import HitCard
from gui.widgets.library.search_line import SearchLine
from gui.widgets.results.answer_card import AnswerCard
from gui.widgets.results.base import is_small
from gui.widgets.results.column import Heading, ResultColumn, RowStack, wrapped_label
from gui.widgets.results.source_chips import SourceChips
from gui.widgets.trouble_card import TroubleCard


class FoundPane(QWidget):
    """`place_wanted` gives (document in the library, start, end)."""

    place_wanted = Signal(int, int, int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._query = ""
        self._hits: tuple[LibraryHit, ...] = ()
        self._answer: AnswerState | None = None
        self.line = SearchLine(theme, self)
        self.line.down_pressed.connect(self._on_line_down_pressed)
        self.trouble = TroubleCard(theme, self)
        self._scroll = ResultColumn(self)
        self.promise = wrapped_label(
            self.tr(
                "Search by words or by meaning while you type. Enter asks: the answer quotes your"
                " documents, and each quote is checked letter by letter."
            ),
            self,
            "mut",
        )
        self.question = wrapped_label("", self, "title")
        self.working = QProgressBar(self)
        self.working.setRange(0, 0)
        self.working.setTextVisible(False)
        self.working.setAccessibleName(self.tr("Looking for an answer"))
        self.answer = AnswerCard(theme, self)
        self.answer.chosen.connect(self._on_answer_chosen)
        self.heading = Heading("", self)
        self.nothing = wrapped_label("", self, "mut")
        self.hits = RowStack(self._make_card, self, gap=4, lined=False)
        self.hits.more_asked.connect(self._fill)
        for widget, above in (
            (self.promise, 0),
            (self.question, 0),
            (self.working, 4),
            (self.answer, 4),
            (self.heading, 4),
            (self.nothing, 4),
            (self.hits, 4),
        ):
            self._scroll.add(widget, above)
        self.invitation = Invitation(
            *(theme, "library-big", self.tr("Your own library")),
            self.tr(
                "Add folders of documents. They are read on this computer and kept up to date; then you"
                " find any passage by its words or its meaning, and ask questions whose answers quote"
                " your documents word for word."
            ),
            (self.tr("Add a folder…"), self.tr("Add files…")),
            self,
        )
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addWidget(self.trouble)
        column.addWidget(self._scroll, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(inside)
        self._stack.addWidget(self.invitation)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.show_answer(None)
        self.show_hits("", ())

    def show_empty(self, is_empty: bool) -> None:
        """Whether there is anything to search in."""
        self._stack.setCurrentIndex(1 if is_empty else 0)

    def show_hits(self, query: str, hits: tuple[LibraryHit, ...]) -> None:
        """Of a query; "" shows none."""
        if query != self._query:
            self.hits.reset()
            self._scroll.verticalScrollBar().setValue(0)
        self._query, self._hits = query, hits
        self.trouble.show_error(None)
        self.heading.setVisible(bool(hits))
        self.heading.title.setText(self.tr("Passages"))
        self.nothing.setVisible(bool(query) and not hits)
        self.nothing.setText(
            self.tr("Nothing in the library comes near to “{query}”.").format(query=query)
        )
        self._show_promise()
        self._fill()

    def show_answer(self, state: AnswerState | None) -> None:
        self._answer = state
        self.line.show_busy(state is not None and state.is_running)
        self.question.setVisible(state is not None)
        self.working.setVisible(state is not None and state.is_running)
        self.trouble.show_error(state.error if state else None)
        self.answer.setVisible(state is not None and state.result is not None)
        if state is not None:
            self.question.setText(state.question)
            if state.result is not None:
                chips = SourceChips(state.documents)
                self.answer.show_answer(state.result, chips, is_small(state.model))
        self._show_promise()

    def show_error(self, error: ErrorInfo) -> None:
        self.trouble.show_error(error)

    def words_of(self, number: int, document: Document) -> list[tuple[int, int]]:
        """Where the words that were looked for stand, in the passages of a document that were found."""
        wanted = set(terms(self._query))
        return [
            (start, end)
            for hit in self._hits
            if hit.document == number
            for start, end, term in placed_terms(document.text, hit.start, hit.end)
            if term in wanted
        ]

    def _show_promise(self) -> None:
        self.promise.setVisible(not self._query and self._answer is None)

    def _fill(self) -> None:
        rows = self.hits.resize_to(len(self._hits))
        for row, hit in zip(rows, self._hits, strict=False):
            assert isinstance(row, HitCard)
            row.show_hit(hit, self._query)

    def _make_card(self, parent: QWidget) -> HitCard:
        card = HitCard(self._theme, parent)
        card.chosen.connect(lambda hit: self.place_wanted.emit(hit.document, hit.start, hit.end))
        return card

    def _on_line_down_pressed(self) -> None:
        if self.hits.rows and self.hits.rows[0].isVisible():
            self.hits.rows[0].setFocus()

    def _on_answer_chosen(self, start: int, end: int, document: int) -> None:
        if self._answer is not None and document < len(self._answer.ids):
            self.place_wanted.emit(self._answer.ids[document], start, end)
