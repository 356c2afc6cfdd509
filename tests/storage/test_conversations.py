from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import StorageError
from engine.storage.conversations import Conversations
from engine.storage.database import Database
from engine.storage.records import MessageStatus, StoredMessage
from engine.types import Role
from tests.storage.samples import DIFFICULT_TEXTS


def titles(conversations: Conversations, search: str = "") -> list[str]:
    return [conversation.title for conversation in conversations.list(search)]


def texts(branch: list[StoredMessage]) -> list[str]:
    return [message.content for message in branch]


def test_a_new_conversation_is_empty(conversations: Conversations) -> None:
    created = conversations.create("First")
    assert conversations.get(created.id) == created
    assert (created.title, created.pinned, created.current_message_id) == ("First", False, None)
    assert created.created_at == created.updated_at
    assert created.created_at.endswith("Z")
    assert conversations.branch(created.id) == []


def test_the_list_is_sorted_by_use_and_not_by_the_clock(
    conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.storage.conversations.now", lambda: "2031-01-01T00:00:00Z")
    old, pinned, deleted = (conversations.create(title) for title in ("old", "pinned", "deleted"))
    monkeypatch.setattr("engine.storage.conversations.now", lambda: "1999-01-01T00:00:00Z")
    conversations.create("new")
    conversations.set_pinned(pinned.id, True)
    conversations.delete(deleted.id)
    assert titles(conversations) == ["pinned", "new", "old"]
    conversations.add_message(old.id, Role.USER, "Hello", None)
    assert titles(conversations) == ["pinned", "old", "new"]


def test_renaming_and_pinning(conversations: Conversations) -> None:
    first = conversations.create("One")
    conversations.create("Two")
    conversations.rename(first.id, "Renamed\x00")
    assert titles(conversations) == ["Two", "Renamed\ufffd"]
    conversations.set_pinned(first.id, True)
    assert conversations.get(first.id).pinned
    conversations.set_pinned(first.id, False)
    assert titles(conversations) == ["Two", "Renamed\ufffd"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ÜBER", "Über die Brücke"),
        ("straße", "STRASSE"),
        ("ΟΔΥΣΣΕΥΣ", "Ὀδυσσεύς και οδυσσευς"),
        ("мир", "Война и МИР"),
        ("斋", "我的书斋"),
        ("ｃａｒｒｅｌ", "Carrel"),
        ("e\u0301T", "Été"),
        ("100%", "100% sure"),
        ("a_b", "a_b"),
        ("  carrel ", "Carrel"),
        ("👩🏽‍🔬", "👩🏽‍🔬 lab"),
    ],
)
def test_search_by_a_part_of_the_title(
    conversations: Conversations, search: str, found: str
) -> None:
    for title in (
        *("Über die Brücke", "STRASSE", "Ὀδυσσεύς και οδυσσευς", "Война и МИР", "我的书斋"),
        *("Carrel", "Été", "100% sure", "1000 sure", "a_b", "aXb", "👩🏽‍🔬 lab"),
    ):
        conversations.create(title)
    assert titles(conversations, search) == [found]


def test_delete_can_be_undone_and_purge_cannot(conversations: Conversations) -> None:
    conversation = conversations.create("Gone")
    message = conversations.add_message(conversation.id, Role.USER, "Hello", None)
    conversations.delete(conversation.id)
    assert conversations.list() == []
    assert conversations.purge_deleted() == ()
    conversations.restore(conversation.id)
    assert titles(conversations) == ["Gone"]
    assert conversations.branch(conversation.id) == [message]
    conversations.delete(conversation.id)
    assert conversations.purge_deleted(older_than_days=0) == (conversation.id,)
    with pytest.raises(StorageError):
        conversations.restore(conversation.id)


def test_purging_a_long_conversation_and_ids_are_not_used_again(
    conversations: Conversations, database: Database
) -> None:
    conversation = conversations.create("Long")
    with database.transaction():
        for number in range(1, 3001):  # deeper than SQLite lets deletions cascade
            database.write(
                "INSERT INTO messages (conversation_id, parent_id, role, status, created_at, "
                "content) VALUES (?, ?, 'user', 'complete', '', ?)",
                *(conversation.id, number - 1 or None, str(number)),
            )
    assert texts(conversations.branch(conversation.id)) == [str(n) for n in range(1, 3001)]
    conversations.delete(conversation.id)
    assert conversations.purge_deleted(older_than_days=0) == (conversation.id,)
    assert database.row("SELECT count(*) FROM messages") == (0,)
    again = conversations.create("Next")
    assert again.id == conversation.id + 1
    assert conversations.add_message(again.id, Role.USER, "Hello", None).id == 3001


def test_editing_makes_a_sibling_and_overwrites_nothing(conversations: Conversations) -> None:
    conversation = conversations.create()
    first = conversations.add_message(conversation.id, Role.USER, "colour?", None)
    assert first.sibling_ids == (first.id,)
    reply = conversations.start_reply(conversation.id, first.id)
    conversations.finish_reply(reply.id, "red", MessageStatus.COMPLETE)
    edited = conversations.add_message(conversation.id, Role.USER, "three colours?", None)
    assert edited.sibling_ids == (first.id, edited.id)
    assert texts(conversations.branch(conversation.id)) == ["three colours?"]
    branch = conversations.select_message(first.id)
    assert texts(branch) == ["colour?", "red"]
    assert branch[0].sibling_ids == (first.id, edited.id)
    assert branch == conversations.branch(conversation.id)
    assert conversations.get(conversation.id).current_message_id == reply.id


def test_regenerating_makes_a_sibling_and_selecting_goes_on_to_the_newest(
    conversations: Conversations,
) -> None:
    conversation = conversations.create()
    other = conversations.create()
    conversations.add_message(other.id, Role.USER, "elsewhere", None)
    question = conversations.add_message(conversation.id, Role.USER, "?", None)
    replies = []
    for text in ("first", "second", "third"):
        reply = conversations.start_reply(conversation.id, question.id)
        replies.append(conversations.finish_reply(reply.id, text, MessageStatus.COMPLETE))
    for text in ("go on", "no, go back"):
        conversations.add_message(conversation.id, Role.USER, text, replies[0].id)
    assert texts(conversations.branch(conversation.id)) == ["?", "first", "no, go back"]
    assert texts(conversations.select_message(replies[1].id)) == ["?", "second"]
    branch = conversations.select_message(replies[0].id)
    assert texts(branch) == ["?", "first", "no, go back"]
    assert branch[1].sibling_ids == tuple(reply.id for reply in replies)
    assert texts(conversations.branch(other.id)) == ["elsewhere"]


def test_a_reply_from_start_to_end(conversations: Conversations) -> None:
    conversation = conversations.create()
    question = conversations.add_message(conversation.id, Role.USER, "?", None)
    reply = conversations.start_reply(conversation.id, question.id)
    assert (reply.role, reply.status, reply.content) == ("assistant", "streaming", "")
    conversations.flush_reply(reply.id, "half an ans")
    assert conversations.branch(conversation.id)[-1].content == "half an ans"
    made_by = {"model": "ab" * 32, "seed": 2**63, "temperature": 0.7, "模型": "😀\ud800\x00\u2029"}
    finished = conversations.finish_reply(
        reply.id, "half an answer", MessageStatus.STOPPED, made_by, {"code": "X", "hint": "y"}
    )
    assert finished.made_by == made_by
    assert finished.error == {"code": "X", "hint": "y"}
    assert finished.status is MessageStatus.STOPPED
    conversations.flush_reply(reply.id, "late")
    assert conversations.finish_reply(reply.id, "later", MessageStatus.FAILED) == finished
    assert conversations.branch(conversation.id)[-1] == finished


def test_unfinished_replies_are_marked_at_the_next_start(path: Path) -> None:
    with Database.open(path) as database:
        conversations = Conversations(database)
        conversation = conversations.create()
        question = conversations.add_message(conversation.id, Role.USER, "?", None)
        reply = conversations.start_reply(conversation.id, question.id)
        conversations.flush_reply(reply.id, "so far")
    with Database.open(path) as database:
        conversations = Conversations(database)
        assert conversations.mark_interrupted() == 1
        assert conversations.mark_interrupted() == 0
        last = conversations.branch(conversation.id)[-1]
        assert (last.content, last.status) == ("so far", MessageStatus.INTERRUPTED)


@pytest.mark.parametrize("content", DIFFICULT_TEXTS.values(), ids=DIFFICULT_TEXTS)
def test_text_comes_back_exactly(path: Path, content: str) -> None:
    with Database.open(path) as database:
        conversation = Conversations(database).create(content[:100])
        added = Conversations(database).add_message(conversation.id, Role.USER, content, None)
        assert added.content == content
    with Database.open(path) as database:
        (message,) = Conversations(database).branch(conversation.id)
        assert message == added
        assert Conversations(database).get(conversation.id).title == content[:100]


def test_what_cannot_be_stored_is_replaced_and_returned_as_stored(
    conversations: Conversations,
) -> None:
    conversation = conversations.create("a\x00b")
    message = conversations.add_message(conversation.id, Role.USER, "x\x00y\ud83dz\r\nnext", None)
    assert message.content == "x\ufffdy\ufffdz\nnext"
    assert conversations.branch(conversation.id) == [message]
    assert conversations.list()[0].title == "a\ufffdb"


def test_what_is_missing_or_belongs_elsewhere_is_refused(conversations: Conversations) -> None:
    one, two = conversations.create(), conversations.create()
    message = conversations.add_message(one.id, Role.USER, "here", None)
    for attempt in (
        lambda: conversations.get(99),
        lambda: conversations.rename(99, "x"),
        lambda: conversations.select_message(99),
        lambda: conversations.add_message(99, Role.USER, "x", None),
        lambda: conversations.add_message(two.id, Role.USER, "x", message.id),
        lambda: conversations.start_reply(one.id, 99),
        lambda: conversations.finish_reply(99, "x", MessageStatus.COMPLETE),
    ):
        with pytest.raises(StorageError) as caught:
            attempt()
        assert caught.value.hint
    assert conversations.branch(two.id) == []
