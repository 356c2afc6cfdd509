"""The exact prompt, the reasoning and the scores of an answer are kept, and cost little."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.storage import backups, migrations
from engine.storage.conversations import Conversations
from engine.storage.database import Database
from engine.storage.prompts import DEEPEST
from engine.storage.records import MessageStatus, ReplyDetails
from engine.types import Role, TokenChoice, TokenScore
from tests.storage.test_database import HISTORY_V1

SYSTEM = "<|im_start|>system\nBe brief.<|im_end|>\n"


def answered(
    conversations: Conversations, conversation_id: int, parent_id: int | None, prompt: str
) -> int:
    """A question and its answer, which saw `prompt`; the answer's id."""
    said = conversations.add_message(conversation_id, Role.USER, "?", parent_id)
    reply = conversations.start_reply(conversation_id, said.id)
    details = ReplyDetails(prompt=prompt)
    conversations.finish_reply(reply.id, "!", MessageStatus.COMPLETE, None, None, details)
    return reply.id


def stored_characters(database: Database) -> int:
    return (database.row("SELECT sum(length(text)) FROM prompts") or (0,))[0]


def longest_chain(database: Database) -> int:
    (depth,) = database.row(
        "WITH RECURSIVE chain (id, depth) AS (SELECT message_id, 1 FROM prompts WHERE base_id IS "
        "NULL UNION ALL SELECT message_id, depth + 1 FROM prompts JOIN chain ON base_id = id) "
        "SELECT max(depth) FROM chain"
    ) or (0,)
    return depth


def test_prompts_come_back_exactly_and_do_not_grow_with_the_square(
    conversations: Conversations, database: Database
) -> None:
    conversation = conversations.create()
    prompt, parent, kept = SYSTEM, None, {}
    for turn in range(200):
        prompt += f"<|im_start|>user\nquestion {turn} 问题 👩🏽‍🔬\r\n<|im_end|>\n"
        parent = answered(conversations, conversation.id, parent, prompt)
        kept[parent] = prompt
        prompt += f"<|im_start|>assistant\nanswer {turn}<|im_end|>\n"
    assert {message_id: conversations.prompt(message_id) for message_id in kept} == kept
    # Each whole would be 200 prompts of half that length: a hundred times the conversation.
    assert stored_characters(database) < 5 * len(prompt)
    assert longest_chain(database) == DEEPEST


def test_a_prompt_that_begins_otherwise_is_kept_whole(
    conversations: Conversations, database: Database
) -> None:
    conversation = conversations.create()
    first = answered(conversations, conversation.id, None, SYSTEM + "a long story " * 90)
    other = "<|im_start|>system\nAnswer in verse.<|im_end|>\n" + "another story " * 90
    second = answered(conversations, conversation.id, first, other)
    assert conversations.prompt(second) == other
    assert database.rows("SELECT base_id, base_length FROM prompts") == [(None, 0), (None, 0)]


def test_every_branch_builds_on_its_own_answers(
    conversations: Conversations, database: Database
) -> None:
    conversation = conversations.create()
    first = answered(conversations, conversation.id, None, SYSTEM * 3 + "one")
    left = answered(conversations, conversation.id, first, SYSTEM * 3 + "one, left")
    right = answered(conversations, conversation.id, first, SYSTEM * 3 + "one, right")
    after = answered(conversations, conversation.id, left, SYSTEM * 3 + "one, left, and on")
    bases = dict(database.rows("SELECT message_id, base_id FROM prompts"))
    assert bases == {first: None, left: first, right: first, after: left}
    assert conversations.prompt(after) == SYSTEM * 3 + "one, left, and on"
    assert conversations.prompt(right) == SYSTEM * 3 + "one, right"


@given(st.lists(st.tuples(st.integers(0, 9), st.text(max_size=30)), min_size=1, max_size=12))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_prompts_on_any_branches_come_back(
    conversations: Conversations, steps: list[tuple[int, str]]
) -> None:
    conversation = conversations.create()
    known: list[tuple[int, str]] = []
    for place, text in steps:
        parent, before = known[place % len(known)] if known else (None, "")
        prompt = (before + text if place % 3 else text) or "x"
        known.append((answered(conversations, conversation.id, parent, prompt), prompt))
    for message_id, prompt in known:
        assert conversations.prompt(message_id) == prompt


def test_deleting_a_conversation_removes_its_prompts_and_scores(
    conversations: Conversations, database: Database
) -> None:
    for number in range(2):
        conversation = conversations.create()
        parent = None
        for turn in range(70):
            prompt = SYSTEM * 9 + f"{number} " * (turn + 1)
            parent = answered(conversations, conversation.id, parent, prompt)
        said = conversations.add_message(conversation.id, Role.USER, "?", parent)
        reply = conversations.start_reply(conversation.id, said.id)
        details = ReplyDetails(scores=(TokenScore("a", -0.5),))
        conversations.finish_reply(reply.id, "a", MessageStatus.COMPLETE, None, None, details)
    conversations.delete(1)
    assert conversations.purge_deleted(older_than_days=0) == (1,)
    assert database.row("SELECT count(*) FROM prompts") == (70,)
    assert database.row("SELECT count(*) FROM scores") == (1,)
    assert conversations.prompt(parent or 0) == SYSTEM * 9 + "1 " * 70
    assert database.rows("PRAGMA foreign_key_check") == []


def test_prompts_in_a_damaged_circle_end(conversations: Conversations, database: Database) -> None:
    conversation = conversations.create()
    first = answered(conversations, conversation.id, None, SYSTEM)
    second = answered(conversations, conversation.id, first, SYSTEM + "x")
    database.write("UPDATE prompts SET base_id = ? WHERE message_id = ?", second, first)
    assert isinstance(conversations.prompt(second), str)


def test_reasoning_survives_flushes_and_restarts(path: Path) -> None:
    with Database.open(path) as database:
        conversations = Conversations(database)
        conversation = conversations.create()
        question = conversations.add_message(conversation.id, Role.USER, "?", None)
        assert question.reasoning == ""
        reply = conversations.start_reply(conversation.id, question.id)
        conversations.flush_reply(reply.id, "", "let me see")
        conversations.flush_reply(reply.id, "4", "let me see\r\n2 + 2")
    with Database.open(path) as database:
        conversations = Conversations(database)
        conversations.mark_interrupted()
        last = conversations.branch(conversation.id)[-1]
        assert (last.content, last.reasoning) == ("4", "let me see\n2 + 2")
        again = conversations.start_reply(conversation.id, question.id, last.content, "so far")
        assert (again.content, again.reasoning) == ("4", "so far")
        conversations.finish_reply(
            again.id, "4.", MessageStatus.COMPLETE, None, None, ReplyDetails("whole thought")
        )
        assert conversations.branch(conversation.id)[-1].reasoning == "whole thought"


def test_scores_come_back_and_are_told_of(conversations: Conversations) -> None:
    scores = (
        TokenScore("Hello", -0.1234, (TokenChoice("Hello", -0.1234), TokenChoice("Hi", -2.5))),
        TokenScore(" \n\ud800", -12.0),
        TokenScore("", float("-inf"), (TokenChoice("x", float("nan")),)),
    )
    conversation = conversations.create()
    question = conversations.add_message(conversation.id, Role.USER, "?", None)
    plain = conversations.start_reply(conversation.id, question.id)
    plain = conversations.finish_reply(plain.id, "Hello", MessageStatus.COMPLETE)
    assert (plain.has_prompt, plain.has_scores) == (False, False)
    assert (conversations.prompt(plain.id), conversations.scores(plain.id)) == (None, ())
    reply = conversations.start_reply(conversation.id, question.id)
    reply = conversations.finish_reply(
        reply.id, "Hello", MessageStatus.COMPLETE, None, None, ReplyDetails("", "P", scores)
    )
    assert (reply.has_prompt, reply.has_scores) == (True, True)
    assert conversations.branch(conversation.id)[-1] == reply
    kept = conversations.scores(reply.id)
    assert kept[:2] == scores[:2]
    assert kept[2].logprob == kept[2].alternatives[0].logprob == -1e4


def test_a_history_of_version_1_is_brought_up_to_date_after_a_copy(path: Path) -> None:
    path.parent.mkdir()
    shutil.copyfile(HISTORY_V1, path)
    with Database.open(path) as database:
        conversations = Conversations(database)
        branch = conversations.branch(1)
        assert [m.content[:8] for m in branch] == ["Question", "Answer 0", "And then"]
        assert {m.reasoning for m in branch} == {""}
        assert [m.has_prompt for m in branch] == [False] * 3
        details = ReplyDetails("thought", "prompt", (TokenScore("a", -1.0),))
        reply = conversations.start_reply(1, branch[-1].id)
        conversations.finish_reply(reply.id, "a", MessageStatus.COMPLETE, None, None, details)
        assert conversations.prompt(reply.id) == "prompt"
    (copy,) = backups.existing(path)
    assert "-before-m002_prompts" in copy.name
    with Database.open(path) as database:
        assert Conversations(database).branch(1)[-1].reasoning == "thought"
        assert database.remarks == ()


@pytest.mark.parametrize("table", ["prompts", "scores"])
def test_the_new_tables_are_checked_at_the_start(path: Path, table: str) -> None:
    with Database.open(path) as database:
        assert migrations.COLUMNS[table]
        database.write(f"ALTER TABLE {table} RENAME TO gone")
    with Database.open(path) as database:
        (remark,) = database.remarks
    assert "damaged" in remark
