"""The text page: documents at the left, the one that is read in the middle, what was found at the
right. It only joins its parts: files and runs are the sessions', marks and passages `TextLinks`'.

Documents that are selected together are read together by the text tools that can.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.errors import DocumentNoTextError
from engine.storage.records import StoredDocument
from gui.desk_selection import DeskSelection
from gui.desk_session import DeskSession
from gui.file_watch import FileWatch
from gui.reason_session import ReasonSession
from gui.result_keeper import ResultKeeper
from gui.services import Page, Services
from gui.text_links import TextLinks
from gui.text_run import RunState
from gui.text_session import FIRST_TOOL, TextSession
from gui.widgets.workbench import Workbench

UNDO_SECONDS = 10


class TextPage(Page):
    page_id = "text"
    toast_area_changed = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._rereads: dict[str, int] = {}  # by path: the document whose file is read again
        self.desk = DeskSession(services, self)
        self.selection = DeskSelection(services, self)
        self.files = FileWatch(services, self)
        self.session = TextSession(services, self)
        self.reasons = ReasonSession(services, self)
        self._bench = Workbench(services.theme, self.session.progress, self)
        self.list, self.reader, self.results = (
            self._bench.list,
            self._bench.reader,
            self._bench.results,
        )
        self.links = TextLinks(self.desk, self.reader, self.results, self)
        self._keeper = ResultKeeper(services, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bench)
        self.reader.installEventFilter(self)
        self._connect()
        self._add_shortcuts()
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

    def event(self, event: QEvent) -> bool:
        """Whoever comes back to the window may have changed the file elsewhere."""
        if event.type() == QEvent.Type.WindowActivate:
            self.files.look(self.desk.current)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc stops the run that is looked at."""
        if event.key() == Qt.Key.Key_Escape:
            self._on_results_stop_asked()
        else:
            super().keyPressEvent(event)

    def paste(self) -> None:
        """The clipboard's text as a document; files on the clipboard as files."""
        data = QGuiApplication.clipboard().mimeData()
        urls = data.urls() if data is not None else []
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        files = [path for path in paths if path.is_file() or path.is_dir()]
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
        self.selection.changed.connect(self._on_selection_changed)
        self.files.told.connect(self._on_files_told)
        self.list.opened.connect(desk.open)
        self.list.chosen.connect(self.selection.choose)
        self.list.open_asked.connect(self._keeper.ask_for_documents)
        self.list.paste_asked.connect(self.paste)
        self.list.remove_asked.connect(self._on_list_remove_asked)
        self._keeper.documents_chosen.connect(self.accept_files)
        reader, results = self.reader, self.results
        reader.open_asked.connect(self._keeper.ask_for_documents)
        reader.paste_asked.connect(self.paste)
        reader.list_toggle_asked.connect(self._bench.toggle_list)
        reader.results_toggle_asked.connect(self._toggle_results)
        reader.again_asked.connect(self._on_reader_again_asked)
        results.explanation_wanted.connect(self.reasons.ask)
        self.reasons.found.connect(
            lambda n, why: results.view("sentiment").show_explanation(n, why)
        )
        self.reasons.failed.connect(
            lambda n, error: results.view("sentiment").show_explanation_error(n, error)
        )
        results.picture_wanted.connect(self._on_results_picture_wanted)
        results.tab_changed.connect(self._show_run)
        results.earlier_wanted.connect(self._on_results_earlier_wanted)
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
            (QKeySequence("Ctrl+B"), self._bench.toggle_list),
            (QKeySequence("Ctrl+Shift+B"), self._toggle_results),
            (QKeySequence("F3"), lambda: self.reader.view.go_to_mark(1)),
            (QKeySequence("Shift+F3"), lambda: self.reader.view.go_to_mark(-1)),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)

    def _toggle_results(self) -> None:
        if self.desk.current is not None:
            self._bench.toggle_results()

    def subject(self) -> tuple[StoredDocument, ...]:
        """What the results are about: the documents that are selected together, or the shown one."""
        current = self.desk.current
        if self.selection.documents and self.results.takes_several():
            return self.selection.documents
        return (current,) if current is not None else ()

    def _current_run(self) -> tuple[tuple[StoredDocument, ...], str, RunState]:
        tool_id, subject = self.results.tool_id(), self.subject()
        ids = tuple(stored.id for stored in subject)
        return subject, tool_id, self.session.state(ids, tool_id) if ids else RunState()

    def _show_run(self) -> None:
        """The current tab's run on its subject."""
        subject, tool_id, state = self._current_run()
        ids = tuple(stored.id for stored in subject)
        if ids and self.results.shows_earlier():
            self.session.read_all_runs(ids, tool_id)
        self.results.show_about(self._about())
        runs = self.session.runs(ids, tool_id)
        self.results.show_state(state, tuple(stored.document for stored in subject), runs)
        self.links.show(state.result, subject)

    def _about(self) -> str:
        if not self.selection.documents or self.desk.current is None:
            return ""
        if self.results.takes_several():
            return self.tr("%n document(s) together", "", len(self.selection.documents))
        return self.tr("“{name}” only: this looks at one document at a time").format(
            name=self.desk.current.document.name
        )

    def _on_desk_changed(self) -> None:
        entries = self.desk.entries()
        self.list.show_entries(entries)
        for entry in entries[:30]:
            if entry.key > 0:
                self.session.read_runs(entry.key)

    def _on_desk_added(self, stored: StoredDocument, opens: bool) -> None:
        if opens or not self.desk.is_one_of_many(stored.id):
            self.session.begin(stored)
        if opens:
            self.results.open_tab(FIRST_TOOL)
        older = self._rereads.pop(stored.document.path or "", None)
        if older == stored.id:
            self.services.notifications.show_message(self.tr("The text is as it was"), seconds=3)
        elif older is not None:
            self._remove([older], self.tr("The older text is off the desk"))

    def _on_desk_opened(self, stored: StoredDocument | None) -> None:
        self.reader.show_document(stored.document if stored else None)
        self.results.setVisible(stored is not None)
        self.list.mark_current(stored.id if stored else None)
        if stored is not None:
            self.session.read_runs(stored.id)
            self.files.look(stored)
            if self.desk.is_one_of_many(stored.id):  # it waited until somebody wants to read it
                self.session.begin(stored)
        self._show_run()

    def _on_selection_changed(self) -> None:
        if self.selection.documents:
            self.session.read_runs(tuple(stored.id for stored in self.selection.documents))
        self._show_run()

    def _on_session_changed(self, ids: tuple[int, ...], tool_id: str) -> None:
        for document_id in ids:
            self.list.model.progress_changed(document_id)
        shown = tuple(stored.id for stored in self.subject())
        if (ids, tool_id) == (shown, self.results.tool_id()):
            self._show_run()

    def _on_list_remove_asked(self, keys: list[int]) -> None:
        self._remove(keys, self.tr("%n document(s) removed from the desk", "", len(keys)))

    def _remove(self, keys: list[int], message: str) -> None:
        """Off the desk, with an undo for those that had been read."""
        for key in keys:
            self.session.stop_all(key)
            self.desk.remove(key)
        kept = [key for key in keys if key > 0]

        def undo() -> None:
            for key in kept:
                self.desk.restore(key)

        if kept:
            self.services.notifications.show_message(
                message, self.tr("Undo"), undo, seconds=UNDO_SECONDS
            )

    def _on_files_told(self, document_id: int, is_changed: bool) -> None:
        if self.desk.current is not None and self.desk.current.id == document_id:
            self.reader.show_changed(is_changed)

    def _on_reader_again_asked(self) -> None:
        current = self.desk.current
        if current is not None and current.document.path:
            self._rereads[current.document.path] = current.id
            self.files.settle(current.document.path)
            self.reader.show_changed(False)
            self.desk.read_files([Path(current.document.path)])

    def _on_results_earlier_wanted(self, run_id: int) -> None:
        ids = tuple(stored.id for stored in self.subject())
        self.session.show_run(ids, self.results.tool_id(), run_id)

    def _on_results_picture_wanted(self, picture: bytes, suffix: str) -> None:
        subject, tool_id, _ = self._current_run()
        self._keeper.ask_where_picture(subject, tool_id, picture, suffix)

    def _on_results_run_asked(self, options: dict[str, Any]) -> None:
        if subject := self.subject():
            self.session.run(subject, self.results.tool_id(), options)

    def _on_results_stop_asked(self) -> None:
        if subject := self.subject():
            self.session.stop(tuple(stored.id for stored in subject), self.results.tool_id())
