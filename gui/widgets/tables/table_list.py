"""The pane at the left of the tables: a new one, and those that were made before."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.storage.records import FileTableEntry
from gui import icons
from gui.theme import Theme
from gui.widgets.plain import plain_tooltip

ICON, ROW = 15, 34
_ID = Qt.ItemDataRole.UserRole


class TableList(QFrame):
    """Emits what is asked for, by the table's id."""

    new_asked = Signal()
    opened = Signal(int)
    renamed = Signal(int, str)
    remove_asked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_filling = False
        self.setProperty("kind", "side")
        self.new_button = QPushButton(self.tr("New table"), self)
        self.new_button.setProperty("kind", "link")
        self.new_button.clicked.connect(self.new_asked)
        self._title = QLabel(self.tr("Tables"), self)
        self._title.setProperty("kind", "caption")
        self._title.setContentsMargins(10, 12, 0, 0)
        self.view = _List(self)
        self.view.setAccessibleName(self.tr("Tables"))
        self.view.currentItemChanged.connect(self._on_current_changed)
        self.view.itemChanged.connect(self._on_item_changed)
        self.view.remove_pressed.connect(self._remove_current)
        self.view.customContextMenuRequested.connect(self._on_menu_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 16, 12, 16)
        layout.setSpacing(8)
        layout.addWidget(self.new_button)
        layout.addWidget(self._title)
        layout.addWidget(self.view, 1)
        theme.changed.connect(self._recolor)
        self._recolor()

    def show_entries(self, entries: list[FileTableEntry], current: int | None) -> None:
        self._is_filling = True
        self.view.clear()
        self._title.setVisible(bool(entries))
        chosen = None
        for entry in entries:
            item = QListWidgetItem(" ".join(entry.name.split()), self.view)
            item.setData(_ID, entry.id)
            item.setSizeHint(QSize(0, ROW))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            files = self.tr("%n file(s)", "", entry.files)
            item.setToolTip(plain_tooltip(f"{entry.name}\n{files}"))
            chosen = item if entry.id == current else chosen
        if chosen is not None:
            self.view.setCurrentItem(chosen)
        self._is_filling = False
        self._recolor()

    def menu_for(self, item: QListWidgetItem) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        color = self._theme.hex("mut")
        menu.addAction(
            icons.icon("pencil", color, 16), self.tr("Rename"), lambda: self.view.editItem(item)
        )
        number = item.data(_ID)
        menu.addAction(
            icons.icon("trash-2", color, 16),
            self.tr("Delete"),
            lambda: self.remove_asked.emit(number),
        )
        return menu

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._is_filling:
            self.opened.emit(item.data(_ID))

    def _on_item_changed(self, item: QListWidgetItem) -> None:
        if not self._is_filling and (name := " ".join(item.text().split())):
            self.renamed.emit(item.data(_ID), name)

    def _on_menu_requested(self, at: QPoint) -> None:
        item = self.view.itemAt(at)
        if item is not None:
            self.menu_for(item).popup(self.view.viewport().mapToGlobal(at))

    def _remove_current(self) -> None:
        if (item := self.view.currentItem()) is not None:
            self.remove_asked.emit(item.data(_ID))

    def _recolor(self) -> None:
        icon = icons.icon("sheet", self._theme.hex("hint"), ICON)
        self._is_filling = True
        for row in range(self.view.count()):
            self.view.item(row).setIcon(icon)
        self._is_filling = False


class _List(QListWidget):
    remove_pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setEditTriggers(self.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)
