"""The models page says which model answers, where, why, and what to do when a file is no model."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.pages.models_page import ModelsPage
from gui.services import Services


@pytest.fixture
def page(app_window: MainWindow, services: Services, qtbot: QtBot) -> ModelsPage:
    qtbot.waitUntil(lambda: services.model.state == "ready")
    app_window.open_page("models")
    page = app_window.page("models")
    assert isinstance(page, ModelsPage)
    return page


def shown(page: ModelsPage) -> str:
    lines = [line.text() for line in page.findChildren(QLineEdit)]
    return "\n".join([label.text() for label in page.findChildren(QLabel)] + lines)


def test_it_says_which_model_answers_on_which_device_and_why(
    page: ModelsPage, services: Services
) -> None:
    info = services.model.info
    assert info is not None
    for fact in (info.name, info.device.name, info.device.reason, info.sha256, info.quantization):
        assert fact in shown(page)


def test_the_hash_can_be_copied(page: ModelsPage, services: Services, qtbot: QtBot) -> None:
    copy = next(b for b in page.findChildren(QPushButton) if "SHA-256" in b.text())
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert services.model.info is not None
    assert QGuiApplication.clipboard().text() == services.model.info.sha256


def test_template_and_metadata_are_folded_away_until_asked_for(
    page: ModelsPage, services: Services, qtbot: QtBot
) -> None:
    texts = page.findChildren(QPlainTextEdit)
    assert [text.isVisible() for text in texts] == [False, False]
    for button in [b for b in page.findChildren(QPushButton) if b.isCheckable()]:
        button.click()
    assert [text.isVisible() for text in texts] == [True, True]
    assert services.model.info is not None
    assert texts[0].toPlainText() == services.model.info.chat_template
    assert "general.name = Echo" in texts[1].toPlainText()


def test_a_missing_file_is_told_with_what_to_do_and_the_model_stays(
    page: ModelsPage, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    before = services.model.info
    with qtbot.waitSignal(services.model.load_failed):
        assert page.accept_files([tmp_path / "gone.gguf"])
    qtbot.waitUntil(lambda: services.model.state == "ready")
    assert services.model.info == before
    assert "does not exist" in page.state.text()
    assert "Choose another" in page.state.text()
    assert services.settings.current.model_path == ""


def test_another_file_is_loaded_chosen_and_can_be_left_again(
    page: ModelsPage, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"the echo model reads no files")
    page.accept_files([other])
    qtbot.waitUntil(lambda: services.settings.current.model_path == str(other))
    assert str(other) in shown(page)
    qtbot.mouseClick(page.embedded_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: services.settings.current.model_path == "")


def test_only_models_are_taken(page: ModelsPage, tmp_path: Path) -> None:
    assert not page.accept_files([tmp_path / "letter.pdf"])
