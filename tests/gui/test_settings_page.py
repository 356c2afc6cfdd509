"""A setting takes effect at once, is kept, and can be taken back."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from engine.paths import settings_file
from engine.settings import Settings
from gui.main_window import MainWindow
from gui.pages.settings_page import SettingsPage
from gui.services import Services


@pytest.fixture
def page(app_window: MainWindow, services: Services) -> SettingsPage:
    app_window.open_page("settings")
    page = app_window.page("settings")
    assert isinstance(page, SettingsPage)
    return page


def told(services: Services, window: MainWindow) -> str:
    return " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_the_theme_changes_at_once_and_is_kept(page: SettingsPage, services: Services) -> None:
    choice = page.form_with("theme").editor("theme")
    assert isinstance(choice, QComboBox)
    choice.setCurrentIndex(choice.findData("dark"))
    assert services.theme.is_dark()
    assert json.loads(settings_file().read_text("utf-8"))["theme"] == "dark"


def test_back_to_the_defaults_can_be_undone(
    page: SettingsPage, services: Services, app_window: MainWindow, qtbot: QtBot
) -> None:
    heat = page.form_with("temperature").editor("temperature")
    assert isinstance(heat, QDoubleSpinBox)
    default = heat.value()
    heat.setValue(1.25)
    assert services.settings.current.temperature == 1.25
    qtbot.mouseClick(page.reset, Qt.MouseButton.LeftButton)
    assert heat.value() == default
    undo = next(b for b in app_window.findChildren(QPushButton) if b.text() == "Undo")
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert heat.value() == 1.25


def test_what_few_need_is_folded_away_until_asked_for(page: SettingsPage, qtbot: QtBot) -> None:
    fold = page.fold_with("top_k")
    assert fold is not None
    assert page.fold_with("temperature") is None
    editor = page.form_with("top_k").editor("top_k")
    assert not editor.isVisible()
    qtbot.mouseClick(fold.button, Qt.MouseButton.LeftButton)
    assert editor.isVisible()
    assert isinstance(editor, QSpinBox)
    editor.setValue(0)
    assert page.services.settings.current.top_k == 0


def test_an_answers_form_is_a_schema_or_a_grammar_never_both(
    page: SettingsPage, services: Services, qtbot: QtBot
) -> None:
    form = page.form_with("answer_form")
    choice, schema = form.editor("answer_form"), form.editor("json_schema")
    assert isinstance(choice, QComboBox)
    assert isinstance(schema, QPlainTextEdit)
    assert not schema.isVisible()
    choice.setCurrentIndex(choice.findData("json_schema"))
    assert schema.isVisible()
    assert not form.editor("grammar").isVisible()
    qtbot.keyClicks(schema, '{"type": ')
    qtbot.waitUntil(lambda: "not valid JSON (line 1" in form.remark("json_schema"), timeout=3000)
    assert services.settings.current.generation_params().json_schema is None
    qtbot.keyClicks(schema, '"object"}')
    qtbot.waitUntil(lambda: form.remark("json_schema") == "", timeout=3000)
    params = services.settings.current.generation_params()
    assert (params.json_schema, params.grammar) == ({"type": "object"}, "")
    services.settings.change(answer_form="grammar", grammar='root ::= "yes"')
    params = services.settings.current.generation_params()
    assert (params.json_schema, params.grammar) == (None, 'root ::= "yes"')


def test_every_setting_says_what_it_does(page: SettingsPage) -> None:
    plain = {"theme", "temperature", "language"}
    for field in dataclasses.fields(Settings):
        if field.metadata["group"] and field.name not in plain:
            assert len(field.metadata["help"]) > 20, field.name
            editor = page.form_with(field.name).editor(field.name)
            assert editor.accessibleDescription() == field.metadata["help"]


def test_the_language_says_that_it_needs_a_start(
    page: SettingsPage, services: Services, app_window: MainWindow
) -> None:
    choice = page.form_with("language").editor("language")
    assert isinstance(choice, QComboBox)
    choice.setCurrentIndex(choice.findData("zh_CN"))
    assert "started again" in told(services, app_window)


def test_settings_that_cannot_be_saved_are_told_and_still_used(
    page: SettingsPage, services: Services, app_window: MainWindow, tmp_path: Path
) -> None:
    folder = settings_file().parent
    if folder.exists():
        os.rename(folder, tmp_path / "moved")
    folder.write_text("a file stands where the folder should be")
    heat = page.form_with("temperature").editor("temperature")
    assert isinstance(heat, QDoubleSpinBox)
    heat.setValue(0.9)
    assert services.settings.current.temperature == 0.9
    text = told(services, app_window)
    assert "could not be saved" in text
    assert "write permission" in text
