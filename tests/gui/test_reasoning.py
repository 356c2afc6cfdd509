"""What a model thinks is shown apart from its answer, kept, and never taken for the answer."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.protocol import Chat
from engine.storage.records import MessageStatus
from gui.pages.chat_page import ChatPage
from gui.services import Services
from gui.widgets.answer_view import AnswerView
from tests.gui.conftest import Say


def thinking_view(page: ChatPage, qtbot: QtBot, text: str) -> AnswerView:
    """An answer that is being thought about."""
    page.session.send(text)
    qtbot.waitUntil(lambda: bool((r := page.session.running_reply()) and r.reasoning))
    view = page.transcript.last_answer()
    assert view is not None
    return view


def test_thinking_is_seen_folds_and_ends_with_its_time(page: ChatPage, qtbot: QtBot) -> None:
    view = thinking_view(page, qtbot, "/think 12")
    block = view.reasoning
    assert block is not None
    assert block.is_thinking()
    assert block.button.text() == "Thinking"
    assert view.waiting_text() == ""
    block.button.click()
    assert block._text is not None
    assert block._text.isVisible()
    qtbot.waitUntil(lambda: "thought3 " in block._text.toPlainText())
    qtbot.waitUntil(lambda: not page.session.is_busy(), timeout=8000)
    assert not block.is_thinking()
    assert block.button.text() == "Thought for 1 s"
    assert block._text.toPlainText() == "".join(f"thought{i} " for i in range(12))
    assert view.markdown.toPlainText().strip() == "Having thought, yes."
    block.button.click()
    assert not block._text.isVisible()


def test_reasoning_is_not_copied_and_not_sent_back(
    page: ChatPage, say: Say, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = say("/think 3")
    view.copy()
    assert QApplication.clipboard().text() == "Having thought, yes."
    sent: list[Any] = []
    send = services.engine.client.send
    monkeypatch.setattr(services.engine.client, "send", lambda r: (sent.append(r), send(r)))
    say("and then?")
    (request,) = [request for request in sent if isinstance(request, Chat)]
    assert [m.content for m in request.messages] == [
        *("/think 3", "Having thought, yes.", "and then?")
    ]


def test_reasoning_is_there_after_reopening(page: ChatPage, say: Say, qtbot: QtBot) -> None:
    thought = say("/think 3").message
    assert thought.reasoning == "thought0 thought1 thought2 "
    page.new_chat()
    with qtbot.waitSignal(page.session.opened):
        page.session.open(thought.conversation_id)
    view = page.transcript.last_answer()
    assert view is not None
    assert view.reasoning is not None
    assert view.reasoning.text() == thought.reasoning
    assert not view.reasoning.is_thinking()


def test_a_thought_in_mid_air_is_flushed_and_kept_when_stopped(
    page: ChatPage, services: Services, qtbot: QtBot
) -> None:
    view = thinking_view(page, qtbot, "/think 200")
    conversation = page.session.conversation
    assert conversation is not None
    found: list[str] = []

    def look() -> bool:
        storage = services.storage
        services.background.run(
            page, lambda: storage.conversations.branch(conversation.id)[-1].reasoning
        ).then(found.append)
        return bool(found and found[-1])

    qtbot.waitUntil(look, timeout=4000)
    assert found[-1].startswith("thought0 thought1 ")
    page.session.stop()
    qtbot.waitUntil(lambda: not page.session.is_busy())
    assert view.message.status is MessageStatus.STOPPED
    assert view.message.content == ""
    assert view.message.reasoning.startswith(found[-1])
    assert view.reasoning is not None
    assert view.reasoning.button.text().startswith("Thought for")
    assert not view.footer.go_on.isVisible()


def test_going_away_and_back_finds_it_still_thinking(page: ChatPage, qtbot: QtBot) -> None:
    thinking_view(page, qtbot, "/think 200")
    conversation = page.session.conversation
    assert conversation is not None
    page.new_chat()
    with qtbot.waitSignal(page.session.opened):
        page.session.open(conversation.id)
    view = page.transcript.last_answer()
    assert view is not None
    assert view.reasoning is not None
    assert view.reasoning.is_thinking()
    assert view.reasoning.text().startswith("thought0 ")
    assert view.waiting_text() == ""
    page.session.stop()
    qtbot.waitUntil(lambda: not page.session.is_busy())


def test_an_answer_without_a_thought_has_no_block(say: Say) -> None:
    assert say("hello").reasoning is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "What it thought"), (12.4, "Thought for 12 s"), (150.0, "Thought for 2 min")],
)
def test_how_long_it_thought_is_said_plainly(page: ChatPage, seconds: float, words: str) -> None:
    from gui.widgets.reasoning_view import ReasoningView

    view = ReasoningView(page.services.theme, page)
    view.add_text("x")
    view.end(seconds)
    assert view.button.text() == words
