"""The library's page: what is watched at the left, search and answers in the middle, the place of a
passage at the right. It only joins its parts: what is done, `LibrarySession` does.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMessageBox, QSplitter, QVBoxLayout, QWidget

from engine.errors import ErrorInfo
from engine.protocol import LibraryDocument, LibraryHit, LibraryInfo, LibrarySource
from engine.types import Document
from gui.file_dialogs import FileDialogs
from gui.services import Page, Services
from gui.widgets.library.found_pane import FoundPane
from gui.widgets.library.source_list import SourceList
from gui.widgets.place_reader import PlaceReader
from gui.widgets.splitters import turn

LIST_WIDTH, FOUND_WIDTH = 250, 520
NARROW = 980  # pixels; below, a document stands under what was found
UNDO_SECONDS, REMARK_SECONDS = 10, 12


class LibraryPage(Page):
    page_id = "library"
    files_offered = Signal(object)  # list[Path], for the text page
    toast_area_changed = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.session = services.library
        self._dialogs = FileDialogs(self)
        self._outer = QSplitter(Qt.Orientation.Horizontal, self)
        self.list = SourceList(services.theme, self._outer)
        self._inner = QSplitter(Qt.Orientation.Horizontal, self._outer)
        self.found = FoundPane(services.theme, self._inner)
        self.reader = PlaceReader(services.theme, self._inner)
        for splitter in (self._outer, self._inner):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self._outer.setSizes([LIST_WIDTH, 10_000])
        self._inner.setSizes([FOUND_WIDTH, FOUND_WIDTH])
        self._outer.setStretchFactor(1, 1)
        self.list.setMinimumWidth(190)
        self.found.setMinimumSize(300, 200)
        self.reader.setMinimumSize(280, 160)
        self.reader.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._outer)
        self._remark = ""  # the last one that was told
        self._connect()
        self._show()
        self.session.look()

    # What the window asks

    def accept_files(self, paths: list[Path]) -> bool:
        self.session.add([str(path.absolute()) for path in paths])
        return bool(paths)

    def drop_words(self, paths: list[Path]) -> str:
        return self.tr("Drop to add to the library")

    def focus_first(self) -> None:
        if self.session.is_empty():
            self.found.invitation.buttons[0].setFocus()
        else:
            self.found.line.setFocus()
            self.session.update(asked=False)

    def panes(self) -> list[QWidget]:
        """F6 goes through these."""
        return [self.list.tree, self.found.line, self.reader.view]

    def toast_area(self, host: QWidget) -> QRect:
        return QRect(self.found.mapTo(host, QPoint(0, 0)), self.found.size())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn(self._inner, is_narrow=self.width() < NARROW)
        self.toast_area_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.reader.isVisible():
            self._close_reader()
        else:
            super().keyPressEvent(event)

    # Inside

    def _connect(self) -> None:
        session, found, sources = self.session, self.found, self.list
        session.changed.connect(self._show)
        session.found.connect(self._on_session_found)
        session.search_failed.connect(found.show_error)
        session.failed.connect(self._on_session_failed)
        session.answer_changed.connect(lambda: found.show_answer(session.answer))
        found.line.typed.connect(self._on_line_typed)
        found.line.asked.connect(self._on_line_asked)
        found.line.stop_asked.connect(session.stop_asking)
        found.place_wanted.connect(self._open_place)
        for button, deed in zip(
            found.invitation.buttons, (self.ask_for_folder, self.ask_for_files), strict=True
        ):
            button.clicked.connect(deed)
        sources.folder_asked.connect(self.ask_for_folder)
        sources.files_asked.connect(self.ask_for_files)
        sources.remove_asked.connect(self._on_list_remove_asked)
        sources.forget_asked.connect(self._on_list_forget_asked)
        sources.document_chosen.connect(self._on_list_document_chosen)
        sources.update_asked.connect(session.update)
        sources.retry_asked.connect(lambda: session.update(retry=True))
        sources.stop_asked.connect(session.stop)
        self.reader.close_asked.connect(self._close_reader)
        self.reader.desk_asked.connect(lambda path: self.files_offered.emit([Path(path)]))
        for keys, deed in (
            ("Ctrl+O", self.ask_for_files),
            ("Ctrl+F", found.line.setFocus),
            ("Ctrl+B", lambda: sources.setVisible(not sources.isVisible())),
            ("F3", lambda: self.reader.view.go_to_mark(1)),
            ("Shift+F3", lambda: self.reader.view.go_to_mark(-1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)

    def _show(self) -> None:
        info = self.session.info
        self.found.show_empty(info is not None and not info.sources)
        self.list.setVisible(not self.session.is_empty())
        self.list.show_info(info or LibraryInfo(), self.session.progress)
        if info is not None and info.remark != self._remark:
            self._remark = info.remark
            if info.remark:
                self.services.notifications.show_message(info.remark, seconds=REMARK_SECONDS)

    def _on_line_typed(self, text: str) -> None:
        if text:
            self.session.search(text)
        else:
            self.found.show_hits("", ())

    def _on_line_asked(self, text: str) -> None:
        self.session.search(text)
        self.session.ask(text)

    def _on_session_found(self, query: str, hits: tuple[LibraryHit, ...]) -> None:
        if query == self.found.line.text():
            self.found.show_hits(query, hits)

    def _on_session_failed(self, error: ErrorInfo) -> None:
        self.services.notifications.show_error(error)

    def _open_place(self, number: int, start: int, end: int) -> None:
        self._open(number, (start, end))

    def _on_list_document_chosen(self, document: LibraryDocument) -> None:
        if document.error is None:
            self._open(document.id, None)
            return
        told = document.error.one_line()
        self.services.notifications.show_message(
            told if document.name in told else f"{document.name}: {told}",
            self.tr("Try again"),
            lambda: self.session.update(retry=True),
            seconds=REMARK_SECONDS,
        )

    def _open(self, number: int, place: tuple[int, int] | None) -> None:
        def show(document: Document) -> None:
            self.reader.show()
            self.reader.show_place(number, document, place, self.found.words_of(number, document))

        self.session.read(number, show)

    def _close_reader(self) -> None:
        self.reader.hide()
        self.found.line.setFocus()

    def _on_list_remove_asked(self, source: LibrarySource) -> None:
        self.session.remove([source.id])
        self._close_reader()
        name = Path(source.path).name or source.path
        self.services.notifications.show_message(
            self.tr("“{name}” is no longer in the library").format(name=name),
            self.tr("Undo"),
            lambda: self.session.add([source.path]),
            seconds=UNDO_SECONDS,
        )

    def _on_list_forget_asked(self) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setText(self.tr("Forget the whole library?"))
        box.setInformativeText(
            self.tr(
                "The texts and the index are deleted from this computer. Your files stay as they are."
            )
        )
        forget = box.addButton(self.tr("Forget everything"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(self.tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        forget.clicked.connect(self._forget)
        box.open()

    def _forget(self) -> None:
        self._close_reader()
        self.found.show_hits("", ())
        self.found.line.line.clear()
        self.session.forget()

    # Dialogs

    def ask_for_files(self) -> None:
        self._dialogs.open_files(self.tr("Add files to the library"), self.accept_files)

    def ask_for_folder(self) -> None:
        self._dialogs.open_folder(self.tr("Add a folder to the library"), self.accept_files)
