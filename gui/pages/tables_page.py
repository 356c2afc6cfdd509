"""The page of tables: those that were made at the left, the table in the middle, a cell and its place
beside it. It only joins its parts: what is done, `TableSession` does.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from engine.file_tables.exports import TABLE_EXPORTS, write_table
from engine.types import Document
from gui.file_dialogs import FileDialogs
from gui.file_names import safe_stem
from gui.item_models.file_table_model import FileTableModel
from gui.services import Page, Services
from gui.table_session import TableSession
from gui.widgets.place_reader import PlaceReader
from gui.widgets.splitters import turn
from gui.widgets.tables.cell_pane import CellPane
from gui.widgets.tables.file_table_view import FileTableView
from gui.widgets.tables.plan_form import PlanForm
from gui.widgets.tables.run_bar import RunBar
from gui.widgets.tables.table_list import TableList

LIST_WIDTH, SIDE_WIDTH = 210, 400
NARROW = 1000  # pixels; below, a cell stands under the table
UNDO_SECONDS = 10


class TablesPage(Page):
    page_id = "tables"
    files_offered = Signal(object)  # list[Path], for the text page
    toast_area_changed = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.session = TableSession(services, self)
        self._dialogs = FileDialogs(self)
        self._outer = QSplitter(Qt.Orientation.Horizontal, self)
        self.list = TableList(services.theme, self._outer)
        self._stack = QStackedWidget(self._outer)
        self.plan = PlanForm(services.theme, self._stack)
        self._inner = QSplitter(Qt.Orientation.Horizontal, self._stack)
        middle = QWidget(self._inner)
        self.bar = RunBar(middle)
        self.model = FileTableModel(self.session, services.theme, self)
        self.view = FileTableView(self.model, middle)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        self._side = QSplitter(Qt.Orientation.Vertical, self._inner)
        self.cell = CellPane(services.theme, self._side)
        self.reader = PlaceReader(services.theme, self._side)
        self._stack.addWidget(self.plan)
        self._stack.addWidget(self._inner)
        for splitter in (self._outer, self._inner, self._side):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self._outer.setSizes([LIST_WIDTH, 10_000])
        self._inner.setSizes([10_000, SIDE_WIDTH])
        self._outer.setStretchFactor(1, 1)
        self._inner.setStretchFactor(0, 1)
        self.list.setMinimumWidth(170)
        middle.setMinimumSize(280, 180)
        self._side.setMinimumWidth(280)
        self._side.hide()
        self.reader.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._outer)
        self._connect()
        self.session.read_list()
        self._show()

    # What the window asks

    def accept_files(self, paths: list[Path]) -> bool:
        """For a new table, whatever is shown."""
        if self.session.table_id is not None and paths:
            self.session.close_table()
        self.plan.add_paths(paths)
        return bool(paths)

    def drop_words(self, paths: list[Path]) -> str:
        return self.tr("Drop to make a table of them")

    def focus_first(self) -> None:
        if self.session.table_id is None:
            self.plan.focus_first()
        else:
            self.view.setFocus()

    def panes(self) -> list[QWidget]:
        """F6 goes through these."""
        return [self.list.view, self.plan.start_button, self.view, self.reader.view]

    def toast_area(self, host: QWidget) -> QRect:
        return QRect(self._stack.mapTo(host, QPoint(0, 0)), self._stack.size())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn(self._inner, is_narrow=self.width() < NARROW)
        self.toast_area_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes what was opened last, then stops the run."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.reader.isVisible():
            self.reader.hide()
        elif self._side.isVisible():
            self._close_side()
        else:
            self.session.stop()

    # Inside

    def _connect(self) -> None:
        session = self.session
        session.listed.connect(self._show_list)
        session.changed.connect(self._show)
        session.run_changed.connect(self._show_bar)
        session.row_changed.connect(self._on_session_row_changed)
        session.failed.connect(self.services.notifications.show_error)
        session.nothing_to_do.connect(self._on_session_nothing_to_do)
        self.list.new_asked.connect(self._on_list_new_asked)
        self.list.opened.connect(session.open)
        self.list.renamed.connect(session.rename)
        self.list.remove_asked.connect(self._on_list_remove_asked)
        self.plan.start_asked.connect(self._on_plan_start_asked)
        self.plan.files_asked.connect(self.ask_for_files)
        self.plan.folder_asked.connect(self.ask_for_folder)
        self.bar.stop_asked.connect(session.stop)
        self.bar.go_on_asked.connect(session.start)
        self.bar.retry_asked.connect(lambda: session.start(retry=True))
        self.bar.more_asked.connect(self.ask_more)
        self.bar.export_asked.connect(self.ask_where)
        self.bar.filtered.connect(self.view.rows.setFilterFixedString)
        self.view.arrived.connect(self._on_view_arrived)
        self.cell.close_asked.connect(self._close_side)
        self.cell.place_wanted.connect(self._open_place)
        self.reader.close_asked.connect(self.reader.hide)
        self.reader.desk_asked.connect(lambda path: self.files_offered.emit([Path(path)]))
        for keys, deed in (
            ("Ctrl+O", self.ask_for_files),
            ("Ctrl+F", self.bar.filter.setFocus),
            ("Ctrl+B", lambda: self.list.setVisible(not self.list.isVisible())),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)

    def _show(self) -> None:
        has_table = self.session.table_id is not None
        is_new = has_table and self._stack.currentWidget() is self.plan
        self._stack.setCurrentWidget(self._inner if has_table else self.plan)
        self.model.refresh()
        self._show_bar()
        if is_new and self.isVisible():
            self.view.setFocus()
        if not has_table:
            self._close_side()
            self.bar.filter.clear()
        self._show_list()

    def _show_bar(self) -> None:
        session, counts = self.session, self.session.counts()
        lacks = counts[0] < counts[2]
        self.bar.show_table(session.name, counts, session.is_running(), lacks)

    def _show_list(self) -> None:
        self.list.setVisible(bool(self.session.entries))
        self.list.show_entries(self.session.entries, self.session.table_id)

    def _on_session_row_changed(self, path: str) -> None:
        self.model.row_changed(path)
        self._show_bar()
        shown = self._current()
        row = self.model.file(shown)
        if self._side.isVisible() and row is not None and row.path == path:
            self._on_view_arrived(shown)

    def _on_session_nothing_to_do(self) -> None:
        self.services.notifications.show_message(self.tr("No file has changed"), seconds=4)

    def _current(self) -> QModelIndex:
        return self.view.rows.mapToSource(self.view.currentIndex())

    def _on_list_new_asked(self) -> None:
        self.session.close_table()
        self.plan.reset()
        self.plan.focus_first()

    def _on_list_remove_asked(self, table_id: int) -> None:
        self.session.remove(table_id)
        self.services.notifications.show_message(
            self.tr("Table deleted"),
            self.tr("Undo"),
            lambda: self.session.restore(table_id),
            seconds=UNDO_SECONDS,
        )

    def _on_plan_start_asked(self) -> None:
        paths, columns, reader = self.plan.paths(), self.plan.choice.columns(), self.plan.reader()
        name = paths[0].stem if len(paths) == 1 else paths[0].parent.name or paths[0].name

        def begin(found: tuple[str, ...]) -> None:
            if found and self.session.begin(name, found, columns, reader):
                self.plan.reset()

        self.session.find(paths, begin)

    def _on_view_arrived(self, index: QModelIndex) -> None:
        row = self.model.file(index)
        if row is not None:
            self._side.show()
            self.cell.show_cell(row, self.model.column(index), self.model.cell(index))

    def _open_place(self, path: str, start: int, end: int) -> None:
        rows = self.session.rows

        def show(document: Document) -> None:
            row = rows.get(path)
            stands = row is not None and row.stands(document.text, start, end)
            self.reader.show()
            self.reader.show_place(
                list(rows).index(path) if path in rows else -1,
                *(document, (start, end) if stands else None, []),
            )
            if not stands:
                self.services.notifications.show_message(
                    self.tr("“{name}” has changed since it was read").format(name=document.name),
                    self.tr("Read it again"),
                    self.session.start,
                    seconds=UNDO_SECONDS,
                )

        self.session.read(path, show)

    def _close_side(self) -> None:
        self.reader.hide()
        self._side.hide()

    # Dialogs

    def ask_more(self) -> None:
        from gui.dialogs.columns_dialog import ColumnsDialog

        dialog = ColumnsDialog(self.services.theme, self)
        dialog.chosen.connect(self.session.add_columns)
        dialog.open()

    def ask_for_files(self) -> None:
        self._dialogs.open_files(self.tr("Files for the table"), self.accept_files)

    def ask_for_folder(self) -> None:
        self._dialogs.open_folder(self.tr("A folder for the table"), self.accept_files)

    def ask_where(self, export_id: str) -> None:
        export = next(one for one in TABLE_EXPORTS if one.export_id == export_id)
        name = f"{safe_stem(self.session.name, 'table')}{export.suffix}"
        self._dialogs.save(
            *(self.tr("Export the table"), name, export.suffix),
            lambda path: self.export(path, export_id),
        )

    def export(self, path: Path, export_id: str) -> None:
        table, notifications = self.session.table(), self.services.notifications
        export = next(one for one in TABLE_EXPORTS if one.export_id == export_id)
        if table is not None:
            told = self.tr("Saved as {name}").format(name=path.name)
            self.services.background.run(self, lambda: write_table(table, path, export)).then(
                lambda _: notifications.show_message(told, seconds=4), notifications.show_error
            )
