"""The options of a text tool that are changed most, as small menus above its result.

Choosing another value asks for a run with it. It knows fields, no text tool.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from gui import icons
from gui.theme import Theme
from gui.widgets.form import translated

Field = dataclasses.Field[Any]
ICON = 16


class QuickOptions(QWidget):
    """`chosen` gives all options, the changed one among them."""

    chosen = Signal(object)  # dict

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: dict[str, Any] = {}
        self._fields: dict[str, Field] = {}
        self.buttons: dict[str, QPushButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(20, 0, 20, 8)
        self._row.setSpacing(6)
        self._row.addStretch(1)
        theme.changed.connect(self._recolor)

    def offer(self, fields: Sequence[Field]) -> None:
        """A menu for each of these; they have choices."""
        for button in self.buttons.values():
            button.hide()
            button.deleteLater()
        self.buttons, self._fields = {}, {field.name: field for field in fields}
        for place, field in enumerate(fields):
            self.buttons[field.name] = button = self._menu_button(field)
            self._row.insertWidget(place, button)
        self._recolor()

    def show_values(self, values: dict[str, Any], can_choose: bool) -> None:
        """What made the result that is shown; while it runs, nothing can be chosen."""
        self._values = values
        for name, field in self._fields.items():
            button, value = self.buttons[name], values.get(name, field.default)
            labels = dict(field.metadata["choices"])
            label = translated(field.metadata["label"])
            button.setText(translated(labels.get(value, str(value))))
            button.setAccessibleName(f"{label}: {button.text()}")
            button.setToolTip(label)
            button.setEnabled(can_choose)
            for action in button.menu().actions():
                action.setChecked(action.data() == value)

    def _menu_button(self, field: Field) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", "option")
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the sign behind the word
        button.setIconSize(QSize(ICON, ICON))
        menu, group = QMenu(button), QActionGroup(button)
        for value, label in field.metadata["choices"]:
            action = menu.addAction(translated(label))
            action.setData(value)
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _, v=value: self._choose(field.name, v))
        button.setMenu(menu)
        return button

    def _choose(self, name: str, value: Any) -> None:
        if value != self._values.get(name, self._fields[name].default):
            self.chosen.emit({**self._values, name: value})

    def _recolor(self) -> None:
        sign = icons.icon("chevron-down", self._theme.hex("mut"), ICON)
        for button in self.buttons.values():
            button.setIcon(sign)
