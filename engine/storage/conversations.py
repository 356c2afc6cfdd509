"""Conversations and their messages.

A conversation is a tree: editing a message or asking for another reply adds a sibling, and nothing
that was said is overwritten. One branch of it is current. Every method that writes is durable when
it returns. Knows nothing of models: `made_by` and `error` are kept as they come.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from engine.errors import StorageError
from engine.storage import values
from engine.storage.attachments import attach, attached_in, attached_to, given_of, keep_given
from engine.storage.database import Database
from engine.storage.files import days_ago, now
from engine.storage.message_rows import conversation_of, message_of
from engine.storage.migrations import COLUMNS
from engine.storage.prompts import keep_prompt, prompt_of
from engine.storage.records import Conversation, MessageStatus, ReplyDetails, StoredMessage
from engine.storage.scores import keep_scores, scores_of
from engine.types import Role, TokenScore

# Inside the class, `list` is the method.
ConversationList = list[Conversation]
Branch = list[StoredMessage]

_CONVERSATIONS = f"SELECT {COLUMNS['conversations']} FROM conversations"
_MESSAGES = (
    f"SELECT {COLUMNS['messages']}, "
    "EXISTS (SELECT 1 FROM prompts WHERE message_id = messages.id), "
    "EXISTS (SELECT 1 FROM scores WHERE message_id = messages.id) FROM messages"
)
_NO_DETAILS = ReplyDetails()
_NEXT_ACTIVITY = "(SELECT coalesce(max(activity), 0) + 1 FROM conversations)"


class Conversations:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, title: str = "") -> Conversation:
        time = now()
        cursor = self._database.write(
            "INSERT INTO conversations (title, created_at, updated_at, activity) "
            f"VALUES (?, ?, ?, {_NEXT_ACTIVITY})",
            *(values.text(title), time, time),
        )
        return self.get(cursor.lastrowid or 0)

    def list(self, search: str = "") -> ConversationList:
        """Pinned ones first, then the most recently used. `search` looks for a part of the title.

        Upper and lower case are the same in any script, and so are full-width and plain letters.
        """
        wanted = _folded(search.strip())
        rows = self._database.rows(
            f"{_CONVERSATIONS} WHERE deleted_at IS NULL ORDER BY pinned DESC, activity DESC"
        )
        return [conversation_of(row) for row in rows if wanted in _folded(row[1])]

    def get(self, conversation_id: int) -> Conversation:
        """Also finds a deleted one, as long as it has not been purged."""
        row = self._database.row(f"{_CONVERSATIONS} WHERE id = ?", conversation_id)
        if row is None:
            raise _missing_conversation()
        return conversation_of(row)

    def rename(self, conversation_id: int, title: str) -> None:
        self._set(conversation_id, "title", values.text(title))

    def set_pinned(self, conversation_id: int, pinned: bool) -> None:
        self._set(conversation_id, "pinned", int(pinned))

    def delete(self, conversation_id: int) -> None:
        """Hide it, until `restore` or `purge_deleted`."""
        self._set(conversation_id, "deleted_at", now())

    def restore(self, conversation_id: int) -> None:
        self._set(conversation_id, "deleted_at", None)

    def purge_deleted(self, older_than_days: float = 30) -> tuple[int, ...]:
        """Remove for good what was deleted that long ago; return the ids of the conversations."""
        with self._database.transaction():
            gone = self._database.rows(
                "DELETE FROM conversations WHERE deleted_at <= ? RETURNING id",
                days_ago(older_than_days),
            )
        return tuple(conversation_id for (conversation_id,) in gone)

    def add_message(
        self,
        conversation_id: int,
        role: Role,
        content: str,
        parent_id: int | None,
        documents: Sequence[int] = (),
        uses_library: bool = False,
    ) -> StoredMessage:
        """Append to a branch, or to another message than its leaf to start a new one.

        `parent_id` None makes a first message. The new message becomes the current one. `documents`
        are the ids of those that it comes with.
        """
        return self._add(
            *(conversation_id, role, content, parent_id, MessageStatus.COMPLETE),
            documents=documents,
            uses_library=uses_library,
        )

    def start_reply(
        self, conversation_id: int, parent_id: int, content: str = "", reasoning: str = ""
    ) -> StoredMessage:
        """A reply that is being written; a second one to the same parent is its sibling.

        It is empty unless it goes on from the text of another.
        """
        return self._add(
            *(conversation_id, Role.ASSISTANT, content, parent_id),
            *(MessageStatus.STREAMING, reasoning),
        )

    def flush_reply(self, message_id: int, content: str, reasoning: str = "") -> None:
        """Keep what has been written so far. Does nothing once the reply is finished."""
        self._database.write(
            "UPDATE messages SET content = ?, reasoning = ? WHERE id = ? AND status = ?",
            *(values.text(content), values.text(reasoning)),
            *(message_id, MessageStatus.STREAMING),
        )

    def finish_reply(
        self,
        message_id: int,
        content: str,
        status: MessageStatus,
        made_by: dict[str, Any] | None = None,
        error: dict[str, Any] | None = None,
        details: ReplyDetails = _NO_DETAILS,
    ) -> StoredMessage:
        """End a reply. The first end counts: a finished reply is returned as it is."""
        with self._database.transaction():
            changed = self._database.write(
                "UPDATE messages SET content = ?, status = ?, made_by = ?, error = ?, "
                "reasoning = ? WHERE id = ? AND status = ?",
                *(values.text(content), status),
                *(values.optional_json(made_by), values.optional_json(error)),
                *(values.text(details.reasoning), message_id, MessageStatus.STREAMING),
            ).rowcount
            if changed and details.prompt:
                keep_prompt(self._database, message_id, details.prompt)
            if changed and details.scores:
                keep_scores(self._database, message_id, details.scores)
            if changed and details.given:
                keep_given(self._database, message_id, details.given)
            message = self._message(message_id)
            if changed:
                self._touch(message.conversation_id)
        return message

    def prompt(self, message_id: int) -> str | None:
        """The text that the model saw for this answer, marks and all; None if it was not kept."""
        return prompt_of(self._database, message_id)

    def scores(self, message_id: int) -> tuple[TokenScore, ...]:
        """The tokens of this answer with their probabilities; none if they were not kept."""
        return scores_of(self._database, message_id)

    def given_texts(self, message_id: int) -> tuple[str, ...]:
        """The texts that were given for this answer; "" for one that was given whole."""
        return given_of(self._database, message_id)

    def branch(self, conversation_id: int) -> Branch:
        """The current branch, from its first message to its leaf."""
        rows = self._database.rows(
            f"""
            WITH RECURSIVE ancestors (id, parent_id) AS (
                SELECT id, parent_id FROM messages WHERE id = coalesce(
                    (SELECT current_message_id FROM conversations WHERE id = ?1),
                    (SELECT max(id) FROM messages WHERE conversation_id = ?1)
                )
                UNION  -- and not UNION ALL: links that damage made run in a circle end, too
                SELECT messages.id, messages.parent_id FROM messages JOIN ancestors
                ON messages.id = ancestors.parent_id
            )
            {_MESSAGES} WHERE id IN (SELECT id FROM ancestors) ORDER BY id
            """,
            conversation_id,
        )
        siblings: defaultdict[int | None, Any] = defaultdict(tuple)
        for parent_id, message_id in self._database.rows(
            "SELECT parent_id, id FROM messages WHERE conversation_id = ? ORDER BY id",
            conversation_id,
        ):
            siblings[parent_id] += (message_id,)
        documents = attached_in(self._database, conversation_id)
        return [
            message_of(row, siblings[row[2]] or (row[0],), documents.get(row[0], ()))
            for row in rows
        ]

    def select_message(self, message_id: int) -> Branch:
        """Make the branch through this message current, on to its newest descendants."""
        conversation_id = self._message(message_id).conversation_id
        self._database.write(
            """
            WITH RECURSIVE descendants (id) AS (
                SELECT ?1
                UNION
                SELECT (SELECT max(id) FROM messages WHERE parent_id = descendants.id)
                FROM descendants WHERE descendants.id IS NOT NULL
            )
            UPDATE conversations SET current_message_id = (SELECT max(id) FROM descendants)
            WHERE id = ?2
            """,
            *(message_id, conversation_id),
        )
        return self.branch(conversation_id)

    def mark_interrupted(self) -> int:
        """At start: replies that the last session left unfinished; their content stays."""
        return self._database.write(
            "UPDATE messages SET status = 'interrupted' WHERE status = 'streaming'"
        ).rowcount

    def _add(
        self,
        conversation_id: int,
        role: Role,
        content: str,
        parent_id: int | None,
        status: MessageStatus,
        reasoning: str = "",
        documents: Sequence[int] = (),
        uses_library: bool = False,
    ) -> StoredMessage:
        with self._database.transaction():
            self.get(conversation_id)
            if parent_id is not None and self._conversation_of(parent_id) != conversation_id:
                raise StorageError(
                    "The message before this one is not in this conversation.",
                    hint="Open the conversation again.",
                )
            cursor = self._database.write(
                "INSERT INTO messages (conversation_id, parent_id, role, content, status, "
                "created_at, reasoning, uses_library) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                *(conversation_id, parent_id, role, values.text(content), status, now()),
                *(values.text(reasoning), int(uses_library)),
            )
            attach(self._database, cursor.lastrowid or 0, documents)
            self._touch(conversation_id, cursor.lastrowid)
        return self._message(cursor.lastrowid or 0)

    def _touch(self, conversation_id: int, current_message_id: int | None = None) -> None:
        self._database.write(
            "UPDATE conversations SET current_message_id = coalesce(?, current_message_id), "
            f"updated_at = ?, activity = {_NEXT_ACTIVITY} WHERE id = ?",
            *(current_message_id, now(), conversation_id),
        )

    def _set(self, conversation_id: int, column: str, value: Any) -> None:
        cursor = self._database.write(
            f"UPDATE conversations SET {column} = ? WHERE id = ?", value, conversation_id
        )
        if not cursor.rowcount:
            raise _missing_conversation()

    def _conversation_of(self, message_id: int) -> int | None:
        row = self._database.row("SELECT conversation_id FROM messages WHERE id = ?", message_id)
        return row[0] if row else None

    def _message(self, message_id: int) -> StoredMessage:
        row = self._database.row(f"{_MESSAGES} WHERE id = ?", message_id)
        if row is None:
            raise StorageError("This message is no longer there.", hint="It may have been deleted.")
        siblings = self._database.rows(
            "SELECT id FROM messages WHERE conversation_id = ? AND parent_id IS ? ORDER BY id",
            *(row[1], row[2]),
        )
        documents = attached_to(self._database, message_id)
        return message_of(row, tuple(sibling_id for (sibling_id,) in siblings), documents)


def _folded(title: str) -> str:
    return unicodedata.normalize("NFKC", title).casefold()


def _missing_conversation() -> StorageError:
    return StorageError("This conversation is no longer there.", hint="It may have been deleted.")
