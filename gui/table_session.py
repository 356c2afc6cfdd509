"""Tables of files, without widgets: made, run, stopped, gone on with, kept as they grow."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from engine.errors import EngineError, ErrorInfo
from engine.file_tables.columns import checked_spec
from engine.file_tables.rows import find_row, still_true
from engine.file_tables.table import Column, FileRow, FileTable, TableSpec
from engine.protocol import (
    FindDocuments,
    FoundDocuments,
    ReadDocument,
    RequestFinished,
    new_request_id,
)
from engine.server_address import is_address
from engine.storage.records import FileTableEntry, StoredFileTable
from engine.types import Document
from gui.job_runner import JobRunner
from gui.services import Services

AT_ONCE, AT_ONCE_REMOTE = 3, 8  # files


class TableSession(QObject):
    """`changed` says that another table is shown or what is asked of it; `row_changed` (path) that there
    is more in a row; `run_changed` that it runs or has ended; `listed` that the list is new."""

    listed = Signal()
    changed = Signal()
    row_changed = Signal(str)
    run_changed = Signal()
    nothing_to_do = Signal()  # all is known, and no file has changed
    failed = Signal(object)  # ErrorInfo

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self.entries: list[FileTableEntry] = []
        self.table_id: int | None = None
        self.name = ""
        self.spec: TableSpec | None = None
        self.rows: dict[str, FileRow] = {}
        self.refused: tuple[
            ErrorInfo, ...
        ] = ()  # folders and archives that could not be looked into
        self.at_work: dict[str, Column | None] = {}  # by path: the column, None while it is read
        self._runner: JobRunner | None = None

    def is_running(self) -> bool:
        return self._runner is not None

    def table(self) -> FileTable | None:
        return FileTable(self.spec, tuple(self.rows.values())) if self.spec else None

    def counts(self) -> tuple[int, int, int]:
        """Files that are done, of them with something that failed, and all."""
        if self.spec is None:
            return 0, 0, 0
        done = [row for row in self.rows.values() if row.is_done(self.spec)]
        failed = sum(bool(row.errors(self.spec)) for row in done)
        return len(done), failed, len(self.rows)

    def read_list(self) -> None:
        storage = self._services.storage

        def done(entries: list[FileTableEntry]) -> None:
            self.entries = entries
            self.listed.emit()

        self._work(lambda: storage.file_tables.tables(), done)

    # Making and opening

    def find(self, paths: list[Path], then: Callable[[tuple[str, ...]], None]) -> None:
        """The documents among files, and in folders and archives."""
        request = FindDocuments(new_request_id(), tuple(str(path.absolute()) for path in paths))
        reply = self._services.engine.send(request, self)

        def done(event: RequestFinished) -> None:
            if event.result is None:
                return
            found = msgspec.convert(event.result, FoundDocuments)
            for refused in found.refused:
                self.failed.emit(refused.error)
            then(found.paths)

        reply.finished.connect(done)
        reply.failed.connect(self.failed)

    def begin(self, name: str, paths: tuple[str, ...], columns: list[Column], reader: str) -> bool:
        """Make a table and start. False if nothing is asked: `failed` says so."""
        model = self._services.model.spec()
        try:
            spec = checked_spec(columns, reader, model.path or "embedded")
        except EngineError as error:
            self.failed.emit(error.info())
            return False
        storage, plain = self._services.storage, msgspec.to_builtins(spec)

        def done(table_id: int) -> None:
            rows = {path: FileRow(path, Path(path).name) for path in paths}
            self._show(table_id, name, spec, rows)
            self.read_list()
            self.start()

        self._work(lambda: storage.file_tables.add(name, plain, paths), done)
        return True

    def open(self, table_id: int) -> None:
        """Show one that was made before. One that runs is stopped first."""
        self.stop()
        storage = self._services.storage

        def done(stored: StoredFileTable) -> None:
            spec = msgspec.convert(stored.spec, TableSpec)
            rows = {
                path: msgspec.convert(row, FileRow) if row else FileRow(path, Path(path).name)
                for path, row in stored.rows.items()
            }
            self._show(stored.id, stored.name, spec, rows)

        self._work(lambda: storage.file_tables.table(table_id), done)

    def close_table(self) -> None:
        """Show none, as before a new one."""
        self.stop()
        self._show(None, "", None, {})

    def rename(self, table_id: int, name: str) -> None:
        storage = self._services.storage
        if table_id == self.table_id:
            self.name = name
            self.changed.emit()
        self._work(lambda: storage.file_tables.rename(table_id, name), lambda _: self.read_list())

    def remove(self, table_id: int) -> None:
        storage = self._services.storage
        if table_id == self.table_id:
            self.close_table()
        self._work(lambda: storage.file_tables.remove(table_id), lambda _: self.read_list())

    def restore(self, table_id: int) -> None:
        storage = self._services.storage

        def done(nothing: object) -> None:
            self.read_list()
            self.open(table_id)

        self._work(lambda: storage.file_tables.restore(table_id), done)

    # Running

    def start(self, *, retry: bool = False) -> None:
        """Find what is not known yet, with the table's own model.

        Files that have changed are read again, and with `retry` what failed before.
        """
        spec, table_id = self.spec, self.table_id
        if spec is None or table_id is None or self.is_running():
            return
        path = None if spec.model == "embedded" else spec.model
        model = msgspec.structs.replace(self._services.model.spec(), path=path)
        at_once = AT_ONCE_REMOTE if is_address(model.path) else AT_ONCE
        runner = self._runner = JobRunner(self._services.engine, at_once, self)
        runner.ended.connect(lambda: self._on_runner_ended(runner))
        runner.failed.connect(self.failed)
        rows = list(self.rows.values())
        self.run_changed.emit()

        def begin(fresh: list[FileRow]) -> None:
            if self.table_id != table_id:
                self._on_runner_ended(runner)
                return
            for row in fresh:
                row = row.without_failures() if retry else row
                self.rows[row.path] = row
            self.changed.emit()
            todo = [row for row in self.rows.values() if not row.is_done(spec)]
            if not todo:
                self.nothing_to_do.emit()
            on_row = partial(self._on_row, table_id)
            runner.run(find_row(row, spec, model, on_row, self._on_start) for row in todo)

        # A disk that sleeps must not hold up the window.
        self._work(lambda: [still_true(row) for row in rows], begin)

    def stop(self) -> None:
        """What was found stays; `start` goes on there."""
        if self._runner is not None:
            self._runner.stop()

    def add_columns(self, columns: list[Column]) -> None:
        """Ask more of the same files."""
        if self.spec is None or self.table_id is None or self.is_running():
            return
        try:
            spec = checked_spec([*self.spec.columns, *columns], self.spec.reader, self.spec.model)
        except EngineError as error:
            self.failed.emit(error.info())
            return
        storage, table_id, plain = self._services.storage, self.table_id, msgspec.to_builtins(spec)
        self.spec = spec
        self.changed.emit()
        self._work(lambda: storage.file_tables.change_spec(table_id, plain), lambda _: self.start())

    def read(self, path: str, then: Callable[[Document], None]) -> None:
        """The text of a file, to show where something stands."""
        reply = self._services.engine.send(ReadDocument(new_request_id(), path), self)

        def done(event: RequestFinished) -> None:
            if event.result is not None:
                then(msgspec.convert(event.result, Document))

        reply.finished.connect(done)
        reply.failed.connect(self.failed)

    # Inside

    def _show(
        self, table_id: int | None, name: str, spec: TableSpec | None, rows: dict[str, FileRow]
    ) -> None:
        self.table_id, self.name, self.spec, self.rows = table_id, name, spec, rows
        self.at_work.clear()
        self.changed.emit()
        self.run_changed.emit()

    def _on_start(self, path: str, column: Column | None) -> None:
        self.at_work[path] = column
        self.row_changed.emit(path)

    def _on_row(self, table_id: int, row: FileRow) -> None:
        storage, plain = self._services.storage, msgspec.to_builtins(row)
        self._work(lambda: storage.file_tables.save_row(table_id, row.path, plain), lambda _: None)
        if table_id != self.table_id:  # another table is shown by now
            return
        self.rows[row.path] = row
        if self.spec is not None and row.is_done(self.spec):
            self.at_work.pop(row.path, None)
        self.row_changed.emit(row.path)

    def _on_runner_ended(self, runner: JobRunner) -> None:
        runner.deleteLater()
        if self._runner is runner:
            self._runner = None
            self.at_work.clear()
            self.changed.emit()
            self.run_changed.emit()

    def _work(self, work: Callable[[], object], then: Callable[..., None]) -> None:
        self._services.background.run(self, work).then(then, self.failed.emit)
