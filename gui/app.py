"""The composition root: everything the window is made of is put together here, and taken apart.

The first paint needs little: the settings, the theme, an empty window. Its services and the first
page come right after it, then the storage thread's and the engine's work. A second start raises the
first window and ends. Imports stand where they are needed, so that the first paint need not wait.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from engine.errors import ErrorInfo, StorageError
from engine.paths import database_file, settings_file
from engine.settings import load_settings
from gui import icons, translations
from gui.main_window import MainWindow
from gui.settings_store import SettingsStore
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.services import Services


class Unavailable:
    """Stands where `conversations` and `desk` would be when the database could not be opened."""

    def __init__(self, error: ErrorInfo) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        raise StorageError(self._error.message, hint=self._error.hint, detail=self._error.detail)


class Carrel(QObject):
    """The parts of one running window: an empty window first, then `furnish`, `start`, `close`.

    `make_client` returns an `EngineClient` or a `LocalClient`.
    """

    bug_found = Signal(object)  # BaseException, from any thread

    def __init__(self, make_client: Callable[[], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_client = make_client
        self._may_open = threading.Event()
        self._is_furnished = False
        self.bug_found.connect(self._on_bug_found)
        self.settings = SettingsStore(settings_file(), self)
        self.theme = Theme(self.settings.current.theme, self)
        self.settings.changed.connect(self._on_settings_changed)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.theme.apply(app)
        self.window = MainWindow(self.theme)
        self.window.setWindowIcon(icons.icon("carrel", "#B8412A", 64))
        self.window.painted.connect(self._on_window_painted, Qt.ConnectionType.QueuedConnection)

    services: Services

    def furnish(self) -> None:
        """Put the services together and open the first page."""
        from gui.background import Background
        from gui.engine_bridge import EngineBridge
        from gui.library_session import LibrarySession
        from gui.model_session import ModelSession
        from gui.notifications import Notifications
        from gui.server_session import ServerSession
        from gui.services import Services
        from gui.storage_session import StorageSession

        engine = EngineBridge(self._make_client(), self)
        background = Background(self.bug_found.emit, self)
        servers = ServerSession(engine, self)  # before the model, for whose load it has the keys
        model = ModelSession(engine, self.settings, self)
        self.services = Services(
            theme=self.theme,
            engine=engine,
            background=background,
            storage=StorageSession(database_file()),
            settings=self.settings,
            notifications=Notifications(self.theme, self),
            servers=servers,
            model=model,
            library=LibrarySession(engine, model, self),
        )
        self.services.model.load_failed.connect(self._on_model_load_failed)
        conversion = self.services.model.conversion
        conversion.offered.connect(self._on_conversion_offered)
        conversion.finished.connect(self._on_conversion_finished)
        conversion.failed.connect(self.services.notifications.show_error)
        self._is_furnished = True
        # First in the storage thread's queue: what the pages ask for comes after it.
        background.run(self, self._open_storage).then(
            self._on_storage_opened, self.services.notifications.show_error
        )
        self.window.furnish(self.services)

    def start(self) -> None:
        """Open the database and start the engine."""
        self._may_open.set()
        self.services.engine.start()
        for remark in self.services.settings.remarks:
            self.services.notifications.show_message(remark, seconds=12)

    def close(self) -> None:
        """Keep what is being written, end the engine and the storage thread, drop the window."""
        self._may_open.set()
        if self._is_furnished:
            self._close_services()
        self.window.close()
        self.window.deleteLater()

    def _close_services(self) -> None:
        self.services.engine.close()
        # The engine failed its open requests just now; answers under way are kept before the end.
        QCoreApplication.sendPostedEvents()
        self.services.background.run(self, self.services.storage.close)
        self.services.background.close()
        QCoreApplication.sendPostedEvents()

    def _on_window_painted(self) -> None:
        if not self._is_furnished:
            self.furnish()
        QTimer.singleShot(0, self, self.start)  # when the page has been painted too

    def _open_storage(self) -> list[str]:
        """On the storage thread. Without a database every later call fails with the same error."""
        self._may_open.wait()
        storage = self.services.storage
        try:
            return storage.open()
        except StorageError as error:
            stand_in: Any = Unavailable(error.info())
            storage.conversations = storage.desk = storage.file_tables = stand_in
            raise

    def _on_storage_opened(self, remarks: list[str]) -> None:
        for remark in remarks:
            self.services.notifications.show_message(remark, seconds=12)
        if self.services.storage.purged:
            from gui.kept_states import KeptStates

            KeptStates(self.services.engine, self).forget(self.services.storage.purged)

    def _on_model_load_failed(self, error: ErrorInfo) -> None:
        if self.window.current_page_id() != "models":  # which says it in its place
            self.services.notifications.show_error(error)

    def _on_conversion_offered(self, info: Any) -> None:
        from gui.conversion_text import offer

        words, action = offer(info)
        convert = self.services.model.convert
        self.services.notifications.show_message(words, action, convert, seconds=20)

    def _on_conversion_finished(self, conversion: Any) -> None:
        from gui.conversion_text import outcome

        self.services.notifications.show_message(outcome(conversion), seconds=20)

    def _on_settings_changed(self, settings: Any) -> None:
        self.theme.set_choice(settings.theme)

    def _on_bug_found(self, error: BaseException) -> None:
        from gui.dialogs.crash_dialog import CrashDialog

        CrashDialog.report(error, self.window if hasattr(self, "window") else None)


def main(argv: list[str]) -> int:
    """Open the window and run until it is closed."""
    from gui.single_instance import SingleInstance

    app = QApplication(argv)
    app.setApplicationName("Carrel")
    app.setDesktopFileName("carrel")
    app.setStyle("Fusion")
    instance = SingleInstance(app)
    if not instance.is_first():
        return 0
    translations.install(load_settings(settings_file())[0].language, app)
    carrel = Carrel(_make_client)
    install_excepthooks(carrel.bug_found.emit)
    carrel.window.furnished.connect(lambda: QTimer.singleShot(0, app, instance.listen))
    instance.second_start.connect(carrel.window.raise_up)
    carrel.window.show()
    code = app.exec()
    carrel.close()
    instance.close()
    return code


def _make_client() -> Any:
    from engine.client import EngineClient

    return EngineClient()


def install_excepthooks(report: Callable[[BaseException], None]) -> None:
    """What nobody catches goes to the crash dialog, and to standard error as ever."""

    def on_exception(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        sys.__excepthook__(kind, error, trace)
        if not issubclass(kind, KeyboardInterrupt):
            report(error)

    sys.excepthook = on_exception
    threading.excepthook = lambda args: on_exception(
        args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
    )
