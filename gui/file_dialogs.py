"""File dialogs that open without blocking and remember the folder: what was chosen comes later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFileDialog, QWidget


class FileDialogs(QObject):
    """Those of one page."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._folder = ""

    def open_files(self, title: str, chosen: Callable[[list[Path]], object]) -> None:
        """Documents of all kinds that are read, and archives of them."""
        from engine.documents import supported_suffixes
        from engine.documents.folders import ARCHIVE_SUFFIXES

        patterns = " ".join(f"*{suffix}" for suffix in (*supported_suffixes(), *ARCHIVE_SUFFIXES))
        dialog = self._dialog(title)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        documents = QCoreApplication.translate("FileDialogs", "Documents ({patterns})")
        everything = QCoreApplication.translate("FileDialogs", "All files (*)")
        dialog.setNameFilters([documents.format(patterns=patterns), everything])
        self._open(dialog, chosen)

    def open_folder(self, title: str, chosen: Callable[[list[Path]], object]) -> None:
        dialog = self._dialog(title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._open(dialog, chosen)

    def save(self, title: str, name: str, suffix: str, chosen: Callable[[Path], object]) -> None:
        """`suffix` with its dot; it is added to a name that has none."""
        dialog = self._dialog(title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix.removeprefix("."))
        dialog.setNameFilters([f"*{suffix}"])
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda file: chosen(Path(file)))
        dialog.open()

    def _open(self, dialog: QFileDialog, chosen: Callable[[list[Path]], object]) -> None:
        def tell(files: Sequence[str]) -> None:
            chosen([Path(file) for file in files])

        dialog.filesSelected.connect(tell)
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._page, title, self._folder)
        dialog.directoryEntered.connect(self._on_dialog_directory_entered)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _on_dialog_directory_entered(self, folder: str) -> None:
        self._folder = folder
