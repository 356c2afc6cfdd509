"""What is said is kept first, answers are kept as they come, and nothing is overwritten."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import StorageError
from engine.protocol import Chat
from engine.storage.records import MessageStatus, StoredMessage
from engine.types import Role
from gui.chat_session import ChatSession
from gui.conversation_text import TITLE_CHARACTERS, prompt_messages, title_from
from gui.pages.chat_page import ChatPage
from gui.services import Services


@pytest.fixture
def session(services: Services, app_window: Any) -> ChatSession:
    page = app_window.page("chat")
    assert isinstance(page, ChatPage)
    return page.session


def wait_done(qtbot: QtBot, session: ChatSession) -> list[StoredMessage]:
    qtbot.waitUntil(lambda: not session.is_busy(), timeout=8000)
    return session.branch


def ask(qtbot: QtBot, session: ChatSession, text: str) -> StoredMessage:
    assert session.send(text)
    return wait_done(qtbot, session)[-1]


def stored(services: Services, qtbot: QtBot, conversation_id: int) -> list[StoredMessage]:
    """The branch as the database has it now."""
    found: list[list[StoredMessage]] = []
    services.background.run(
        services.engine, lambda: services.storage.conversations.branch(conversation_id)
    ).then(found.append)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def test_a_message_is_in_the_database_before_the_engine_hears_of_it(
    session: ChatSession, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    send = services.engine.client.send

    def look_first(request: Any) -> None:
        if isinstance(request, Chat):
            done = threading.Event()

            def look() -> None:
                branch = services.storage.conversations.branch(1)
                seen.append([f"{m.role} {m.content} {m.status}" for m in branch])
                done.set()

            services.background.run(services.engine, look)
            assert done.wait(5)
        send(request)

    monkeypatch.setattr(services.engine.client, "send", look_first)
    ask(qtbot, session, "Name three colours.")
    assert seen == [["user Name three colours. complete", "assistant  streaming"]]


def test_an_answer_keeps_what_made_it(session: ChatSession, qtbot: QtBot) -> None:
    answer = ask(qtbot, session, "red green blue")
    assert (answer.content, answer.status) == ("red green blue", MessageStatus.COMPLETE)
    made = answer.made_by
    assert made is not None
    assert made["model"]["name"] == "Echo"
    assert len(made["model"]["sha256"]) == len(made["template_sha256"]) == 64
    assert made["model"]["device"]["name"] == "Echo"
    assert made["finish_reason"] == "stop"
    assert made["usage"]["completion_tokens"] == 3
    assert {"params", "seed", "engine_version", "seconds", "first_token_seconds"} <= made.keys()


def test_the_whole_branch_and_the_instructions_are_sent(
    session: ChatSession, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.settings.change(system_prompt="Answer in verse.")
    sent: list[Chat] = []
    send = services.engine.client.send
    monkeypatch.setattr(
        services.engine.client,
        "send",
        lambda r: (sent.append(r) if isinstance(r, Chat) else None, send(r)),
    )
    ask(qtbot, session, "one")
    ask(qtbot, session, "two")
    assert [(m.role, m.content) for m in sent[-1].messages] == [
        (Role.SYSTEM, "Answer in verse."),
        (Role.USER, "one"),
        (Role.ASSISTANT, "one"),
        (Role.USER, "two"),
    ]


def test_stop_keeps_the_part_and_says_so(
    session: ChatSession, services: Services, qtbot: QtBot
) -> None:
    session.send("/slow 200")
    qtbot.waitUntil(lambda: bool((r := session.running_reply()) and r.text))
    session.stop()
    answer = wait_done(qtbot, session)[-1]
    assert answer.status is MessageStatus.STOPPED
    assert answer.content.startswith("word0 ")
    assert stored(services, qtbot, answer.conversation_id)[-1] == answer


def test_a_growing_answer_is_on_disk_within_a_second_or_so(
    session: ChatSession, services: Services, qtbot: QtBot
) -> None:
    session.send("/slow 60")
    qtbot.waitUntil(lambda: session.running_reply() is not None)
    assert session.conversation is not None
    qtbot.wait(1400)
    last = stored(services, qtbot, session.conversation.id)[-1]
    assert last.status is MessageStatus.STREAMING
    assert last.content.startswith("word0 word1 ")
    session.stop()
    wait_done(qtbot, session)


def test_a_known_failure_is_kept_with_its_hint(session: ChatSession, qtbot: QtBot) -> None:
    answer = ask(qtbot, session, "/fail")
    assert answer.status is MessageStatus.FAILED
    assert answer.error is not None
    assert answer.error["code"] == "GENERATION"
    assert answer.error["hint"]
    assert ask(qtbot, session, "still here").content.endswith("still here")


def test_a_dead_worker_leaves_the_part_marked_as_interrupted(
    session: ChatSession, services: Services, qtbot: QtBot
) -> None:
    from engine.client import exit_error
    from engine.protocol import RequestFailed

    session.send("/slow 200")
    qtbot.waitUntil(lambda: bool((r := session.running_reply()) and r.text))
    reply = services.engine.open_replies()[-1]
    # What the client says when the process is killed.
    services.engine._arrived.emit(RequestFailed(reply.request.request_id, exit_error(-9, "")))
    answer = wait_done(qtbot, session)[-1]
    assert answer.status is MessageStatus.INTERRUPTED
    assert answer.content.startswith("word0 ")
    reply.is_open = True
    reply.abort()
    assert ask(qtbot, session, "next").status is MessageStatus.COMPLETE


def test_again_makes_a_sibling_and_both_can_be_shown(session: ChatSession, qtbot: QtBot) -> None:
    first = ask(qtbot, session, "hello")
    session.answer_again(first)
    second = wait_done(qtbot, session)[-1]
    assert second.id != first.id
    assert second.parent_id == first.parent_id
    with qtbot.waitSignal(session.branch_changed):
        session.select(first.id)
    assert session.branch[-1].id == first.id
    assert session.branch[-1].sibling_ids == (first.id, second.id)


def test_an_edit_makes_a_branch_and_keeps_the_old_one(session: ChatSession, qtbot: QtBot) -> None:
    ask(qtbot, session, "first thought")
    ask(qtbot, session, "more of it")
    before = list(session.branch)
    session.edit(before[0], "second thought")
    branch = wait_done(qtbot, session)
    assert [m.content for m in branch] == ["second thought", "second thought"]
    with qtbot.waitSignal(session.branch_changed):
        session.select(before[0].id)
    assert [m.id for m in session.branch] == [m.id for m in before]


def test_an_answer_goes_on_while_another_conversation_is_shown(
    session: ChatSession, services: Services, qtbot: QtBot
) -> None:
    session.send("/slow 12")
    qtbot.waitUntil(lambda: session.running_reply() is not None)
    assert session.conversation is not None
    first = session.conversation.id
    session.new_chat()
    assert not session.is_busy()
    ask(qtbot, session, "something else")
    qtbot.waitUntil(
        lambda: stored(services, qtbot, first)[-1].status is MessageStatus.COMPLETE, timeout=5000
    )
    assert stored(services, qtbot, first)[-1].content.endswith("word11 ")


def test_what_could_not_be_kept_is_not_sent_and_is_told(
    session: ChatSession, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: hasattr(services.storage, "conversations"))

    def full(*args: Any) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(services.storage.conversations, "add_message", full)
    with qtbot.waitSignal(session.sending_failed) as failed:
        session.send("precious")
    assert failed.args[0].message == "The disk is full."
    assert session.branch == []
    assert not session.is_busy()


def test_the_title_comes_from_the_first_line_that_says_something() -> None:
    assert title_from("\n  # **Why** the lease mentions it\nmore") == "Why the lease mentions it"
    long = title_from("word " * 100)
    assert len(long) <= TITLE_CHARACTERS + 1
    assert long.endswith("word…")
    assert len(title_from("书斋" * 100)) == TITLE_CHARACTERS + 1
    assert title_from("***") == "***"


def test_messages_alternate_even_after_a_failed_answer() -> None:
    def message(number: int, role: Role, content: str) -> StoredMessage:
        status = MessageStatus.COMPLETE
        return StoredMessage(
            number, 1, number - 1, role, content, status, "", None, None, (number,)
        )

    branch = [
        message(1, Role.USER, "one"),
        message(2, Role.ASSISTANT, ""),
        message(3, Role.USER, "two"),
    ]
    assert [(m.role, m.content) for m in prompt_messages(branch, " ")] == [
        (Role.USER, "one\n\ntwo")
    ]
