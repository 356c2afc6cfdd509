"""The pane at the left of the library: what is watched, the documents in it, and how far indexing is.

It shows and asks; the page and its session do.
"""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.protocol import LibraryDocument, LibraryInfo, LibrarySource
from gui import icons
from gui.document_kinds import FOLDER, file_icon
from gui.theme import Theme
from gui.widgets.plain import plain_tooltip
from gui.widgets.results.column import wrapped_label

ICON = 15
_WHAT = Qt.ItemDataRole.UserRole  # LibrarySource or LibraryDocument


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
        self._theme = theme
        self._info = LibraryInfo()
        self._open: set[int] = set()  # sources whose documents are shown
        self.setProperty("kind", "side")
        self.add_button = QPushButton(self.tr("Add to the library"), self)
        self.add_button.setProperty("kind", "link")
        menu = QMenu(self.add_button)
        menu.addAction(self.tr("A folder…"), self.folder_asked.emit)
        menu.addAction(self.tr("Files…"), self.files_asked.emit)
        self.add_button.setMenu(menu)
        self.tree = _Tree(self)
        self.tree.setAccessibleName(self.tr("What is in the library"))
        self.tree.itemExpanded.connect(self._on_tree_item_expanded)
        self.tree.itemCollapsed.connect(lambda item: self._open.discard(_id(item)))
        self.tree.itemActivated.connect(lambda item, column: self._choose(item))
        self.tree.itemClicked.connect(lambda item, column: self._choose(item))
        self.tree.customContextMenuRequested.connect(self._on_tree_menu_requested)
        self.tree.remove_pressed.connect(self._remove_current)
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
        theme.changed.connect(self._fill)
        self.show_info(self._info, None)

    def show_info(self, info: LibraryInfo, progress: tuple[int, int] | None) -> None:
        is_new = info is not self._info
        self._info = info
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
        if is_new:
            self._fill()

    def _fill(self) -> None:
        """Sources are always rows; their documents, once they are opened."""
        current = self.tree.currentItem()
        chosen = _id(current) if current is not None else None
        self.tree.clear()
        for source in self._info.sources:
            item = QTreeWidgetItem(self.tree)
            name = PurePath(source.path).name or source.path
            item.setText(0, name)
            item.setData(0, _WHAT, source)
            item.setToolTip(0, plain_tooltip(source.path))
            single = self._single(source)
            icon = file_icon(name) if single is not None else FOLDER
            self._draw(item, icon, "mut")
            if not source.is_there:
                item.setText(1, self.tr("not there"))
                self._shade(item, "warning")
            elif single is not None:
                self._show_document(item, single)
            else:
                item.setText(1, QLocale().toString(source.documents))
                item.setForeground(1, self._theme.color("hint"))
                policy = QTreeWidgetItem.ChildIndicatorPolicy
                item.setChildIndicatorPolicy(
                    policy.ShowIndicator if source.documents else policy.DontShowIndicator
                )
                if source.id in self._open:
                    item.setExpanded(True)
            if source.id == chosen:
                self.tree.setCurrentItem(item)

    def _on_tree_item_expanded(self, item: QTreeWidgetItem) -> None:
        source = item.data(0, _WHAT)
        self._open.add(source.id)
        if item.childCount():
            return
        for document in self._info.documents:
            if document.source == source.id:
                child = QTreeWidgetItem(item)
                child.setFirstColumnSpanned(True)
                child.setText(0, document.name)
                child.setData(0, _WHAT, document)
                self._draw(child, file_icon(document.name), "hint")
                self._show_document(child, document)

    def _show_document(self, item: QTreeWidgetItem, document: LibraryDocument) -> None:
        if document.error is not None:
            words = document.error.one_line()
            self._shade(item, "warning")
            self._draw(item, "circle-alert", "warning")
            item.setText(1, "")
        else:
            words = document.path
            if document.state == "waiting":
                self._shade(item, "hint")
        item.setToolTip(0, plain_tooltip(words))

    def _shade(self, item: QTreeWidgetItem, token: str) -> None:
        for column in (0, 1):
            item.setForeground(column, self._theme.color(token))

    def _draw(self, item: QTreeWidgetItem, icon: str, token: str) -> None:
        item.setIcon(0, icons.icon(icon, self._theme.hex(token), ICON))

    def _single(self, source: LibrarySource) -> LibraryDocument | None:
        """The source itself, where it is one document."""
        if source.documents != 1:
            return None
        found = (one for one in self._info.documents if one.source == source.id)
        document = next(found, None)
        return document if document is not None and document.path == source.path else None

    def _choose(self, item: QTreeWidgetItem) -> None:
        what = item.data(0, _WHAT)
        if isinstance(what, LibrarySource):
            single = self._single(what)
            if single is None:
                return
            what = single
        if what.state == "indexed":
            self.document_chosen.emit(what)

    def _on_tree_menu_requested(self, at: QPoint) -> None:
        item = self.tree.itemAt(at)
        if item is not None:
            self.menu_for(item).popup(self.tree.viewport().mapToGlobal(at))

    def menu_for(self, item: QTreeWidgetItem) -> QMenu:
        source = (item.parent() or item).data(0, _WHAT)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trash = icons.icon("trash-2", self._theme.hex("mut"), 16)
        words = self.tr("Remove “{name}” from the library")
        name = PurePath(source.path).name or source.path
        menu.addAction(
            trash,
            words.format(name=name).replace("&", "&&"),
            lambda: self.remove_asked.emit(source),
        )
        return menu

    def _remove_current(self) -> None:
        item = self.tree.currentItem()
        if item is not None and item.parent() is None:
            self.remove_asked.emit(item.data(0, _WHAT))

    def _small(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "small")
        return button


def _id(item: QTreeWidgetItem) -> int:
    number: int = (item.parent() or item).data(0, _WHAT).id
    return number


class _Tree(QTreeWidget):
    remove_pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setIndentation(16)
        self.setUniformRowHeights(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(1)
        header.setSectionResizeMode(0, header.ResizeMode.Stretch)
        header.setSectionResizeMode(1, header.ResizeMode.ResizeToContents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)
