"""The text page: documents at the left, the one that is read in the middle, what was found at the
right. It only joins its parts: files and runs are the sessions'.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from engine.errors import DocumentNoTextError
from engine.storage.records import StoredDocument
from engine.text_tools.base import TextToolResult
from gui.desk_session import DeskSession
from gui.reason_session import ReasonSession
from gui.result_keeper import ResultKeeper
from gui.services import Page, Services
from gui.text_run import RunState
from gui.text_session import FIRST_TOOL, TextSession
from gui.widgets.desk_list import DeskList
from gui.widgets.reader_pane import ReaderPane
from gui.widgets.results_pane import ResultsPane

LIST_WIDTH, NARROW_LIST_WIDTH, RESULTS_WIDTH, RESULTS_HEIGHT = 240, 190, 400, 360
NARROW = 860  # pixels; below, the results stand under the text
UNDO_SECONDS = 10


class TextPage(Page):
    page_id = "text"
    toast_area_changed = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._shown: TextToolResult | None = None
        self.desk = DeskSession(services, self)
        self.session = TextSession(services, self)
        self.reasons = ReasonSession(services, self)
        self._outer = QSplitter(Qt.Orientation.Horizontal, self)
        self.list = DeskList(services.theme, self.session.progress, self._outer)
        self._inner = QSplitter(Qt.Orientation.Horizontal, self._outer)
        self.reader = ReaderPane(services.theme, self._inner)
        self.results = ResultsPane(services.theme, self._inner)
        self._keeper = ResultKeeper(services, self)
        for splitter, first in ((self._outer, LIST_WIDTH), (self._inner, 10_000)):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
            splitter.setSizes([first, 10_000 if splitter is self._outer else RESULTS_WIDTH])
        self._outer.setStretchFactor(1, 1)
        self._inner.setStretchFactor(0, 1)
        self.list.setMinimumWidth(180)
        self.reader.setMinimumSize(280, 160)
        self.results.setMinimumSize(280, 140)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._outer)
        self.reader.installEventFilter(self)
        self._connect()
        self._add_shortcuts()
        self.results.hide()
        self._show_run()
        self.desk.read()

    # What the window asks

    def accept_files(self, paths: list[Path]) -> bool:
        """Put files on the desk; each is summarized as soon as it has been read."""
        self.desk.read_files(paths)
        return bool(paths)

    def accept_text(self, name: str, text: str) -> bool:
        """Text from elsewhere in the window, as a document named by its first words."""
        if text.strip():
            self.desk.add_text(text)
        return bool(text.strip())

    def focus_first(self) -> None:
        if self.desk.current is None:
            self.reader.invitation.open_button.setFocus()
        else:
            self.reader.view.setFocus()

    def panes(self) -> list[QWidget]:
        """F6 goes through these."""
        return [self.list.view, self.reader.view, self.results.tabs]

    def toast_area(self, host: QWidget) -> QRect:
        return QRect(self.reader.mapTo(host, QPoint(0, 0)), self.reader.size())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.toast_area_changed.emit()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc stops the run that is looked at."""
        if event.key() == Qt.Key.Key_Escape and self.desk.current is not None:
            self.session.stop(self.desk.current.id, self.results.tool_id())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self._inner.orientation() != wanted:
            self._inner.setOrientation(wanted)
            self._inner.setSizes([10_000, RESULTS_HEIGHT if narrow else RESULTS_WIDTH])
            self._outer.setSizes([NARROW_LIST_WIDTH if narrow else LIST_WIDTH, 10_000])

    def paste(self) -> None:
        """The clipboard's text as a document; files on the clipboard as files."""
        data = QGuiApplication.clipboard().mimeData()
        urls = data.urls() if data is not None else []
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        files = [path for path in paths if path.is_file()]
        if files:
            self.accept_files(files)
        elif text := QGuiApplication.clipboard().text():
            self.desk.add_text(text)
        else:
            error = DocumentNoTextError(
                self.tr("There is no text on the clipboard."),
                hint=self.tr("Copy some text first, then paste it here."),
            )
            self.services.notifications.show_error(error.info())

    # Inside

    def _connect(self) -> None:
        desk, session = self.desk, self.session
        desk.changed.connect(self._on_desk_changed)
        desk.added.connect(self._on_desk_added)
        desk.opened.connect(self._on_desk_opened)
        session.changed.connect(self._on_session_changed)
        self.list.opened.connect(desk.open)
        self.list.open_asked.connect(self._keeper.ask_for_documents)
        self.list.paste_asked.connect(self.paste)
        self.list.remove_asked.connect(self._on_list_remove_asked)
        self._keeper.documents_chosen.connect(self.accept_files)
        reader, results = self.reader, self.results
        reader.open_asked.connect(self._keeper.ask_for_documents)
        reader.paste_asked.connect(self.paste)
        reader.list_toggle_asked.connect(self._toggle_list)
        reader.results_toggle_asked.connect(self._toggle_results)
        reader.legend.hidden_changed.connect(lambda labels: results.view().hide_labels(labels))
        reader.view.tip_of = lambda number: results.view().tip(number)
        reader.view.mark_clicked.connect(lambda number: results.view().mark_clicked(number))
        reader.view.mark_reached.connect(lambda number: results.view().mark_clicked(number))
        results.explanation_wanted.connect(self.reasons.ask)
        self.reasons.found.connect(
            lambda n, why: results.view("sentiment").show_explanation(n, why)
        )
        self.reasons.failed.connect(
            lambda n, error: results.view("sentiment").show_explanation_error(n, error)
        )
        results.picture_wanted.connect(self._on_results_picture_wanted)
        results.passage_wanted.connect(reader.view.show_passage)
        results.mark_wanted.connect(self._on_results_mark_wanted)
        results.tab_changed.connect(self._show_run)
        results.run_asked.connect(self._on_results_run_asked)
        results.stop_asked.connect(self._on_results_stop_asked)
        results.footer.copy_asked.connect(lambda: self._keeper.copy(*self._current_run()))
        results.footer.export_asked.connect(
            lambda suffix: self._keeper.ask_where(*self._current_run(), suffix)
        )

    def _add_shortcuts(self) -> None:
        for keys, deed in (
            (QKeySequence("Ctrl+O"), self._keeper.ask_for_documents),
            (QKeySequence(QKeySequence.StandardKey.Paste), self.paste),
            (QKeySequence("Ctrl+B"), self._toggle_list),
            (QKeySequence("Ctrl+Shift+B"), self._toggle_results),
            (QKeySequence("F3"), lambda: self.reader.view.go_to_mark(1)),
            (QKeySequence("Shift+F3"), lambda: self.reader.view.go_to_mark(-1)),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)

    def _toggle_list(self) -> None:
        self.list.setVisible(not self.list.isVisible())

    def _toggle_results(self) -> None:
        if self.desk.current is not None:
            self.results.setVisible(not self.results.isVisible())

    def _current_run(self) -> tuple[StoredDocument | None, str, RunState]:
        tool_id, current = self.results.tool_id(), self.desk.current
        state = self.session.state(current.id, tool_id) if current else RunState()
        return current, tool_id, state

    def _show_run(self) -> None:
        """The current document's run of the current tab."""
        current, _, state = self._current_run()
        self.results.show_state(state, current.document if current else None)
        if state.result is not self._shown or state.result is None:
            self._shown = state.result
            self._show_marks(state.result)

    def _show_marks(self, result: TextToolResult | None) -> None:
        if result is None:
            self.reader.legend.show_entries([])
            self.reader.view.set_marks([])
            return
        view = self.results.view()
        self.reader.legend.show_entries(view.legend(result))
        hidden = self.reader.legend.hidden()
        view.hide_labels(hidden)
        self.reader.view.set_marks(view.marks(result), hidden)

    def _on_desk_changed(self) -> None:
        entries = self.desk.entries()
        self.list.show_entries(entries)
        for entry in entries[:30]:
            if entry.key > 0:
                self.session.read_runs(entry.key)

    def _on_desk_added(self, stored: StoredDocument, opens: bool) -> None:
        self.session.begin(stored)
        if opens:
            self.results.open_tab(FIRST_TOOL)

    def _on_desk_opened(self, stored: StoredDocument | None) -> None:
        self.reader.show_document(stored.document if stored else None)
        self.results.setVisible(stored is not None)
        self.list.mark_current(stored.id if stored else None)
        self._shown = None
        if stored is not None:
            self.session.read_runs(stored.id)
        self._show_run()

    def _on_session_changed(self, document_id: int, tool_id: str) -> None:
        self.list.model.progress_changed(document_id)
        current = self.desk.current
        if current is not None and (document_id, tool_id) == (current.id, self.results.tool_id()):
            self._show_run()

    def _on_list_remove_asked(self, key: int) -> None:
        self.session.stop_all(key)
        self.desk.remove(key)
        if key > 0:
            self.services.notifications.show_message(
                self.tr("Document removed from the desk"),
                self.tr("Undo"),
                lambda: self.desk.restore(key),
                seconds=UNDO_SECONDS,
            )

    def _on_results_mark_wanted(self, number: int) -> None:
        _, _, state = self._current_run()
        if state.result is not None and number < len(state.result.spans):
            span = state.result.spans[number]
            self.reader.view.show_passage(span.start, span.end)

    def _on_results_picture_wanted(self, picture: bytes, suffix: str) -> None:
        current, tool_id, _ = self._current_run()
        self._keeper.ask_where_picture(current, tool_id, picture, suffix)

    def _on_results_run_asked(self, options: dict[str, Any]) -> None:
        if self.desk.current is not None:
            self.session.run(self.desk.current, self.results.tool_id(), options)

    def _on_results_stop_asked(self) -> None:
        if self.desk.current is not None:
            self.session.stop(self.desk.current.id, self.results.tool_id())
