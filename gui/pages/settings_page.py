"""The settings page: a form for each group of `Settings`, where things are kept, and what this is.

A change takes effect at once. It knows no single setting but the few that need a word more.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine import __version__
from engine.errors import SettingsError
from engine.paths import data_folder
from engine.settings import ENGINE, FOLDED, GROUPS, Settings
from gui.kept_states import KeptStates
from gui.services import Page, Services
from gui.widgets.fold import Fold
from gui.widgets.form import Form, translated
from gui.widgets.kept_state_row import KeptStateRow
from gui.widgets.page_column import PageColumn


class SettingsPage(Page):
    page_id = "settings"

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._forms: list[Form] = []
        self._folds: list[Fold] = []
        self.column = PageColumn(self.tr("Settings"), self)
        for group in GROUPS:
            self._add_group(group)
        self._add_reset()
        self._add_places()
        self._add_about()
        services.settings.changed.connect(self._on_settings_changed)

    def focus_first(self) -> None:
        first = next(iter(self._forms[0].values()))
        self._forms[0].editor(first).setFocus()

    def form_with(self, name: str) -> Form:
        """The form that holds this setting."""
        return next(form for form in self._forms if name in form.values())

    def fold_with(self, name: str) -> Fold | None:
        """What this setting is folded away in, if it is."""
        form = self.form_with(name)
        return next((fold for fold in self._folds if fold.isAncestorOf(form)), None)

    def _add_group(self, group: str) -> None:
        fields = [f for f in dataclasses.fields(Settings) if f.metadata["group"] == group]
        form = Form(fields, dataclasses.asdict(self.services.settings.current), self)
        form.changed.connect(self._on_form_changed)
        self._forms.append(form)
        if group in FOLDED:
            fold = Fold(self.services.theme, translated(group), self)
            fold.body.setContentsMargins(0, 0, 0, 0)
            fold.body.addWidget(form)
            self._folds.append(fold)
            self.column.add_card("", fold)
        elif group == ENGINE:
            both = QWidget(self)
            column = QVBoxLayout(both)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(form)
            column.addWidget(KeptStateRow(KeptStates(self.services.engine, self), both))
            self.column.add_card(translated(group), both)
        else:
            self.column.add_card(translated(group), form)

    def _add_reset(self) -> None:
        self.reset = QPushButton(self.tr("Back to the defaults"), self)
        self.reset.clicked.connect(self._on_reset_clicked)
        self.column.add(self.reset, Qt.AlignmentFlag.AlignLeft)

    def _add_places(self) -> None:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 12, 0, 12)
        line.addWidget(self.column.text(str(data_folder()), row, selectable=True), 1)
        button = QPushButton(self.tr("Open folder"), row)
        button.clicked.connect(self._on_folder_clicked)
        line.addWidget(button)
        self.column.add_card(self.tr("Where conversations and documents are kept"), row)

    def _add_about(self) -> None:
        lines = (
            self.tr("Carrel {version}, under the Apache License 2.0. SQLite {sqlite}.").format(
                version=__version__, sqlite=sqlite3.sqlite_version
            ),
            self.tr(
                "Qt is used through PySide6 under the GNU LGPL 3: its libraries may be replaced by "
                "your own build of them."
            ),
            self.tr("Icons: Lucide (ISC). llama.cpp and llama-cpp-python: MIT."),
            self.tr("Embedded models: SmolLM2 135M Instruct and all-MiniLM-L6-v2 (Apache-2.0)."),
        )
        about = QWidget(self)
        self.column.fill(about, [self.column.text(text, about, kind="mut") for text in lines])
        self.column.add_card(self.tr("About"), about)

    def _change(self, **values: Any) -> None:
        try:
            self.services.settings.change(**values)
        except SettingsError as error:
            self.services.notifications.show_error(error.info())

    def _on_form_changed(self, name: str, value: Any) -> None:
        self._change(**{name: value})
        if name == "language":
            message = self.tr("The language changes when Carrel is started again.")
            self.services.notifications.show_message(message)

    def _on_settings_changed(self, settings: Settings) -> None:
        for form in self._forms:
            form.set_values(dataclasses.asdict(settings))

    def _on_reset_clicked(self) -> None:
        before = dataclasses.asdict(self.services.settings.current)
        try:
            self.services.settings.reset()
        except SettingsError as error:
            self.services.notifications.show_error(error.info())
            return
        self.services.notifications.show_message(
            self.tr("All settings are back to their defaults."),
            self.tr("Undo"),
            lambda: self._change(**before),
        )

    def _on_folder_clicked(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(data_folder()))):
            self.services.notifications.show_message(self.tr("The folder cannot be opened here."))
