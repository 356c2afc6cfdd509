"""A model on a server: nothing is sent before the user agrees, and then the window says where to.

The server is a real one on loopback that plays its part in each test; the echo model answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engine import server_keys
from engine.protocol import KeepServerKey, LoadModel, WorkerDied
from engine.server_address import parse_address
from gui.dialogs.server_dialog import ServerDialog
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.pages.chat_page import ChatPage
from gui.pages.models_page import ModelsPage
from gui.recent_models import entry_of, parts_of
from gui.server_session import ServerSession
from gui.services import Services
from tests.engine.rude_server import MODEL, RudeServer
from tests.gui.conftest import flush_deletions

KEY = "sk-amber-otter-5512"
OTHER = "rude-70b"


@pytest.fixture
def rude(monkeypatch: pytest.MonkeyPatch) -> Iterator[RudeServer]:
    monkeypatch.setattr(server_keys, "_this_session", {})
    monkeypatch.setattr(server_keys, "_seen", {})
    with RudeServer() as server:
        server.models = lambda talk: talk.status(200, {"data": [{"id": MODEL}, {"id": OTHER}]})
        yield server


@pytest.fixture
def models(app_window: MainWindow, services: Services, qtbot: QtBot) -> ModelsPage:
    qtbot.waitUntil(lambda: services.model.state == "ready")
    app_window.open_page("models")
    page = app_window.page("models")
    assert isinstance(page, ModelsPage)
    return page


def answer_dialog(accept: bool, seen: list[str]) -> None:
    """Press a button of the dialog that opens next, and note what it said."""

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, ServerDialog):
            QTimer.singleShot(20, press)
            return
        seen.append(" ".join(label.text() for label in dialog.findChildren(QLabel)))
        dialog.go.click() if accept else dialog.reject()

    QTimer.singleShot(0, press)


def connect(models: ModelsPage, qtbot: QtBot, address: str, key: str = "") -> list[str]:
    """Type, agree, and wait for what the server says."""
    said: list[str] = []
    server = models.server
    server.address.setText(address)
    server.key.setText(key)
    if not models.services.servers.is_agreed(parse_address(address)):
        answer_dialog(True, said)
    qtbot.mouseClick(server.connect_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not models.services.servers.is_looking, timeout=8000)
    return said


def use(models: ModelsPage, qtbot: QtBot, name: str) -> None:
    models.server.choice.setCurrentText(name)
    qtbot.mouseClick(models.server.use, Qt.MouseButton.LeftButton)
    model = models.services.model
    qtbot.waitUntil(lambda: model.state == "ready" and model.spec().remote_model == name)


def everything_shown(window: QWidget) -> str:
    widgets = [*window.findChildren(QLabel), *window.findChildren(QLineEdit)]
    return "\n".join(w.text() + w.toolTip() for w in widgets if w.isVisible())


def test_nothing_is_sent_before_the_user_agrees(
    models: ModelsPage, rude: RudeServer, qtbot: QtBot
) -> None:
    said: list[str] = []
    models.server.address.setText(rude.address)
    answer_dialog(False, said)
    qtbot.mouseClick(models.server.connect_button, Qt.MouseButton.LeftButton)
    qtbot.wait(50)
    assert rude.host in said[0]
    assert rude.seen == []
    assert not models.services.servers.is_looking
    said = connect(models, qtbot, rude.address)
    assert "are sent to" in said[0]
    assert len(rude.seen) == 1
    connect(models, qtbot, rude.address)  # agreed to once and for all
    assert len(rude.seen) == 2


def test_agreement_is_kept_for_this_server_alone(services: Services) -> None:
    servers = services.servers
    servers.agree(parse_address("https://gpu.example.org/v1"))
    again = ServerSession(services.engine, services.engine)
    assert again.is_agreed(parse_address("https://gpu.example.org/other/v1"))
    assert not again.is_agreed(parse_address("http://gpu.example.org/v1"))
    assert not again.is_agreed(parse_address("https://gpu.example.org:8443/v1"))


def test_a_text_that_goes_out_unencrypted_is_said_before(app_window: MainWindow) -> None:
    for address, warned in (
        ("http://192.168.1.20:8000", True),
        ("https://192.168.1.20:8000", False),
        ("http://127.0.0.1:8000", False),
    ):
        dialog = ServerDialog(parse_address(address), app_window)
        said = " ".join(label.text() for label in dialog.findChildren(QLabel))
        assert ("may read along" in said) is warned
        assert ("leave this computer" in said) is ("127" not in address)
        dialog.deleteLater()
    flush_deletions()


def test_every_page_says_where_text_goes_and_stops_saying_it(
    models: ModelsPage, rude: RudeServer, app_window: MainWindow, page: ChatPage, qtbot: QtBot
) -> None:
    connect(models, qtbot, rude.address)
    assert "The server answers" in models.server.status_text()
    assert "Offline" in page.list.badge.label.text()  # it was only asked what it has
    assert not app_window._notice.isVisible()
    use(models, qtbot, OTHER)
    assert models.services.settings.current.model_path == rude.address
    assert models.services.settings.current.remote_model == OTHER
    for entry in PAGES:
        app_window.open_page(entry.page_id)
        assert app_window._notice.isVisible()
        assert rude.host in app_window._notice.label.text()
    app_window.open_page("chat")
    assert rude.host in page.list.badge.label.text()
    assert "Offline" not in everything_shown(app_window)
    assert "runs on this computer" not in everything_shown(page)
    chip = page.header.chip
    assert rude.host in chip.text()
    assert "Text is sent" in chip.toolTip()
    app_window.open_page("models")
    qtbot.mouseClick(models.server.leave, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: models.services.settings.current.model_path == "")
    assert not app_window._notice.isVisible()
    assert "Offline" in page.list.badge.label.text()
    assert models.services.settings.current.remote_model == ""


def test_the_only_model_of_a_server_is_used_at_once(
    models: ModelsPage, rude: RudeServer, qtbot: QtBot
) -> None:
    rude.models = lambda talk: talk.status(200, {"data": [{"id": MODEL}]})
    connect(models, qtbot, rude.host)
    settings = models.services.settings
    qtbot.waitUntil(lambda: settings.current.model_path == rude.address)
    assert settings.current.remote_model == MODEL
    assert models.server.connect_button.text() == "Test"
    assert not models.server.use.isEnabled()


def test_a_key_is_sent_once_typed_and_never_shown_or_written(
    models: ModelsPage, rude: RudeServer, home: Path, app_window: MainWindow, qtbot: QtBot
) -> None:
    connect(models, qtbot, rude.address, KEY)
    assert rude.seen[-1].headers["authorization"] == f"Bearer {KEY}"
    assert models.server.key.text() == ""
    assert models.server.key.echoMode() is QLineEdit.EchoMode.Password
    assert "no keyring" in models.server.status_text()
    use(models, qtbot, MODEL)
    assert KEY not in everything_shown(app_window)
    for path in home.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes(), path
    connect(models, qtbot, rude.address)
    assert rude.seen[-1].headers["authorization"] == f"Bearer {KEY}"
    qtbot.mouseClick(models.server.forget, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not models.services.servers.is_looking)
    connect(models, qtbot, rude.address)
    assert "authorization" not in map(str.lower, rude.seen[-1].headers)


def test_a_worker_that_was_started_again_has_the_key_before_it_loads(
    models: ModelsPage, rude: RudeServer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(models, qtbot, rude.address, KEY)
    use(models, qtbot, MODEL)
    engine, sent = models.services.engine, []
    send = engine.client.send
    monkeypatch.setattr(
        engine.client, "send", lambda request: (sent.append(request), send(request))
    )
    engine.worker_died.emit(WorkerDied(-9, "log", True))
    engine.worker_ready.emit(None)
    qtbot.waitUntil(lambda: models.services.model.state == "ready")
    kinds = [type(request) for request in sent]
    assert kinds.index(KeepServerKey) < kinds.index(LoadModel)


def test_a_key_that_is_wrong_is_asked_for_again(
    models: ModelsPage, rude: RudeServer, qtbot: QtBot
) -> None:
    rude.models = lambda talk: talk.status(401)
    connect(models, qtbot, rude.address, KEY)
    assert "did not accept the key" in models.server.status_text()
    assert models.window().focusWidget() is models.server.key
    assert not models.server.choice.isVisible()
    assert models.services.settings.current.model_path == ""


@pytest.mark.parametrize(
    ("typed", "told"), [("ftp://x", "begins with http"), ("http://a b", "no address")]
)
def test_what_is_no_address_is_told_in_its_place(
    models: ModelsPage, typed: str, told: str, qtbot: QtBot
) -> None:
    models.server.address.setText(typed)
    qtbot.keyClick(models.server.address, Qt.Key.Key_Return)
    assert told in models.server.status_text()


def test_a_server_that_does_not_answer_can_be_left(
    models: ModelsPage, rude: RudeServer, qtbot: QtBot
) -> None:
    rude.models = lambda talk: talk.wait_until_left() and None
    server, servers = models.server, models.services.servers
    servers.agree(parse_address(rude.address))
    server.address.setText(rude.address)
    qtbot.mouseClick(server.connect_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(rude.seen) == 1)
    assert server.connect_button.text() == "Stop"
    qtbot.mouseClick(server.connect_button, Qt.MouseButton.LeftButton)
    assert not servers.is_looking
    assert server.connect_button.text() == "Connect"


def test_a_server_stays_in_the_list_and_can_be_used_again(
    models: ModelsPage, rude: RudeServer, qtbot: QtBot
) -> None:
    connect(models, qtbot, rude.address)
    use(models, qtbot, OTHER)
    use(models, qtbot, MODEL)
    entries = [row.path for row in models.list.rows()]
    assert entries == ["", entry_of(rude.address, MODEL), entry_of(rude.address, OTHER)]
    row = models.list.rows()[2]
    qtbot.mouseClick(row.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: models.services.settings.current.remote_model == OTHER)
    for entry in entries:
        assert entry_of(*parts_of(entry)) == entry


def test_a_folder_of_safetensors_can_be_opened(
    models: ModelsPage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "SmolLM2-135M"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    qtbot.mouseClick(models.folder_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: models.services.settings.current.model_path == str(folder))
    assert models.list.rows()[1].path == str(folder)
