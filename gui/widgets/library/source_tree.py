"""The tree of the library's sources and their documents. It is kept while they change: what is looked
at stays where it is, whoever reads in the background."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from engine.protocol import LibraryDocument, LibraryInfo, LibrarySource
from gui import icons
from gui.document_kinds import FOLDER, file_icon
from gui.theme import Theme
from gui.widgets.plain import plain_tooltip

ICON = 15
_WHAT = Qt.ItemDataRole.UserRole  # LibrarySource or LibraryDocument


class SourceTree(QTreeWidget):
    remove_asked = Signal(object)  # LibrarySource
    document_chosen = Signal(object)  # LibraryDocument, one that was read or could not be

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._info = LibraryInfo()
        self._of_source: dict[int, list[LibraryDocument]] = {}
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
        self.itemExpanded.connect(self._fill_source)
        self.itemActivated.connect(lambda item, column: self._choose(item))
        self.itemClicked.connect(lambda item, column: self._choose(item))
        self.customContextMenuRequested.connect(self._on_menu_requested)
        theme.changed.connect(self._draw_again)

    def show_info(self, info: LibraryInfo) -> None:
        """Rows of sources, and of the documents of those that are open."""
        if info is self._info:
            return
        self._info = info
        self._of_source = {source.id: [] for source in info.sources}
        for document in info.documents:
            self._of_source.setdefault(document.source, []).append(document)
        there = {source.id for source in info.sources}
        root = self.invisibleRootItem()
        for item in _rows(root):
            if item.data(0, _WHAT).id not in there:
                root.removeChild(item)
        for row, source in enumerate(info.sources):  # in the order of their ids: new ones are last
            item = self.topLevelItem(row) or QTreeWidgetItem(self)
            self._show_source(item, source)
            if item.isExpanded():
                self._fill_source(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        is_removal = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        if is_removal and item is not None and item.parent() is None:
            self.remove_asked.emit(item.data(0, _WHAT))
        elif not is_removal:
            super().keyPressEvent(event)

    def menu_for(self, item: QTreeWidgetItem) -> QMenu:
        source = (item.parent() or item).data(0, _WHAT)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        trash = icons.icon("trash-2", self._theme.hex("mut"), 16)
        words = self.tr("Remove “{name}” from the library")
        menu.addAction(
            trash,
            words.format(name=_name(source)).replace("&", "&&"),
            lambda: self.remove_asked.emit(source),
        )
        return menu

    def _show_source(self, item: QTreeWidgetItem, source: LibrarySource) -> None:
        item.setText(0, _name(source))
        item.setData(0, _WHAT, source)
        item.setToolTip(0, plain_tooltip(source.path))
        single = self._single(source)
        self._draw(item, file_icon(_name(source)) if single is not None else FOLDER, "mut")
        for column in (0, 1):
            item.setData(column, Qt.ItemDataRole.ForegroundRole, None)
        item.setText(1, "")
        policy = QTreeWidgetItem.ChildIndicatorPolicy
        item.setChildIndicatorPolicy(policy.DontShowIndicator)
        if not source.is_there:
            item.setText(1, self.tr("not there"))
            self._shade(item, "warning")
        elif single is not None:
            self._show_document(item, single)
        else:
            item.setText(1, QLocale().toString(source.documents))
            item.setForeground(1, self._theme.color("hint"))
        if single is None and source.documents:
            item.setChildIndicatorPolicy(policy.ShowIndicator)

    def _fill_source(self, item: QTreeWidgetItem) -> None:
        """Make its rows those of its documents, and touch only what is new."""
        source = item.data(0, _WHAT)
        documents = self._of_source.get(source.id, []) if self._single(source) is None else []
        there = {document.id for document in documents}
        for child in _rows(item):
            if child.data(0, _WHAT).id not in there:
                item.removeChild(child)
        rows = _rows(item)
        for row, document in enumerate(documents):
            if row < len(rows):
                child = rows[row]
            else:
                child = QTreeWidgetItem(item)
                child.setFirstColumnSpanned(True)
            if child.data(0, _WHAT) != document:
                self._show_child(child, document)

    def _show_child(self, child: QTreeWidgetItem, document: LibraryDocument) -> None:
        child.setText(0, document.name)
        child.setData(0, _WHAT, document)
        child.setData(0, Qt.ItemDataRole.ForegroundRole, None)
        self._draw(child, file_icon(document.name), "hint")
        self._show_document(child, document)

    def _show_document(self, item: QTreeWidgetItem, document: LibraryDocument) -> None:
        if document.error is not None:
            words = document.error.one_line()
            self._shade(item, "warning")
            self._draw(item, "circle-alert", "warning")
        else:
            words = document.path
            if document.state == "waiting":
                self._shade(item, "hint")
        item.setToolTip(0, plain_tooltip(words))

    def _draw_again(self) -> None:
        """In the colors of another theme."""
        for item in _rows(self.invisibleRootItem()):
            self._show_source(item, item.data(0, _WHAT))
            for child in _rows(item):
                self._show_child(child, child.data(0, _WHAT))

    def _shade(self, item: QTreeWidgetItem, token: str) -> None:
        for column in (0, 1):
            item.setForeground(column, self._theme.color(token))

    def _draw(self, item: QTreeWidgetItem, icon: str, token: str) -> None:
        item.setIcon(0, icons.icon(icon, self._theme.hex(token), ICON))

    def _single(self, source: LibrarySource) -> LibraryDocument | None:
        """The source itself, where it is one document."""
        documents = self._of_source.get(source.id, [])
        if len(documents) == 1 and documents[0].path == source.path:
            return documents[0]
        return None

    def _choose(self, item: QTreeWidgetItem) -> None:
        what = item.data(0, _WHAT)
        if isinstance(what, LibrarySource):
            what = self._single(what)
        if what is not None and what.state != "waiting":
            self.document_chosen.emit(what)

    def _on_menu_requested(self, at: QPoint) -> None:
        item = self.itemAt(at)
        if item is not None:
            self.menu_for(item).popup(self.viewport().mapToGlobal(at))


def _rows(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = (item.child(row) for row in range(item.childCount()))
    return [child for child in children if child is not None]


def _name(source: LibrarySource) -> str:
    return PurePath(source.path).name or source.path
