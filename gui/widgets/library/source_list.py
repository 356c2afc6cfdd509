"""The pane at the left of the library: what is watched, the documents in it, and how far indexing is.

It shows and asks; the page and its session do.
"""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.protocol import LibraryInfo
from gui.theme import Theme
from gui.widgets.library.source_tree import SourceTree
from gui.widgets.results.column import wrapped_label


class SourceList(QFrame):
    files_asked = Signal()
    folder_asked = Signal()
    remove_asked = Signal(object)  # LibrarySource
    forget_asked = Signal()
    document_chosen = Signal(object)  # LibraryDocument
    update_asked = Signal()
    retry_asked = Signal()
    stop_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "side")
        self.add_button = QPushButton(self.tr("Add to the library"), self)
        self.add_button.setProperty("kind", "link")
        menu = QMenu(self.add_button)
        menu.addAction(self.tr("A folder…"), self.folder_asked.emit)
        menu.addAction(self.tr("Files…"), self.files_asked.emit)
        self.add_button.setMenu(menu)
        self.tree = SourceTree(theme, self)
        self.tree.setAccessibleName(self.tr("What is in the library"))
        self.tree.remove_asked.connect(self.remove_asked)
        self.tree.document_chosen.connect(self.document_chosen)
        self.state = wrapped_label("", self, "caption")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.failed = wrapped_label("", self, "warning")
        self.stop_button = self._small(self.tr("Stop"))
        self.stop_button.clicked.connect(self.stop_asked)
        self.update_button = self._small(self.tr("Look for changes"))
        self.update_button.clicked.connect(self.update_asked)
        self.retry_button = self._small(self.tr("Try again"))
        self.retry_button.clicked.connect(self.retry_asked)
        self.forget_button = self._small(self.tr("Forget everything…"))
        self.forget_button.clicked.connect(self.forget_asked)
        foot = QVBoxLayout()
        foot.setContentsMargins(3, 0, 0, 0)
        foot.setSpacing(4)
        for label in (self.state, self.failed):
            label.setContentsMargins(7, 0, 0, 0)  # as far in as the buttons' words
        foot.addWidget(self.bar)
        foot.addSpacing(2)
        foot.addWidget(self.state)
        foot.addWidget(self.failed)
        for pair in (
            (self.stop_button, self.update_button),
            (self.retry_button, self.forget_button),
        ):
            row = QHBoxLayout()
            row.setSpacing(2)
            row.setContentsMargins(0, 0, 0, 0)
            for button in pair:
                row.addWidget(button)
            row.addStretch(1)
            foot.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 16, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.add_button)
        layout.addWidget(self.tree, 1)
        layout.addLayout(foot)
        self.show_info(LibraryInfo(), None)

    def show_info(self, info: LibraryInfo, progress: tuple[int, int] | None) -> None:
        indexing = progress is not None
        failed = sum(source.failed for source in info.sources)
        waiting = sum(document.state == "waiting" for document in info.documents)
        self.bar.setVisible(indexing)
        self.state.setVisible(bool(info.sources))
        self.failed.setVisible(bool(failed) and not indexing)
        self.failed.setText(self.tr("%n document(s) could not be read", "", failed))
        self.stop_button.setVisible(indexing)
        self.retry_button.setVisible(bool(failed) and not indexing)
        self.update_button.setVisible(bool(info.sources) and not indexing)
        self.update_button.setText(self.tr("Go on") if waiting else self.tr("Look for changes"))
        self.forget_button.setVisible(bool(info.sources) and not indexing)
        if progress is not None:
            done, total = progress
            self.bar.setRange(0, max(1, total))
            self.bar.setValue(done)
            words = self.tr("Reading document {number} of {total}")
            number = min(done + 1, total)
            self.state.setText(words.format(number=number, total=QLocale().toString(total)))
        else:
            parts = [self.tr("%n document(s)", "", len(info.documents))]
            if waiting:
                parts.append(self.tr("%n waiting", "", waiting))
            self.state.setText(" · ".join(parts))
        self.tree.show_info(info)

    def _small(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "small")
        return button
