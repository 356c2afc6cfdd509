"""What pages share, put together once in `app.py` and passed to their `__init__`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from pathlib import Path

    from gui.background import Background
    from gui.engine_bridge import EngineBridge
    from gui.library_session import LibrarySession
    from gui.model_session import ModelSession
    from gui.notifications import Notifications
    from gui.server_session import ServerSession
    from gui.settings_store import SettingsStore
    from gui.storage_session import StorageSession
    from gui.theme import Theme


@dataclasses.dataclass
class Services:
    """`storage` may be touched only inside functions given to `background.run`."""

    theme: Theme
    engine: EngineBridge
    background: Background
    storage: StorageSession
    settings: SettingsStore
    notifications: Notifications
    servers: ServerSession
    model: ModelSession
    library: LibrarySession


class Page(QWidget):
    """One page of the window. To add one: a file `*_page.py`, and its line in `gui/pages`."""

    page_id: ClassVar[str]

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.setProperty("kind", "page")

    def accept_files(self, paths: list[Path]) -> bool:
        """Files were dropped on the window while this page was open; True if it took them."""
        return False

    def drop_words(self, paths: list[Path]) -> str:
        """What the page would do with dropped documents, in a few words; "" if it takes none itself."""
        return ""

    def attach_words(self, paths: list[Path]) -> str:
        """What a drop onto the lower half would do, where the page has a second use; else ""."""
        return ""

    def attach_files(self, paths: list[Path]) -> None:
        """Files were dropped there."""

    def focus_first(self) -> None:
        """The page was opened: put the keyboard where the next thing is typed."""
