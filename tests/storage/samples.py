"""Fills a database, and takes copies of one as a killed process leaves it."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.storage.conversations import Conversations
from engine.storage.database import Database
from engine.storage.desk import Desk
from engine.storage.records import MessageStatus
from engine.types import Document, Role, Section

DIFFICULT_TEXTS = {
    "emoji": "👩🏽‍🔬 a family: 👨‍👩‍👧‍👦, a flag: 🇨🇳",
    "right to left": "שלום \u202eabc\u202c مرحبا",
    "chinese": "书斋里的模型只在本机运行。\u3000“引号”",
    "combining": "e\u0301 vs é, ﬁ, Ⅷ",
    "quotes": "'; DROP TABLE messages; -- \" % _ \\",
    "controls": "tab\t bell\x07 escape\x1b\ufeff\u200b\u2028",
    "private use and last": "\ue000\U0010ffff\uffff",
    "spaces": "  \n\n leading and trailing \n ",
    "five megabytes": "0123456789 是 " * 400_000,
}


def fill(path: Path, count: int = 3) -> None:
    """`count` conversations with a question, two replies and a follow-up, a document and a run."""
    with Database.open(path) as database:
        conversations, desk = Conversations(database), Desk(database)
        for number in range(count):
            conversation = conversations.create(f"Talk {number} 谈话")
            question = conversations.add_message(
                conversation.id, Role.USER, f"Question {number}? " * 20, None
            )
            for attempt in (1, 2):
                reply = conversations.start_reply(conversation.id, question.id)
                conversations.finish_reply(
                    reply.id,
                    f"Answer {number}.{attempt} " * 40,
                    MessageStatus.COMPLETE,
                    made_by={"model": "test", "seed": attempt},
                )
            conversations.add_message(conversation.id, Role.USER, "And then?", reply.id)
        stored = desk.add_document(
            Document("Notes.md", "# One\n二", format="md", sections=(Section(0, 5, "One"),))
        )
        desk.save_run(stored.id, "sentiment", {}, {"label": "neutral"}, {"name": "test"}, 0.5)


def copy_as_if_killed(source: Path, target: Path) -> None:
    """Copy an open database with its log: what is left when the process is gone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for ending in ("", "-wal"):
        shutil.copyfile(f"{source}{ending}", f"{target}{ending}")


def contents(path: Path) -> dict[str, bytes]:
    """Name and bytes of the database, its log if it has one, and every other file beside them."""
    files = [file for file in path.parent.iterdir() if file.is_file()]
    found = {file.name: file.read_bytes() for file in files if not file.name.endswith("-shm")}
    return {name: data for name, data in found.items() if data or not name.endswith("-wal")}
