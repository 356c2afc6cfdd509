"""File dialogs of the text page, and what follows: documents to read, results to copy or keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from engine.storage.records import StoredDocument
from engine.types import Document
from gui.file_dialogs import FileDialogs
from gui.result_table import as_csv
from gui.services import Services
from gui.text_export import as_json, as_markdown, file_name, write_file
from gui.text_run import RunState

Stored = tuple[StoredDocument, ...]  # what a result is about


class ResultKeeper(QObject):
    """Dialogs open without blocking; what was chosen comes later."""

    documents_chosen = Signal(object)  # list[Path]

    def __init__(self, services: Services, page: QWidget) -> None:
        super().__init__(page)
        self._services = services
        self._dialogs = FileDialogs(page)

    def ask_for_documents(self) -> None:
        self._dialogs.open_files(self.tr("Open documents"), self.documents_chosen.emit)

    def copy(self, stored: Stored, tool_id: str, state: RunState) -> None:
        """The result as Markdown on the clipboard."""
        if not stored or state.result is None:
            return

        def done(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self._services.notifications.show_message(self.tr("Result copied"), seconds=2)

        # Finding the places of a long document takes a while.
        documents = _documents(stored)
        self._services.background.run(self, lambda: as_markdown(documents, tool_id, state)).then(
            done, self._services.notifications.show_error
        )

    def ask_where(self, stored: Stored, tool_id: str, state: RunState, suffix: str) -> None:
        """Ask for a file name and write the result there."""
        if not stored or state.outcome is None:
            return
        self._dialogs.save(
            *(self.tr("Export the result"), file_name(_documents(stored), tool_id, suffix), suffix),
            lambda file: self.export(file, stored, tool_id, state, suffix),
        )

    def export(
        self, path: Path, stored: Stored, tool_id: str, state: RunState, suffix: str
    ) -> None:
        def content() -> str:
            if suffix == ".csv" and state.result is not None:
                return as_csv(state.result)
            form = as_json if suffix == ".json" else as_markdown
            return form(_documents(stored), tool_id, state)

        self.write(path, content)

    def ask_where_picture(self, stored: Stored, tool_id: str, picture: bytes, suffix: str) -> None:
        """Ask for a file name and write a chart there."""
        if not stored:
            return
        self._dialogs.save(
            *(self.tr("Save the chart"), file_name(_documents(stored), tool_id, suffix), suffix),
            lambda file: self.write(file, lambda: picture),
        )

    def write(self, path: Path, content: Callable[[], str | bytes]) -> None:
        """Write on the storage thread; the window tells how it went."""
        notifications = self._services.notifications
        self._services.background.run(self, lambda: write_file(path, content())).then(
            lambda result: notifications.show_message(
                self.tr("Saved as {name}").format(name=path.name), seconds=4
            ),
            notifications.show_error,
        )


def _documents(stored: Stored) -> tuple[Document, ...]:
    return tuple(one.document for one in stored)
