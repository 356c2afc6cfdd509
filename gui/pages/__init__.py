"""The window's pages, in the order of the rail; the last one stands at its foot.

To add a page: a file here with a subclass of `gui.services.Page`, and its line in `PAGES`.
Pages are imported when they are first opened, so that the first window need not wait.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.services import Page


class PageEntry(NamedTuple):
    """Where a page lives and how the rail shows it; `title` is translated in context "Pages"."""

    page_id: str
    module: str
    class_name: str
    icon_name: str
    title: Any  # str; what marks it for translation is typed as an object

    def page_class(self) -> type[Page]:
        """Import the page's module."""
        found: type[Page] = getattr(importlib.import_module(self.module), self.class_name)
        return found


PAGES = (
    PageEntry(
        "chat", "gui.pages.chat_page", "ChatPage", "message-square",
        QT_TRANSLATE_NOOP("Pages", "Chat"),
    ),
    PageEntry(
        "text", "gui.pages.text_page", "TextPage", "file-text",
        QT_TRANSLATE_NOOP("Pages", "Documents"),
    ),
    PageEntry(
        "library", "gui.pages.library_page", "LibraryPage", "library-big",
        QT_TRANSLATE_NOOP("Pages", "Library"),
    ),
    PageEntry(
        "tables", "gui.pages.tables_page", "TablesPage", "sheet",
        QT_TRANSLATE_NOOP("Pages", "Tables"),
    ),
    PageEntry(
        "models", "gui.pages.models_page", "ModelsPage", "box",
        QT_TRANSLATE_NOOP("Pages", "Models"),
    ),
    PageEntry(
        "settings", "gui.pages.settings_page", "SettingsPage", "settings",
        QT_TRANSLATE_NOOP("Pages", "Settings"),
    ),
)  # fmt: skip
