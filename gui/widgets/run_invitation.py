"""In place of a result that is not there yet: what the text tool does, its options, the one button."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.text_tools.base import TextTool
from gui import icons
from gui.text_run import RunState
from gui.theme import Theme
from gui.widgets.fold import Fold
from gui.widgets.form import WIDEST_LINE, Field, Form
from gui.widgets.results.column import ResultColumn, wrapped_label

TOOL_ICONS = {
    "summarize": "text-quote",
    "ask": "message-square",
    "sentiment": "smile",
    "entities": "tags",
}
ICON, NUMBER_WIDTH, CHOICE_WIDTH = 28, 120, 170
FEW = 3  # options that need not be folded away


class RunInvitation(QWidget):
    run_asked = Signal(object)  # dict of options
    left = Signal()  # back to the result that is there

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tool_id = ""
        self._description = ""
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
        self.more: Form | None = None
        self.fold: Fold | None = None
        self._form_place = QVBoxLayout()
        self._scroll = ResultColumn(self)
        column = self._scroll.column
        column.setContentsMargins(36, 24, 36, 24)
        column.setSpacing(8)
        column.insertStretch(0, 2)
        for widget in (self._mark, self.title, self.text):
            column.insertWidget(column.count() - 1, widget)
        column.insertLayout(column.count() - 1, self._form_place)
        column.insertSpacing(column.count() - 1, 8)
        for button in (self.button, self.back):
            column.insertWidget(column.count() - 1, button, 0, Qt.AlignmentFlag.AlignCenter)
        column.setStretch(column.count() - 1, 3)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(self._scroll)
        theme.changed.connect(self._on_theme_changed)

    def show_tool(self, tool: TextTool, quick: Sequence[str] = ()) -> None:
        """Of many options the `quick` ones stand open, the others are a click away."""
        self._tool_id = tool.tool_id
        self.title.setText(QCoreApplication.translate("TextTools", tool.title))
        self._description = QCoreApplication.translate("TextTools", tool.description)
        self.text.setText(self._description)
        verbs = {
            "summarize": self.tr("Summarize"),
            "ask": self.tr("Ask"),
            "sentiment": self.tr("Read the mood"),
            "entities": self.tr("Find names"),
        }
        self.button.setText(verbs.get(tool.tool_id, self.tr("Start")))
        self._on_theme_changed()
        self._make_forms(tool, quick)

    def show_state(self, state: RunState, documents: int, can_go_back: bool) -> None:
        """Offer to run on so many documents, unless there is nothing to run on or it runs."""
        together = self.tr(
            "Each of the %n document(s) by itself, then all together.", "", documents
        )
        self.text.setText(
            together if documents > 1 and self._tool_id == "summarize" else self._description
        )
        can_run = bool(documents) and state.is_known and not state.is_running
        self.button.setVisible(can_run)
        self.back.setVisible(can_run and can_go_back)
        for part in (self.form, self.fold):
            if part is not None:
                part.setVisible(can_run)
        if state.options:
            for form in filter(None, (self.form, self.more)):
                form.set_values(state.options)

    def options(self) -> dict[str, Any]:
        """As chosen in the form."""
        forms = filter(None, (self.form, self.more))
        return {name: value for form in forms for name, value in form.values().items()}

    def editor(self, name: str) -> QWidget:
        """Of one option."""
        for form in filter(None, (self.form, self.more)):
            if name in form.values():
                return form.editor(name)
        raise KeyError(name)

    def _make_forms(self, tool: TextTool, quick: Sequence[str]) -> None:
        for part in (self.form, self.fold):
            if part is not None:
                part.hide()
                part.deleteLater()
        self.form = self.more = self.fold = None
        fields = list(dataclasses.fields(tool.Options))
        first = [field for field in fields if field.name in quick]
        if len(fields) <= FEW or not first:
            first = fields
        rest = [field for field in fields if field not in first]
        values = dataclasses.asdict(tool.Options())
        if first:
            self.form = _form(first, values, self)
            self._form_place.addWidget(self.form)
        if rest:
            self.fold = Fold(self._theme, self.tr("More options"), self)
            self.more = _form(rest, values, self.fold)
            self.fold.body.setContentsMargins(0, 0, 0, 0)
            self.fold.body.addWidget(self.more)
            self._form_place.addWidget(self.fold)

    def _on_theme_changed(self) -> None:
        name = TOOL_ICONS.get(self._tool_id, "list")
        self._mark.setPixmap(icons.pixmap(name, self._theme.hex("hint"), ICON))


def _form(fields: Sequence[Field], values: dict[str, Any], parent: QWidget) -> Form:
    form = Form(fields, values, parent, stacked=True)
    for field in fields:
        editor = form.editor(field.name)
        if editor.maximumWidth() == WIDEST_LINE:
            continue
        if isinstance(editor, QComboBox):
            editor.setFixedWidth(CHOICE_WIDTH)
        else:
            editor.setFixedWidth(max(NUMBER_WIDTH, editor.minimumSizeHint().width()))
    return form
