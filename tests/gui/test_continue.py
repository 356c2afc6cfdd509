"""An answer that was cut goes on in a version of its own; what was there stays."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.protocol import Chat, RequestFailed
from engine.storage.records import MessageStatus, StoredMessage
from engine.types import Role
from gui.pages.chat_page import ChatPage
from gui.services import Services
from tests.gui.conftest import Say


def stopped(page: ChatPage, qtbot: QtBot, text: str = "/slow 40") -> StoredMessage:
    """An answer that was stopped after some words."""
    page.session.send(text)
    qtbot.waitUntil(lambda: bool((r := page.session.running_reply()) and len(r.text) > 20))
    page.session.stop()
    qtbot.waitUntil(lambda: not page.session.is_busy())
    return page.session.branch[-1]


def test_continue_goes_on_in_a_sibling_and_overwrites_nothing(
    page: ChatPage, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stopped(page, qtbot)
    view = page.transcript.last_answer()
    assert view is not None
    sent: list[Any] = []
    send = services.engine.client.send
    monkeypatch.setattr(services.engine.client, "send", lambda r: (sent.append(r), send(r)))
    qtbot.mouseClick(view.footer.go_on, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.session.branch[-1].id != first.id)
    shown = page.transcript.last_answer()
    assert shown is not None
    # What there was is seen at once, and what comes is added to it.
    qtbot.waitUntil(lambda: shown.markdown.markdown().startswith(first.content))
    qtbot.waitUntil(lambda: len(shown.markdown.markdown()) > len(first.content))
    assert page.session.is_busy()
    qtbot.waitUntil(lambda: not page.session.is_busy(), timeout=8000)
    answer = page.session.branch[-1]
    assert answer.content == "".join(f"word{i} " for i in range(40))
    assert answer.sibling_ids == (first.id, answer.id)
    assert answer.status is MessageStatus.COMPLETE
    (request,) = [request for request in sent if isinstance(request, Chat)]
    assert request.messages[-1].role is Role.ASSISTANT
    assert request.messages[-1].content == first.content
    assert "Continue" not in " ".join(m.content for m in page.session.branch)
    with qtbot.waitSignal(page.session.branch_changed):
        page.session.select(first.id)
    assert page.session.branch[-1].content == first.content


def test_while_it_waits_to_go_on_the_text_so_far_is_seen(
    page: ChatPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stopped(page, qtbot)
    held: list[Any] = []
    with monkeypatch.context() as patch:
        patch.setattr(page.services.engine.client, "send", held.append)
        page.session.continue_answer(first)
        qtbot.waitUntil(lambda: bool(held))
        view = page.transcript.last_answer()
        assert view is not None
        qtbot.waitUntil(lambda: view.markdown.isVisible() and bool(view.waiting_text()))
        assert view.markdown.markdown() == first.content
    page.services.engine.client.send(held[0])
    qtbot.waitUntil(lambda: view.waiting_text() == "")
    page.session.stop()
    qtbot.waitUntil(lambda: not page.session.is_busy())
    assert page.session.branch[-1].content.startswith(first.content)


def test_an_answer_cut_at_its_longest_offers_to_go_on(
    page: ChatPage, services: Services, say: Say, qtbot: QtBot
) -> None:
    services.settings.change(max_tokens=3)
    view = say("one two three four five")
    assert view.message.status is MessageStatus.COMPLETE
    assert view.footer.go_on.isVisible()
    page.session.continue_answer(view.message)
    qtbot.waitUntil(lambda: len(page.session.branch[-1].sibling_ids) == 2)
    qtbot.waitUntil(lambda: not page.session.is_busy())
    assert page.session.branch[-1].content == "one two three four five"
    whole = page.transcript.last_answer()
    assert whole is not None
    assert not whole.footer.go_on.isVisible()


def test_a_continuation_that_fails_keeps_the_text_it_began_with(
    page: ChatPage, services: Services, qtbot: QtBot
) -> None:
    from engine.errors import GenerationError

    first = stopped(page, qtbot, "/slow 200")
    page.session.continue_answer(first)
    qtbot.waitUntil(lambda: page.session.running_reply() is not None)
    reply = services.engine.open_replies()[-1]
    error = GenerationError("It failed.").info()
    services.engine._arrived.emit(RequestFailed(reply.request.request_id, error))
    qtbot.waitUntil(lambda: not page.session.is_busy())
    answer = page.session.branch[-1]
    assert answer.status is MessageStatus.FAILED
    assert answer.content.startswith(first.content)
    reply.is_open = True
    reply.abort()


def test_a_whole_answer_does_not_offer_to_go_on(say: Say) -> None:
    assert not say("hello").footer.go_on.isVisible()
