"""The calm empty state of a text tool: what it does, its options, and the one button."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.text_tools.base import TextTool
from gui import icons
from gui.text_run import RunState
from gui.theme import Theme
from gui.widgets.form import Form
from gui.widgets.results.column import wrapped_label

TOOL_ICONS = {"summarize": "text-quote", "sentiment": "smile", "entities": "tags"}
ICON, NUMBER_WIDTH = 28, 120


class RunInvitation(QWidget):
    run_asked = Signal(object)  # dict of options
    left = Signal()  # back to the result that is there

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
        self.back = QPushButton(self.tr("Back to the result"), self)
        self.back.setProperty("kind", "quiet")
        self.back.clicked.connect(self.left)
        self.form: Form | None = None
        self._form_place = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(36, 0, 36, 0)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._mark)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(self._form_place)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignCenter)
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
        self._make_form(tool)

    def show_state(self, state: RunState, has_document: bool) -> None:
        """Offer to run, unless there is nothing to run on or it runs."""
        can_run = has_document and state.is_known and not state.is_running
        self.button.setVisible(can_run)
        self.back.setVisible(can_run and state.result is not None)
        if self.form is not None:
            self.form.setVisible(can_run)
            if state.result is not None:
                self.form.set_values(state.options)

    def options(self) -> dict[str, Any]:
        """As chosen in the form."""
        return self.form.values() if self.form is not None else {}

    def _make_form(self, tool: TextTool) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        fields = dataclasses.fields(tool.Options)
        if fields:
            self.form = Form(fields, dataclasses.asdict(tool.Options()), self)
            for field in fields:
                editor = self.form.editor(field.name)
                is_choice = isinstance(editor, QComboBox)
                editor.setFixedWidth(max(NUMBER_WIDTH, editor.sizeHint().width() * is_choice))
            self._form_place.addWidget(self.form)

    def _on_theme_changed(self) -> None:
        name = TOOL_ICONS.get(self._tool_id, "list")
        self._mark.setPixmap(icons.pixmap(name, self._theme.hex("hint"), ICON))
