"""What belongs to an answer beside its text: the prompt it saw, its reasoning, its scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m002_prompts(db: Database) -> None:
    """The exact prompt of every answer, what the model thought, and how sure it was of each word.

    - A prompt repeats the whole conversation before it, so that keeping each whole would grow with
      the square of the turns. It is kept as the first `base_length` characters of an earlier
      answer's prompt and the `text` after them; `base_id` NULL: `text` is all of it.
    - `reasoning` stands in the message's own row, since it is flushed together with the content.
    - Scores are large and rarely looked at, so they are in a table of their own.
    - `base_id` does not cascade, as `messages.parent_id` does not: what belongs to a conversation
      goes only together with it.
    """
    db.executescript("""
        ALTER TABLE messages ADD COLUMN reasoning TEXT NOT NULL DEFAULT '';
        CREATE TABLE prompts (
            message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
            base_id INTEGER REFERENCES prompts (message_id),
            base_length INTEGER NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
        CREATE TABLE scores (
            message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
            tokens TEXT NOT NULL
        ) STRICT;
    """)
    db.table("prompts").create_index(["base_id"])  # foreign keys are checked from both ends
