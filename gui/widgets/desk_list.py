"""The pane at the left of the text page: open, paste, and the documents on the desk.

It shows and asks; the page and its sessions do.
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import icons
from gui.desk_session import DeskEntry
from gui.item_models.desk_model import DeskModel, ProgressOf
from gui.theme import Theme
from gui.widgets.desk_delegate import DeskDelegate

MANY = 8  # documents, from where a search box helps
MOST_TOGETHER = 40  # from where a table says more than one summary of all


class DeskList(QFrame):
    """Emits what is asked for, by key. `chosen` gives the documents that are selected, one or several
    (Ctrl or Shift with a click or an arrow key)."""

    opened = Signal(int)
    chosen = Signal(object)  # list[int]
    open_asked = Signal()
    paste_asked = Signal()
    remove_asked = Signal(object)  # list[int]

    def __init__(self, theme: Theme, progress_of: ProgressOf, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._current: int | None = None
        self._chosen: list[int] = []
        self._is_marking = False
        self.setProperty("kind", "side")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find in documents"))
        self.search.setAccessibleName(self.tr("Find a document by its name"))
        self.search.hide()
        self.open_button = QPushButton(self.tr("Open or drop"), self)
        self.open_button.setProperty("kind", "link")
        self.open_button.setToolTip(self.tr("Open documents  (Ctrl+O)"))
        self.open_button.clicked.connect(self.open_asked)
        self.paste_button = QToolButton(self)
        self.paste_button.setAccessibleName(self.tr("Paste text"))
        self.paste_button.setToolTip(self.tr("Paste text as a document  (Ctrl+V)"))
        self.paste_button.clicked.connect(self.paste_asked)
        self._title = QLabel(self.tr("On the desk"), self)
        self._title.setProperty("kind", "caption")
        self._title.setContentsMargins(10, 12, 0, 0)
        self.model = DeskModel(progress_of, self)
        self.search.textChanged.connect(self.model.search)
        self.view = _DocumentList(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(DeskDelegate(theme, self.view))
        self.view.remove_pressed.connect(self._on_view_remove_pressed)
        self.view.customContextMenuRequested.connect(self._on_view_menu_requested)
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        self.view.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.all_button = QPushButton(self)
        self.all_button.setProperty("kind", "quiet")
        self.all_button.setToolTip(
            self.tr("Summarize them or ask about them together  (Ctrl or Shift and a click: some)")
        )
        self.all_button.clicked.connect(self._choose_all)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.open_button, 1)
        buttons.addWidget(self.paste_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 16, 12, 16)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addLayout(buttons)
        layout.addWidget(self._title)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_entries(self, entries: list[DeskEntry]) -> None:
        self.model.set_entries(entries)
        self._title.setVisible(bool(entries))
        self.search.setVisible(len(entries) > MANY or bool(self.search.text()))
        ready = sum(entry.key > 0 for entry in entries)
        self.all_button.setText(self.tr("All %n together", "", ready))
        self.all_button.setVisible(2 <= ready <= MOST_TOGETHER)
        self.mark_current(self._current)

    def mark_current(self, key: int | None) -> None:
        """Select the document that is shown, without opening it again. It is one of those that are
        selected together, or the only one."""
        self._current = key
        index, selection = self.model.index_of(key), self.view.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        self._is_marking = True
        try:
            if not index.isValid():
                selection.clear()
            elif len(self._chosen) > 1 and key in self._chosen:
                for other in map(self.model.index_of, self._chosen):
                    selection.select(other, flags.Select)
                selection.setCurrentIndex(index, flags.NoUpdate)
            else:
                selection.setCurrentIndex(index, flags.ClearAndSelect)
        finally:
            self._is_marking = False
        self._on_selection_changed()

    def selected(self) -> list[int]:
        """Keys of the rows that are selected, in their order; those that can be read."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        entries = [self.model.entry(self.model.index(row)) for row in rows]
        return [entry.key for entry in entries if entry is not None and entry.key > 0]

    def menu_for(self, entry: DeskEntry) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(
            icons.icon("trash-2", self._theme.hex("mut"), 16),
            self.tr("Remove from the desk"),
            lambda: self._remove(entry),
        )
        return menu

    def _on_view_menu_requested(self, at: QPoint) -> None:
        if (entry := self.model.entry(self.view.indexAt(at))) is not None:
            self.menu_for(entry).popup(self.view.viewport().mapToGlobal(at))

    def _on_view_remove_pressed(self, index: QModelIndex, only: bool) -> None:
        if (entry := self.model.entry(index)) is not None:
            self._remove(entry, only=only)

    def _remove(self, entry: DeskEntry, *, only: bool = False) -> None:
        """It, and what is selected together with it."""
        several = self.selected()
        together = entry.key in several and not only
        self.remove_asked.emit(several if together else [entry.key])

    def _choose_all(self) -> None:
        self.search.clear()
        self.view.selectAll()
        self.view.setFocus()

    def _on_selection_changed(self, *_: object) -> None:
        if not self._is_marking and (chosen := self.selected()) != self._chosen:
            self._chosen = chosen
            self.chosen.emit(chosen)

    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        entry = self.model.entry(current)
        if entry is not None and entry.key != self._current:
            self._current = entry.key
            self.opened.emit(entry.key)

    def _on_theme_changed(self) -> None:
        self.open_button.setIcon(icons.icon("plus", self._theme.hex("accent"), 16))
        self.paste_button.setIcon(icons.icon("clipboard-paste", self._theme.hex("mut"), 16))
        self.view.viewport().update()


class _DocumentList(QListView):
    """Rows are opened by moving to them. Del or the cross removes, which can be undone."""

    remove_pressed = Signal(QModelIndex, bool)  # whether only this one is meant

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Documents on the desk"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self.indexAt(point)
        on_cross = index.isValid() and DeskDelegate.is_on_cross(self.visualRect(index), point)
        if on_cross and event.button() == Qt.MouseButton.LeftButton:
            self.remove_pressed.emit(index, True)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.remove_pressed.emit(self.currentIndex(), False)
        else:
            super().keyPressEvent(event)
