"""The window: the rail, the pages (built when first opened), drops, and the app-wide shortcuts.

It is painted empty first; `furnish` gives it its services and its first page.

It knows the pages only as `Page`; what is special to one is asked for by name, never by import.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.paths import config_folder
from gui.dropped_files import dropped_paths, is_model
from gui.pages import PAGES
from gui.theme import Theme
from gui.widgets.rail import Rail
from gui.widgets.remote_notice import RemoteNotice

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QCloseEvent,
        QDragEnterEvent,
        QDragLeaveEvent,
        QDragMoveEvent,
        QDropEvent,
        QPaintEvent,
    )

    from gui.services import Page, Services
    from gui.widgets.drop_overlay import DropOverlay

FIRST_SIZE, LEAST_SIZE = (1280, 820), (640, 480)
SIDE_WIDTH = 268


class MainWindow(QMainWindow):
    """`painted` comes once, after the first paint; `furnished` when the first page is there."""

    painted = Signal()
    furnished = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._overlay: DropOverlay | None = None
        self._pages: dict[str, Page] = {}
        self._was_painted = False
        self.setWindowTitle("Carrel")
        self.setMinimumSize(*LEAST_SIZE)
        body = self._body = QWidget(self)
        self._rail = Rail(theme, body)
        self._stack = QStackedWidget(body)
        self._stack.addWidget(_skeleton(self._stack))
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        self._notice = RemoteNotice(theme, body)
        pages = QVBoxLayout()
        pages.setSpacing(0)
        pages.addWidget(self._notice)
        pages.addWidget(self._stack, 1)
        row.addLayout(pages, 1)
        self.setCentralWidget(body)
        theme.changed.connect(self._on_theme_changed)
        self._restore_geometry()

    def furnish(self, services: Services) -> None:
        """Open the first page; from now on the window answers."""
        self._services = services
        services.notifications.attach(self._body)
        self._rail.chosen.connect(self.open_page)
        self._notice.models_asked.connect(lambda: self.open_page("models"))
        self._notice.follow(services.model)
        self._add_actions()
        self.setAcceptDrops(True)
        self.open_page(PAGES[0].page_id)
        self.furnished.emit()

    def page(self, page_id: str) -> Page:
        """The page, built now if this is its first use."""
        if page_id not in self._pages:
            entry = next(entry for entry in PAGES if entry.page_id == page_id)
            page = entry.page_class()(self._services, self._stack)
            self._pages[page_id] = page
            self._stack.addWidget(page)
            if (ask := getattr(page, "page_wanted", None)) is not None:
                ask.connect(self.open_page)
            if (ask := getattr(page, "text_offered", None)) is not None:
                ask.connect(self._on_page_text_offered)
            if (offer := getattr(page, "files_offered", None)) is not None:
                offer.connect(self._open_documents)
            if (moved := getattr(page, "toast_area_changed", None)) is not None:
                moved.connect(self._services.notifications.place)
        return self._pages[page_id]

    def open_page(self, page_id: str) -> None:
        """Show a page and put the keyboard on it."""
        page = self.page(page_id)
        self._stack.setCurrentWidget(page)
        self._rail.show_chosen(page_id)
        page.focus_first()
        area = getattr(page, "toast_area", lambda host: None)
        self._services.notifications.area = lambda: area(self._body)
        self._services.notifications.place()

    def current_page(self) -> Page:
        return next(p for p in self._pages.values() if p is self._stack.currentWidget())

    def current_page_id(self) -> str:
        """The page that is seen; nothing before the first one is open."""
        shown = self._stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is shown), "")

    def open_files(self, paths: list[Path]) -> None:
        """What a drop does: a model is loaded, documents go to a page that takes them."""
        models = [path for path in paths if is_model(path)]
        documents = [path for path in paths if path not in models]
        if models:
            self._services.model.load(str(models[0]))
            self.open_page("models")
        if documents and self.current_page().drop_words(documents):
            self.current_page().accept_files(documents)
        elif documents:
            self._open_documents(documents)

    def _open_documents(self, paths: list[Path]) -> None:
        self.page("text").accept_files(paths)
        self.open_page("text")

    def raise_up(self) -> None:
        """Come to the front: Carrel was started a second time."""
        self.setWindowState(self.windowState() & ~self.windowState().WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _add_actions(self) -> None:
        chat = PAGES[0].page_id
        for position, entry in enumerate(PAGES):
            self._action(f"Ctrl+{position + 1}", lambda e=entry: self.open_page(e.page_id))
        self._action("Ctrl+,", lambda: self.open_page("settings"))
        self._action("Ctrl+N", lambda: self._ask(chat, "new_chat"))
        self._action("Ctrl+K", lambda: self._ask(chat, "search"))
        self._action("Ctrl+/", self._show_shortcuts)
        self._action("F6", self._focus_next_pane)
        self._action("Ctrl+Q", self.close)

    def _action(self, keys: str, slot: Any) -> None:
        from PySide6.QtGui import QAction, QKeySequence

        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda: slot())
        self.addAction(action)

    def _ask(self, page_id: str, deed: str) -> None:
        self.open_page(page_id)
        getattr(self.page(page_id), deed)()

    def _show_shortcuts(self) -> None:
        from gui.dialogs.shortcuts_dialog import ShortcutsDialog

        ShortcutsDialog(self).open()

    def _focus_next_pane(self) -> None:
        page = self.current_page()
        rail = self._rail.button(page.page_id)
        panes: list[QWidget] = [rail, *getattr(page, "panes", lambda: [page])()]
        panes = [pane for pane in panes if pane.isVisible()]
        focus = QApplication.focusWidget()
        now = next(
            (i for i, p in enumerate(panes) if focus and (p is focus or p.isAncestorOf(focus))), -1
        )
        after = panes[(now + 1) % len(panes)]
        if after is page:
            page.focus_first()
        else:
            after.setFocus()

    def _on_page_text_offered(self, name: str, text: str) -> None:
        offerer, page = self.current_page(), self.page("text")
        if page.accept_text(name, text):  # type: ignore[attr-defined]
            offerer.text_taken()  # type: ignore[attr-defined]
            self.open_page("text")

    # Drops

    def overlay(self) -> DropOverlay:
        """What covers the window during a drag."""
        if self._overlay is None:
            from gui.widgets.drop_overlay import DropOverlay

            self._overlay = DropOverlay(self._theme, self)
        return self._overlay

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.overlay().announce(*self._what_drop_does(paths), self._what_drop_below_does(paths))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()
        self.overlay().point_to(event.position().toPoint())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.overlay().hide()

    def dropEvent(self, event: QDropEvent) -> None:
        below = self.overlay().is_below()
        self.overlay().hide()
        if paths := dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            open_files = self.current_page().attach_files if below else self.open_files
            # Whoever dragged waits until this returns, so the work starts afterwards.
            QTimer.singleShot(0, self, lambda: open_files(paths))

    def _what_drop_does(self, paths: list[Path]) -> tuple[str, str]:
        if any(is_model(path) for path in paths):
            return "box", self.tr("Drop to chat with this model")
        from gui.document_kinds import FOLDER, MANY, file_icon

        if words := self.current_page().drop_words(paths):
            return "library-big", words
        if len(paths) == 1:
            icon = FOLDER if paths[0].is_dir() else file_icon(paths[0].name)
            words = self.tr("Drop to read “{name}”")
            if icon == FOLDER:
                words = self.tr("Drop to read what is in “{name}”")
            return icon, words.format(name=paths[0].name)
        return MANY, self.tr("Drop to read %n document(s)", "", len(paths))

    def _what_drop_below_does(self, paths: list[Path]) -> tuple[str, str] | None:
        """A page may take documents itself, beside what a drop on the window does."""
        words = self.current_page().attach_words(paths)
        is_any_model = any(is_model(path) for path in paths)
        return ("message-square", words) if words and not is_any_model else None

    # The window itself

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._state().setValue("geometry", self.saveGeometry())
        super().closeEvent(event)

    def _restore_geometry(self) -> None:
        geometry = self._state().value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            room = self.screen().availableSize()
            self.resize(min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], room.height()))

    @staticmethod
    def _state() -> QSettings:
        return QSettings(str(config_folder() / "window.ini"), QSettings.Format.IniFormat)

    def _on_theme_changed(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._theme.apply(app)


def _skeleton(parent: QWidget) -> QWidget:
    """The page's grounds for the first paint: a pane at the left, paper at the right."""
    made = QWidget(parent)
    made.setProperty("kind", "page")
    side = QFrame(made)
    side.setProperty("kind", "side")
    side.setFixedWidth(SIDE_WIDTH)
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(side)
    row.addStretch(1)
    return made
