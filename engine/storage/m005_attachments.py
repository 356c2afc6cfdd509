"""Documents that belong to a message of a conversation, and what an answer was given of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m005_attachments(db: Database) -> None:
    """What a message came with, and the texts that a model was given for its answer.

    - The documents are rows of `documents`, as those on the desk are: the same text is kept once,
      and one that was never on the desk, or is off it, is hidden there by its `deleted_at`. A
      document cannot go while a message has it.
    - `uses_library`: the message was to be answered from the library, too.
    - Where a text stands is told in the answer's `made_by`, which is read with every message; the
      texts themselves are looked at seldom, and those of the library may have changed since.
    """
    db.executescript("""
        CREATE TABLE attachments (
            message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            document_id INTEGER NOT NULL REFERENCES documents (id),
            PRIMARY KEY (message_id, position)
        ) STRICT;
        CREATE TABLE given_texts (
            message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
            texts TEXT NOT NULL
        ) STRICT;
        ALTER TABLE messages ADD COLUMN uses_library INTEGER NOT NULL DEFAULT 0;
    """)
    db.table("attachments").create_index(["document_id"])  # foreign keys are checked from both ends
