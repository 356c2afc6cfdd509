"""Every request gets its own events, on the GUI thread, and one end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from engine.local_client import LocalClient
from engine.protocol import Chat, RequestFinished, new_request_id
from engine.types import FinishReason, Message, ModelSpec, Role
from gui.engine_bridge import EngineBridge
from tests.gui.conftest import flush_deletions


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[EngineBridge]:
    made = EngineBridge(LocalClient("echo"))
    with qtbot.waitSignal(made.worker_ready):
        made.start()
    yield made
    made.close()
    flush_deletions()


def chat(text: str) -> Chat:
    return Chat(new_request_id(), ModelSpec(), (Message(Role.USER, text),))


def test_two_replies_never_mix(bridge: EngineBridge, qtbot: QtBot) -> None:
    owner, texts = QObject(), {"one": "", "two": ""}
    ends: list[RequestFinished] = []

    def listen(name: str) -> None:
        def add(event: object) -> None:
            texts[name] += event.text  # type: ignore[attr-defined]
            assert threading.current_thread() is threading.main_thread()

        reply = bridge.send(chat(f"say {name} and nothing else"), owner)
        reply.delta.connect(add)
        reply.finished.connect(ends.append)

    listen("one")
    listen("two")
    qtbot.waitUntil(lambda: len(ends) == 2)
    assert texts == {name: f"say {name} and nothing else" for name in ("one", "two")}
    assert bridge.open_replies() == []


def test_an_abort_ends_the_reply_with_what_there_is(bridge: EngineBridge, qtbot: QtBot) -> None:
    owner = QObject()
    reply = bridge.send(chat("/slow 200"), owner)
    with qtbot.waitSignal(reply.delta):
        pass
    with qtbot.waitSignal(reply.finished, timeout=2000) as end:
        reply.abort()
    assert end.args[0].finish_reason is FinishReason.ABORT
    assert not reply.is_open


def test_a_known_failure_is_told_as_one(bridge: EngineBridge, qtbot: QtBot) -> None:
    owner = QObject()
    with qtbot.waitSignal(bridge.send(chat("/fail"), owner).failed) as end:
        pass
    assert end.args[0].code == "GENERATION"
    assert end.args[0].hint


def test_a_request_that_cannot_be_sent_fails_like_any_other(
    bridge: EngineBridge, qtbot: QtBot
) -> None:
    owner = QObject()
    with qtbot.waitSignal(bridge.send(chat("broken \ud800"), owner).failed) as end:
        pass
    assert end.args[0].message


def test_late_events_for_a_page_that_is_gone_are_dropped(
    bridge: EngineBridge, qtbot: QtBot
) -> None:
    owner = QObject()
    reply = bridge.send(chat("/slow 5"), owner)
    seen: list[object] = []
    reply.delta.connect(seen.append)
    owner.deleteLater()
    flush_deletions()
    qtbot.wait(400)
    assert seen == []
    assert bridge.open_replies() == []
