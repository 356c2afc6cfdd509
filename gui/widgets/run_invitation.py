"""The calm empty state of a text tool: what it does, its options, and the one button."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from engine.text_tools.base import TextTool
from gui import icons
from gui.theme import Theme
from gui.widgets.results.column import wrapped_label

TOOL_ICONS = {"summarize": "text-quote", "sentiment": "smile", "entities": "tags"}
ICON = 28


class RunInvitation(QWidget):
    run_asked = Signal(object)  # dict of options

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tool_id = ""
        self._mark = QLabel(self)
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = wrapped_label("", self, "title")
        self.text = wrapped_label("", self, "mut")
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton(self)
        self.button.setProperty("kind", "primary")
        self.button.clicked.connect(lambda: self.run_asked.emit(self.options()))
        column = QVBoxLayout(self)
        column.setContentsMargins(36, 0, 36, 0)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._mark)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)
        theme.changed.connect(self._on_theme_changed)

    def show_tool(self, tool: TextTool) -> None:
        self._tool_id = tool.tool_id
        self.title.setText(QCoreApplication.translate("TextTools", tool.title))
        self.text.setText(QCoreApplication.translate("TextTools", tool.description))
        verbs = {
            "summarize": self.tr("Summarize"),
            "sentiment": self.tr("Read the mood"),
            "entities": self.tr("Find names"),
        }
        self.button.setText(verbs.get(tool.tool_id, self.tr("Start")))
        self._on_theme_changed()

    def show_state(self, has_document: bool, is_known: bool, is_running: bool) -> None:
        self.button.setVisible(has_document and is_known and not is_running)

    def options(self) -> dict[str, Any]:
        return {}

    def _on_theme_changed(self) -> None:
        name = TOOL_ICONS.get(self._tool_id, "list")
        self._mark.setPixmap(icons.pixmap(name, self._theme.hex("hint"), ICON))
