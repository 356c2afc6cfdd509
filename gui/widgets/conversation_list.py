"""The pane at the left: search, New chat, the conversations, and whether anything leaves.

It shows and asks; the page reads and writes.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.storage.records import Conversation
from gui import icons
from gui.item_models.conversation_model import ConversationModel
from gui.theme import Theme
from gui.widgets.conversation_delegate import ConversationDelegate
from gui.widgets.offline_badge import OfflineBadge

SEARCH_PAUSE = 120  # milliseconds after the last key


class ConversationList(QFrame):
    """Emits what is asked for by id."""

    opened = Signal(int)
    new_asked = Signal()
    rename_asked = Signal(int, str)
    pin_asked = Signal(int, bool)
    delete_asked = Signal(object)  # Conversation
    export_asked = Signal(object, str)  # Conversation, suffix
    search_changed = Signal(str)
    left = Signal()  # Esc in the search box: back to writing

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._current_id: int | None = None
        self.setProperty("kind", "side")
        self.search = SearchBox(self)
        self._search_mark = QAction(self)
        self.search.addAction(self._search_mark, QLineEdit.ActionPosition.LeadingPosition)
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_PAUSE)
        self._pause.timeout.connect(lambda: self.search_changed.emit(self.search.text()))
        self.search.textChanged.connect(lambda: self._pause.start())
        self.search.went_down.connect(self._on_search_went_down)
        self.search.escaped.connect(self._on_search_escaped)
        self._new = QPushButton(self.tr("New chat"), self)
        self._new.setProperty("kind", "link")
        self._new.setToolTip(self.tr("New chat  (Ctrl+N)"))
        self._new.clicked.connect(self.new_asked)
        self.model = ConversationModel(self)
        self.model.rename_asked.connect(self.rename_asked)
        self.view = ListView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(ConversationDelegate(theme, self.view))
        self.view.customContextMenuRequested.connect(self._on_view_menu_requested)
        self.view.delete_pressed.connect(self._on_view_delete_pressed)
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        self._empty = QLabel(self)
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setWordWrap(True)
        self._empty.setProperty("kind", "hint")
        self._empty.setContentsMargins(10, 12, 10, 0)
        self._empty.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 16, 12, 16)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self._new)
        layout.addWidget(self._empty)
        layout.addWidget(self.view, 1)
        self.badge = OfflineBadge(theme, self)
        layout.addWidget(self.badge)
        self._on_theme_changed()
        theme.changed.connect(self._on_theme_changed)

    def show_conversations(self, conversations: list[Conversation], searching: bool) -> None:
        self.model.set_conversations(conversations, datetime.now().astimezone().date())
        self.mark_current(self._current_id)
        self._empty.setVisible(not conversations)
        self._empty.setText(
            self.tr("No title has that in it.")
            if searching
            else self.tr("Your conversations will be listed here.")
        )

    def mark_current(self, conversation_id: int | None) -> None:
        """Select the conversation that is shown, without opening it again."""
        self._current_id = conversation_id
        index = self.model.index_of(conversation_id)
        if index.isValid():
            self.view.setCurrentIndex(index)
        else:
            self.view.selectionModel().clear()

    def focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def rename_current(self) -> None:
        index = self.model.index_of(self._current_id)
        if index.isValid():
            self.view.setFocus()
            self.view.edit(index)

    def menu_for(self, conversation: Conversation) -> QMenu:
        """Rename, pin, export, delete."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        index = self.model.index_of(conversation.id)
        menu.addAction(self._icon("pencil"), self.tr("Rename"), lambda: self.view.edit(index))
        pin = self.tr("Unpin") if conversation.pinned else self.tr("Pin")
        menu.addAction(
            self._icon("pin-off" if conversation.pinned else "pin"),
            pin,
            lambda: self.pin_asked.emit(conversation.id, not conversation.pinned),
        )
        for words, suffix in (
            (self.tr("Export as Markdown…"), ".md"),
            (self.tr("Export as JSON…"), ".json"),
        ):
            menu.addAction(
                self._icon("download"),
                words,
                lambda s=suffix: self.export_asked.emit(conversation, s),
            )
        menu.addSeparator()
        menu.addAction(
            self._icon("trash-2"), self.tr("Delete"), lambda: self.delete_asked.emit(conversation)
        )
        return menu

    def _icon(self, name: str) -> QIcon:
        return icons.icon(name, self._theme.hex("mut"), 16)

    def _on_view_menu_requested(self, at: QPoint) -> None:
        conversation = self.model.conversation(self.view.indexAt(at))
        if conversation is not None:
            self.menu_for(conversation).popup(self.view.viewport().mapToGlobal(at))

    def _on_view_delete_pressed(self) -> None:
        if (conversation := self.model.conversation(self.view.currentIndex())) is not None:
            self.delete_asked.emit(conversation)

    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        conversation = self.model.conversation(current)
        if conversation is not None and conversation.id != self._current_id:
            self._current_id = conversation.id
            self.opened.emit(conversation.id)

    def _on_search_went_down(self) -> None:
        first = next(iter(self.model.conversations()), None)
        if first is not None:
            self.view.setFocus()
            self.view.setCurrentIndex(self.model.index_of(first.id))

    def _on_search_escaped(self) -> None:
        self.search.clear()
        self.left.emit()

    def _on_theme_changed(self) -> None:
        self._search_mark.setIcon(icons.icon("search", self._theme.hex("hint"), 16))
        self._new.setIcon(icons.icon("plus", self._theme.hex("accent"), 16))
        self.view.viewport().update()


class SearchBox(QLineEdit):
    """Down or Enter goes to the first hit, Esc leaves."""

    went_down = Signal()
    escaped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "search")
        self.setPlaceholderText(self.tr("Search titles"))
        cap = QLabel("Ctrl K", self)
        cap.setProperty("kind", "key")
        self.textChanged.connect(lambda text: cap.setVisible(not text))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.addStretch(1)
        row.addWidget(cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(self.tr("Search conversations"))
        self.setToolTip(self.tr("Search  (Ctrl+K)"))
        self.setClearButtonEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.went_down.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class ListView(QListView):
    """Rows are opened by moving to them; Del asks for nothing, since it can be undone."""

    delete_pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Conversations"))
        self.setUniformItemSizes(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deleting = event.key() == Qt.Key.Key_Delete
        if deleting and self.state() != QAbstractItemView.State.EditingState:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)
