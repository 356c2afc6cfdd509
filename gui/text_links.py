"""Links the text with its results: marks, passages and places lead from one to the other.

A passage may stand in another document than the one that is shown; that one opens first.
"""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QObject

from engine.storage.records import StoredDocument
from engine.text_tools.base import TextToolResult
from gui.desk_session import DeskSession
from gui.widgets.reader_pane import ReaderPane
from gui.widgets.results_pane import ResultsPane

PARAGRAPH = 300  # characters at most, on each side of a place that is shown by its share


class TextLinks(QObject):
    """`show` says what is looked at; all else follows from the widgets' signals."""

    def __init__(
        self, desk: DeskSession, reader: ReaderPane, results: ResultsPane, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._reader, self._results = desk, reader, results
        self._result: TextToolResult | None = None
        self._documents: tuple[StoredDocument, ...] = ()
        self._shown_in: StoredDocument | None = None
        self._jump: tuple[int, int, int] | None = None  # id of a document that is being opened
        reader.legend.hidden_changed.connect(lambda labels: results.view().hide_labels(labels))
        reader.view.tip_of = lambda number: results.view().tip(number)
        reader.view.mark_clicked.connect(lambda number: results.view().mark_clicked(number))
        reader.view.mark_reached.connect(lambda number: results.view().mark_clicked(number))
        reader.view.loaded.connect(self._finish_jump)
        results.passage_wanted.connect(self.show_passage)
        results.mark_wanted.connect(self._on_results_mark_wanted)
        results.share_wanted.connect(self._on_results_share_wanted)

    def show(self, result: TextToolResult | None, documents: tuple[StoredDocument, ...]) -> None:
        """`documents` are those of the result, one of which is in the reader."""
        current = self._desk.current
        is_shown = result is self._result and current is self._shown_in and result is not None
        self._result, self._documents, self._shown_in = result, documents, current
        if not is_shown:
            self._show_marks()

    def show_passage(self, start: int, end: int, document: int = 0) -> None:
        """`document` is an index into the documents of the result."""
        if document >= len(self._documents):
            return
        wanted, current = self._documents[document], self._desk.current
        self._jump = (wanted.id, start, end)
        if current is not None and current.id == wanted.id:
            self._finish_jump()
        else:
            self._desk.open(wanted.id)

    def _finish_jump(self) -> None:
        current = self._desk.current
        if self._jump is None or current is None or not self._reader.view.is_loaded():
            return
        document_id, start, end = self._jump
        if document_id == current.id:
            self._jump = None
            self._reader.view.show_passage(start, end)

    def _show_marks(self) -> None:
        reader, result = self._reader, self._result
        if result is None:
            reader.legend.show_entries([])
            reader.view.set_marks([])
            return
        view = self._results.view()
        marks, entries = view.marks(result), view.legend(result)
        if len(self._documents) > 1:
            ids = [stored.id for stored in self._documents]
            at = ids.index(self._shown_in.id) if self._shown_in and self._shown_in.id in ids else -1
            marks = [mark for mark in marks if result.spans[mark.number].document == at]
            counts = Counter(mark.label for mark in marks)
            entries = [e._replace(number=counts[e.label]) for e in entries if counts[e.label]]
        reader.legend.show_entries(entries)
        hidden = reader.legend.hidden()
        view.hide_labels(hidden)
        reader.view.set_marks(marks, hidden)

    def _on_results_mark_wanted(self, number: int) -> None:
        if self._result is not None and number < len(self._result.spans):
            span = self._result.spans[number]
            self.show_passage(span.start, span.end, span.document)

    def _on_results_share_wanted(self, share: float) -> None:
        """Show the paragraph that has so much of the documents before it."""
        lengths = [len(stored.document.text) for stored in self._documents]
        left = share * sum(lengths)
        for number, length in enumerate(lengths):
            if left < length or number == len(lengths) - 1:
                text = self._documents[number].document.text
                self.show_passage(*paragraph_at(text, min(int(left), max(0, length - 1))), number)
                return
            left -= length


def paragraph_at(text: str, position: int) -> tuple[int, int]:
    """The line of text that holds a position, or the next one if it is blank."""
    while position < len(text) - 1 and text[position].isspace():
        position += 1
    start = max(text.rfind("\n", 0, position) + 1, position - PARAGRAPH)
    end = text.find("\n", position)
    return start, min(len(text) if end < 0 else end, position + PARAGRAPH)
