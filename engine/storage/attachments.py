"""The documents that messages came with, and the texts that answers were given.

Free functions over the database, for `Conversations`; the documents themselves are `Desk`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from engine.errors import StorageError
from engine.storage import values
from engine.storage.database import Database
from engine.storage.records import DocumentEntry

_ENTRY = (
    "documents.id, name, format, path, page_count, characters, added_at FROM attachments "
    "JOIN documents ON documents.id = document_id"
)


def attach(database: Database, message_id: int, documents: Sequence[int]) -> None:
    """In this order; inside a transaction. Each must be among the documents."""
    for position, document_id in enumerate(dict.fromkeys(documents)):
        if not database.row("SELECT 1 FROM documents WHERE id = ?", document_id):
            raise StorageError("An attached document is gone.", hint="Attach its file again.")
        database.write(
            "INSERT INTO attachments (message_id, position, document_id) VALUES (?, ?, ?)",
            *(message_id, position, document_id),
        )


def attached_in(database: Database, conversation_id: int) -> dict[int, tuple[DocumentEntry, ...]]:
    """The documents of a conversation's messages, by message; not of those that have none."""
    rows = database.rows(
        f"SELECT message_id, {_ENTRY} WHERE message_id IN "
        "(SELECT id FROM messages WHERE conversation_id = ?) ORDER BY message_id, position",
        conversation_id,
    )
    return _by_message(rows)


def attached_to(database: Database, message_id: int) -> tuple[DocumentEntry, ...]:
    rows = database.rows(
        f"SELECT message_id, {_ENTRY} WHERE message_id = ? ORDER BY position", message_id
    )
    return _by_message(rows).get(message_id, ())


def keep_given(database: Database, message_id: int, texts: Sequence[str]) -> None:
    """Keep them, once; inside a transaction."""
    database.write(
        "INSERT INTO given_texts (message_id, texts) VALUES (?, ?)",
        *(message_id, values.to_json([values.any_text(text) for text in texts])),
    )


def given_of(database: Database, message_id: int) -> tuple[str, ...]:
    """Those that were kept, in their order; none if there are none."""
    row = database.row("SELECT texts FROM given_texts WHERE message_id = ?", message_id)
    try:
        return msgspec.convert(values.from_json(row[0] if row else None), tuple[str, ...])
    except msgspec.ValidationError:  # none, or damaged
        return ()


def _by_message(rows: Sequence[tuple[Any, ...]]) -> dict[int, tuple[DocumentEntry, ...]]:
    found: defaultdict[int, list[DocumentEntry]] = defaultdict(list)
    for message_id, *columns in rows:
        found[message_id].append(DocumentEntry(*columns))
    return {message_id: tuple(entries) for message_id, entries in found.items()}
