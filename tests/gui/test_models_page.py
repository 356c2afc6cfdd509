"""The models page says which model answers, where, why, and what to do when a file is no model."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.pages.models_page import ModelsPage
from gui.recent_models import MOST, RecentModels
from gui.services import Services
from gui.widgets.model_list import ModelRow
from gui.widgets.model_summary import counted
from tests.screenshot_pages_models import SMALL


@pytest.fixture
def page(app_window: MainWindow, services: Services, qtbot: QtBot) -> ModelsPage:
    qtbot.waitUntil(lambda: services.model.state == "ready")
    app_window.open_page("models")
    page = app_window.page("models")
    assert isinstance(page, ModelsPage)
    return page


@pytest.fixture
def other(tmp_path: Path) -> str:
    path = tmp_path / "other.gguf"
    path.write_bytes(b"the echo model reads no files")
    return str(path)


def shown(page: ModelsPage) -> str:
    texts = [w.text() for w in page.findChildren(QLabel) if w.isVisible()]
    return "\n".join(texts + [w.text() for w in page.findChildren(QLineEdit) if w.isVisible()])


def row(page: ModelsPage, path: str) -> ModelRow:
    return next(row for row in page.list.rows() if row.path == path)


def test_it_says_which_model_answers_on_which_device_and_why(
    page: ModelsPage, services: Services
) -> None:
    services.model.info = SMALL
    services.model.changed.emit()
    device = SMALL.device
    for fact in (SMALL.name, device.name, device.reason, SMALL.sha256, SMALL.quantization):
        assert fact in shown(page)
    assert "135 million parameters" in page.summary.facts.text()
    assert "98 MB" in page.summary.facts.text()
    assert counted(SMALL.n_ctx_train) in page.details.value("context")


def test_what_was_chosen_for_this_machine_is_told_with_its_reasons(
    page: ModelsPage, services: Services
) -> None:
    assert not page.details.choices_box.isVisibleTo(page)
    reasons = ("2 threads: 118 tokens/s measured, 71 with 1.", "The context was made smaller.")
    services.model.info = msgspec.structs.replace(SMALL, choices=reasons)
    services.model.changed.emit()
    assert page.details.choices.text() == "\n".join(reasons)
    assert page.details.choices_box.isVisibleTo(page)


def test_only_a_small_model_is_called_small(page: ModelsPage, services: Services) -> None:
    services.model.info = SMALL
    services.model.changed.emit()
    assert page.summary.is_small_said()
    assert "often wrong" in shown(page)
    services.model.info = msgspec.structs.replace(SMALL, parameter_count=8_190_735_360)
    services.model.changed.emit()
    assert not page.summary.is_small_said()
    assert "8.2 billion parameters" in page.summary.facts.text()


def test_the_hash_can_be_selected_and_copied(
    page: ModelsPage, services: Services, qtbot: QtBot
) -> None:
    assert services.model.info is not None
    copy = next(b for b in page.findChildren(QToolButton) if "SHA-256" in b.accessibleName())
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == services.model.info.sha256
    line = next(w for w in page.findChildren(QLineEdit) if w.accessibleName() == "SHA-256")
    line.selectAll()
    assert line.selectedText() == services.model.info.sha256
    assert line.isReadOnly()


def test_template_and_metadata_are_folded_away_until_asked_for(
    page: ModelsPage, services: Services
) -> None:
    details = page.details
    assert not details.template.isVisible()
    assert not details.metadata.isVisible()
    details.template_fold.button.click()
    details.metadata_fold.button.click()
    assert details.template.isVisible()
    assert details.metadata.isVisible()
    assert services.model.info is not None
    assert details.template.toPlainText() == services.model.info.chat_template
    assert "general.name = Echo" in details.metadata.toPlainText()


def test_metadata_can_be_searched(page: ModelsPage, services: Services, qtbot: QtBot) -> None:
    services.model.info = SMALL
    services.model.changed.emit()
    page.details.metadata_fold.button.click()
    qtbot.keyClicks(page.details.filter, "BLOCK")
    assert page.details.metadata.toPlainText() == "llama.block_count = 30"
    page.details.filter.setText("no such thing")
    assert "llama" not in page.details.metadata.toPlainText()
    assert page.details.metadata.toPlainText()


def test_a_missing_file_is_told_once_with_what_to_do_and_the_model_stays(
    page: ModelsPage, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    before = services.model.info
    with qtbot.waitSignal(services.model.load_failed):
        assert page.accept_files([tmp_path / "gone.gguf"])
    qtbot.waitUntil(lambda: services.model.state == "ready")
    assert services.model.info == before
    assert page.trouble.isVisible()
    assert "does not exist" in page.trouble.message.text()
    assert "Choose another" in page.trouble.hint.text()
    assert services.settings.current.model_path == ""
    assert services.notifications.toasts() == []
    assert [row.path for row in page.list.rows()] == [""]


def test_a_failure_on_another_page_is_told_there(
    page: ModelsPage, services: Services, app_window: MainWindow, qtbot: QtBot
) -> None:
    app_window.open_page("chat")
    with qtbot.waitSignal(services.model.load_failed):
        services.model.load("/nowhere/gone.gguf")
    qtbot.waitUntil(lambda: services.model.state == "ready")
    assert "does not exist" in services.notifications.toasts()[0].text()


def test_another_file_is_loaded_chosen_listed_and_can_be_left_again(
    page: ModelsPage, services: Services, other: str, qtbot: QtBot
) -> None:
    page.accept_files([Path(other)])
    qtbot.waitUntil(lambda: services.settings.current.model_path == other)
    qtbot.waitUntil(lambda: [row.path for row in page.list.rows()] == ["", other])
    assert not row(page, other).use.isVisible()
    qtbot.mouseClick(row(page, "").use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: services.settings.current.model_path == "")
    qtbot.mouseClick(row(page, other).use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: services.settings.current.model_path == other)


def test_a_listed_file_can_be_forgotten_and_stays_on_the_disk(
    page: ModelsPage, services: Services, other: str, qtbot: QtBot
) -> None:
    page.accept_files([Path(other)])
    qtbot.waitUntil(lambda: services.settings.current.model_path == other)
    services.model.load(None)
    qtbot.waitUntil(lambda: row(page, other).forget.isVisible())
    qtbot.mouseClick(row(page, other).forget, Qt.MouseButton.LeftButton)
    assert [row.path for row in page.list.rows()] == [""]
    assert Path(other).exists()


def test_recent_models_are_few_the_latest_first_and_kept(carrel_home: Path) -> None:
    recent = RecentModels()
    for number in range(MOST + 3):
        recent.add(f"/models/模型 {number}, the one & only.gguf")
    recent.add("/models/模型 5, the one & only.gguf")
    kept = RecentModels().paths()
    assert len(kept) == MOST
    assert kept[0] == "/models/模型 5, the one & only.gguf"
    assert len(set(kept)) == MOST
    for path in kept[1:]:
        recent.forget(path)
    assert RecentModels().paths() == kept[:1]


def test_while_a_model_loads_it_shows_how_far_and_stop_keeps_the_one_before(
    page: ModelsPage, services: Services, other: str, qtbot: QtBot
) -> None:
    before = services.model.info
    page.accept_files([Path(other)])
    assert page.progress.isVisible()
    assert "other.gguf" in page.progress.text()
    stop = next(b for b in page.progress.findChildren(QPushButton) if b.text() == "Stop")
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: services.model.state == "ready")
    assert not page.progress.isVisible()
    # The echo model may have been quicker than the hand.
    assert services.model.info == before or services.settings.current.model_path == other


def test_only_models_are_taken(page: ModelsPage, tmp_path: Path) -> None:
    assert not page.accept_files([tmp_path / "letter.pdf"])
