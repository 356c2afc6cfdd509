"""What the models keep of conversations is told, can be cleared, and goes with what was said."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.protocol import Chat, KeptState, KeptStateInfo, RequestFinished
from engine.types import FinishReason
from gui.app import Carrel
from gui.kept_states import KeptStates
from gui.main_window import MainWindow
from gui.pages.chat_page import ChatPage
from gui.services import Services
from gui.widgets.kept_state_row import KeptStateRow
from tests.gui.conftest import Say


@pytest.fixture
def asked(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the engine is asked; it answers what it keeps: one file less each time."""
    found: list[Any] = []
    send = services.engine.client.send

    def note(request: Any) -> None:
        found.append(request)
        if not isinstance(request, KeptState):
            send(request)
            return
        files = 0 if request.forget_all else 3
        services.engine._arrived.emit(
            RequestFinished(
                request.request_id,
                FinishReason.STOP,
                result={"files": files, "bytes": files * 1_500_000},
            )
        )

    monkeypatch.setattr(services.engine.client, "send", note)
    return found


def of_kind(asked: list[Any], kind: type) -> list[Any]:
    return [request for request in asked if isinstance(request, kind)]


def test_every_chat_says_for_which_conversation_and_how_much_may_be_kept(
    page: ChatPage, say: Say, services: Services, asked: list[Any]
) -> None:
    services.settings.change(kv_disk_mb=77)
    answer = say("hello").message
    page.new_chat()
    other = say("hello again").message
    chats = of_kind(asked, Chat)
    assert [c.conversation for c in chats] == [
        *(str(answer.conversation_id), str(other.conversation_id))
    ]
    assert {c.kv_disk_mb for c in chats} == {77}


def test_deleting_a_conversation_has_it_forgotten(
    page: ChatPage, say: Say, asked: list[Any], qtbot: QtBot
) -> None:
    answer = say("a secret").message
    conversation = page.session.conversation
    page.list.delete_asked.emit(conversation)
    qtbot.waitUntil(lambda: bool(of_kind(asked, KeptState)))
    assert of_kind(asked, KeptState)[0].forget == (str(answer.conversation_id),)


def test_what_was_removed_for_good_at_the_start_is_forgotten(
    carrel: Carrel, services: Services, asked: list[Any]
) -> None:
    services.storage.purged = (3, 8)
    carrel._on_storage_opened([])
    assert of_kind(asked, KeptState)[0].forget == ("3", "8")


def test_the_settings_page_tells_how_much_is_kept_and_clears_it(
    app_window: MainWindow, services: Services, asked: list[Any], qtbot: QtBot
) -> None:
    app_window.open_page("settings")
    row = app_window.page("settings").findChild(KeptStateRow)
    assert row is not None
    qtbot.waitUntil(lambda: row.words.text() == "On disk now: 4.5 MB of 3 conversation(s)")
    qtbot.mouseClick(row.clear, Qt.MouseButton.LeftButton)
    assert of_kind(asked, KeptState)[-1].forget_all
    qtbot.waitUntil(lambda: row.words.text() == "Nothing is kept on disk now.")
    assert not row.clear.isEnabled()


def test_the_engine_itself_answers(services: Services, qtbot: QtBot) -> None:
    states = KeptStates(services.engine, services.engine)
    with qtbot.waitSignals([states.told], timeout=4000) as _:
        states.ask()
    told: list[KeptStateInfo] = []
    states.told.connect(told.append)
    states.forget((1, 2))
    qtbot.waitUntil(lambda: bool(told))
    assert told[0] == KeptStateInfo(0, 0)
