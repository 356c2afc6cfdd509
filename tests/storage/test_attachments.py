"""Documents of a conversation's messages, and what answers were given of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.errors import StorageError
from engine.storage import backups
from engine.storage.conversations import Conversations
from engine.storage.database import Database
from engine.storage.desk import Desk
from engine.storage.records import MessageStatus, ReplyDetails
from engine.types import Document, Role

HISTORY_V3 = Path(__file__).parent.parent / "files" / "history_v3.sqlite3"
REPORT = Document("report.pdf", "It rained.", "pdf", "/x/report.pdf", page_count=2)


def test_a_message_keeps_its_documents_in_their_order(
    conversations: Conversations, desk: Desk
) -> None:
    first, second = desk.keep_document(REPORT), desk.keep_document(Document("b", "Snow."))
    talk = conversations.create("Weather")
    said = conversations.add_message(
        talk.id, Role.USER, "How was it?", None, (second.id, first.id, second.id), True
    )
    assert [entry.name for entry in said.documents] == ["b", "report.pdf"]
    assert said.uses_library
    reply = conversations.start_reply(talk.id, said.id)
    assert (reply.documents, reply.uses_library) == ((), False)
    branch = conversations.branch(talk.id)
    assert branch == [said, reply]
    assert (branch[0].documents[1].page_count, branch[0].documents[1].path) == (2, REPORT.path)


def test_a_document_that_does_not_exist_keeps_the_message_from_being_stored(
    conversations: Conversations,
) -> None:
    talk = conversations.create("Weather")
    with pytest.raises(StorageError):
        conversations.add_message(talk.id, Role.USER, "How was it?", None, (7,))
    assert conversations.branch(talk.id) == []


def test_a_kept_document_is_not_on_the_desk_and_goes_when_no_message_has_it(
    conversations: Conversations, desk: Desk
) -> None:
    kept, other = desk.keep_document(REPORT), desk.keep_document(Document("b", "Snow."))
    assert desk.documents() == []
    talk = conversations.create("Weather")
    conversations.add_message(talk.id, Role.USER, "How was it?", None, (kept.id,))
    assert desk.purge_removed(older_than_days=-1) == 1
    with pytest.raises(StorageError):
        desk.document(other.id)
    assert desk.document(kept.id).document == REPORT
    conversations.delete(talk.id)
    conversations.purge_deleted(older_than_days=-1)
    assert desk.purge_removed(older_than_days=-1) == 1


def test_a_document_on_the_desk_stays_there_and_one_of_a_chat_can_be_put_there(desk: Desk) -> None:
    shown = desk.add_document(REPORT)
    assert desk.keep_document(REPORT).id == shown.id
    assert [entry.id for entry in desk.documents()] == [shown.id]
    kept = desk.keep_document(Document("b", "Snow."))
    assert desk.add_document(Document("b", "Snow.")).id == kept.id
    assert len(desk.documents()) == 2


def test_what_an_answer_was_given_is_kept_exactly(conversations: Conversations) -> None:
    talk = conversations.create()
    said = conversations.add_message(talk.id, Role.USER, "Hm?", None)
    texts = ("", "Rain\r\n and 🌨 \x00", "雪")
    for details in (ReplyDetails(given=texts), ReplyDetails()):
        reply = conversations.start_reply(talk.id, said.id)
        conversations.finish_reply(reply.id, "A", MessageStatus.COMPLETE, None, None, details)
        assert conversations.given_texts(reply.id) == details.given


def test_a_history_of_version_3_is_brought_up_to_date(path: Path) -> None:
    path.parent.mkdir()
    shutil.copyfile(HISTORY_V3, path)
    with Database.open(path) as database:
        conversations, desk = Conversations(database), Desk(database)
        branch = conversations.branch(1)
        assert branch
        assert {(message.documents, message.uses_library) for message in branch} == {((), False)}
        document = desk.documents()[0]
        said = conversations.add_message(1, Role.USER, "New", branch[-1].id, (document.id,))
        assert said.documents == (document,)
        assert database.remarks == ()
    assert len(backups.existing(path)) == 1
