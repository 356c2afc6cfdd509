"""The keyboard shortcuts as a list to show. What they do is bound where it belongs."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

# heading: ((keys, what they do), …); translated in context "Shortcuts"
SHORTCUTS: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (
        QT_TRANSLATE_NOOP("Shortcuts", "Writing"),
        (
            ("Enter", QT_TRANSLATE_NOOP("Shortcuts", "Send")),
            ("Shift+Enter", QT_TRANSLATE_NOOP("Shortcuts", "New line")),
            ("Up", QT_TRANSLATE_NOOP("Shortcuts", "Bring back the last message (in an empty box)")),
            ("Esc", QT_TRANSLATE_NOOP("Shortcuts", "Stop the answer")),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Shortcuts", "Answers"),
        (
            ("Ctrl+R", QT_TRANSLATE_NOOP("Shortcuts", "Answer again")),
            ("Ctrl+Shift+C", QT_TRANSLATE_NOOP("Shortcuts", "Copy the last answer")),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Shortcuts", "Conversations"),
        (
            ("Ctrl+N", QT_TRANSLATE_NOOP("Shortcuts", "New chat")),
            ("Ctrl+K", QT_TRANSLATE_NOOP("Shortcuts", "Search")),
            ("F2", QT_TRANSLATE_NOOP("Shortcuts", "Rename")),
            ("Del", QT_TRANSLATE_NOOP("Shortcuts", "Delete (can be undone)")),
            ("Ctrl+B", QT_TRANSLATE_NOOP("Shortcuts", "Show or hide the list")),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Shortcuts", "Documents"),
        (
            ("Ctrl+O", QT_TRANSLATE_NOOP("Shortcuts", "Open")),
            ("Shift+Up, Down", QT_TRANSLATE_NOOP("Shortcuts", "Choose several")),
            ("F3", QT_TRANSLATE_NOOP("Shortcuts", "Next mark in the text")),
            ("Ctrl+Shift+B", QT_TRANSLATE_NOOP("Shortcuts", "Show or hide the results")),
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Shortcuts", "Window"),
        (
            ("Ctrl+1 … 6", QT_TRANSLATE_NOOP("Shortcuts", "The pages, from above")),
            ("F6", QT_TRANSLATE_NOOP("Shortcuts", "Next part of the window")),
            ("Ctrl+,", QT_TRANSLATE_NOOP("Shortcuts", "Settings")),
            ("Ctrl+/", QT_TRANSLATE_NOOP("Shortcuts", "This list")),
        ),
    ),
)
