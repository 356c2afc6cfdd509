"""A conversation that is too long goes on, and it is always seen what the model no longer sees."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.protocol import Chat, Progress
from engine.storage.records import MessageStatus, StoredMessage
from engine.types import ContextWindow, OverflowPolicy, Role
from gui.conversation_text import ContextCut, context_cut, last_window, prompt_messages
from gui.pages.chat_page import ChatPage
from gui.services import Services
from tests.gui.conftest import Say

WORDS = " ".join(f"w{i}" for i in range(120))


@pytest.fixture
def sent(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[Chat]:
    """The chats that were sent to the engine."""
    found: list[Chat] = []
    send = services.engine.client.send

    def note(request: Any) -> None:
        if isinstance(request, Chat):
            found.append(request)
        send(request)

    monkeypatch.setattr(services.engine.client, "send", note)
    return found


@pytest.fixture
def short(services: Services, qtbot: QtBot) -> Services:
    """A model that sees 1,024 words at once: four turns of `WORDS`."""
    services.settings.change(n_ctx=1024)
    model = services.model
    qtbot.waitUntil(lambda: model.info is not None and model.info.n_ctx == 1024, timeout=4000)
    return services


def overflow(say: Say, turns: int = 5) -> None:
    for number in range(turns):
        say(f"{number} {WORDS}")


def divider_words(page: ChatPage) -> str:
    divider = page.transcript.divider()
    return divider.words() if divider is not None and divider.isVisible() else ""


def below_divider(page: ChatPage) -> int:
    """The message that stands right below it."""
    divider = page.transcript.divider()
    assert divider is not None
    return next(v.message.id for v in page.transcript.views() if v.y() > divider.y())


def test_the_oldest_turns_are_left_out_and_a_line_shows_where(
    page: ChatPage, short: Services, say: Say, sent: list[Chat], qtbot: QtBot
) -> None:
    overflow(say)
    answer = page.session.branch[-1]
    assert answer.status is MessageStatus.COMPLETE
    window = (answer.made_by or {})["window"]
    unseen = window["unseen"]
    assert unseen > 0
    assert divider_words(page) == f"{unseen} message(s) above are no longer seen by the model"
    first_seen = page.session.branch[unseen].id
    qtbot.waitUntil(lambda: below_divider(page) == first_seen)
    say("a short one")
    assert sent[-1].window == ContextWindow(unseen)  # it stays as it was, so the cache holds
    assert {chat.overflow for chat in sent} == {OverflowPolicy.ROLL}
    assert divider_words(page).startswith(f"{unseen} message(s) above")


def test_the_line_is_there_after_reopening_and_gone_in_another_conversation(
    page: ChatPage, short: Services, say: Say, qtbot: QtBot
) -> None:
    overflow(say)
    words, place = divider_words(page), below_divider(page)
    assert words
    conversation = page.session.conversation
    assert conversation is not None
    page.new_chat()
    assert divider_words(page) == ""
    say("hello")
    assert divider_words(page) == ""
    with qtbot.waitSignal(page.session.opened):
        page.session.open(conversation.id)
    qtbot.waitUntil(lambda: divider_words(page) == words)
    qtbot.waitUntil(lambda: below_divider(page) == place)


def test_every_branch_has_its_own_line(
    page: ChatPage, short: Services, say: Say, sent: list[Chat], qtbot: QtBot
) -> None:
    overflow(say)
    words = divider_words(page)
    last = page.session.branch[-1]
    page.session.edit(page.session.branch[2], "short")
    qtbot.waitUntil(lambda: len(page.session.branch) == 4 and not page.session.is_busy())
    assert sent[-1].window == ContextWindow()
    assert divider_words(page) == ""
    with qtbot.waitSignal(page.session.branch_changed):
        page.session.select(last.id)
    qtbot.waitUntil(lambda: divider_words(page) == words)


def test_another_answer_starts_from_the_window_before_it(
    page: ChatPage, short: Services, say: Say, sent: list[Chat], qtbot: QtBot
) -> None:
    overflow(say)
    first = page.session.branch[-1]
    before = last_window(page.session.branch[:-1])
    page.session.answer_again(first)
    qtbot.waitUntil(lambda: len(page.session.branch[-1].sibling_ids) == 2)
    qtbot.waitUntil(lambda: not page.session.is_busy())
    assert sent[-1].window == before
    again = page.session.branch[-1]
    assert (again.made_by or {})["window"] == (first.made_by or {})["window"]
    assert divider_words(page)


def test_a_note_takes_their_place_and_can_be_read(
    page: ChatPage, short: Services, say: Say, sent: list[Chat], qtbot: QtBot
) -> None:
    short.settings.change(overflow="summarize")
    overflow(say)
    divider = page.transcript.divider()
    assert divider is not None
    note = (page.session.branch[-1].made_by or {})["window"]["note"]
    assert "User: 0 w0 w1" in note  # what the echo model makes of it
    assert divider.button.text() == "What the model was told instead"
    assert divider.note() == ""
    divider.button.click()
    assert divider.note() == note
    say("go on")
    assert sent[-1].window.note == note


def test_to_stop_says_so_and_keeps_what_was_said(page: ChatPage, short: Services, say: Say) -> None:
    short.settings.change(overflow="stop")
    for number in range(4):
        say(f"{number} {WORDS}")
    view = say(f"{WORDS} {WORDS}")
    assert view.message.status is MessageStatus.FAILED
    assert (view.message.error or {})["code"] == "CONTEXT_OVERFLOW"
    assert divider_words(page) == ""
    assert page.session.branch[-2].content == f"{WORDS} {WORDS}"


def test_while_a_note_is_made_and_while_it_waits_that_is_said(
    page: ChatPage, say: Say, qtbot: QtBot
) -> None:
    page.session.send("/slow 40")
    qtbot.waitUntil(lambda: page.transcript.last_answer() is not None)
    view = page.transcript.last_answer()
    assert view is not None
    view.show_progress(Progress("", "condensing", 1, 2))
    assert view.waiting_text() == "Making a note of the oldest messages, 50 %"
    view.show_progress(Progress("", "waiting", 0, 0))
    assert view.waiting_text() == "Waiting until the model is free…"
    page.session.stop()
    qtbot.waitUntil(lambda: not page.session.is_busy())


def message(
    number: int, role: Role, content: str, window: dict[str, Any] | None = None
) -> StoredMessage:
    made_by = {"window": window} if window else None
    return StoredMessage(
        *(number, 1, number - 1, role, content, MessageStatus.COMPLETE, ""),
        *(made_by, None, (number,)),
    )


def test_the_cut_counts_turns_as_they_were_sent() -> None:
    branch = [
        message(1, Role.USER, "one"),
        message(2, Role.ASSISTANT, ""),  # it failed: both questions were sent as one turn
        message(3, Role.USER, "one, again"),
        message(4, Role.ASSISTANT, "first"),
        message(5, Role.USER, "two"),
        message(6, Role.ASSISTANT, "second", {"unseen": 2, "note": "N"}),
        message(7, Role.USER, "three"),
    ]
    assert context_cut(branch) == ContextCut(5, 3, "N")
    assert prompt_messages(branch[:5], "")[2].content == "two"
    assert context_cut(branch[:5]) is None
    assert context_cut([]) is None


@pytest.mark.parametrize("window", [{"unseen": "x"}, {"unseen": 99}, {"unseen": -3}, {"note": 5}])
def test_a_window_that_makes_no_sense_shows_no_line(window: dict[str, Any]) -> None:
    branch = [message(1, Role.USER, "one"), message(2, Role.ASSISTANT, "two", window)]
    assert context_cut(branch) is None
