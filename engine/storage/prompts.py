"""The exact prompt of each answer, kept as what it adds to the one before it on the same branch.

A prompt begins as the last one did, unless the instructions, the model or what it sees of the
conversation changed. So all prompts of a conversation take about as much room as its text does.
"""

from __future__ import annotations

from typing import Any

from engine.storage import values
from engine.storage.database import Database

DEEPEST = 64  # prompts that are put together to read one
_LEAST_SHARE = (
    2  # the part that is the same must be one half at least, or the chain is not worth it
)


def keep_prompt(database: Database, message_id: int, prompt: str) -> None:
    """Keep what an answer's model saw, once; inside a transaction."""
    prompt = values.any_text(prompt)
    base_id, shared = _base(database, message_id, prompt)
    database.write(
        "INSERT INTO prompts (message_id, base_id, base_length, text) VALUES (?, ?, ?, ?)",
        *(message_id, base_id, shared, prompt[shared:]),
    )


def prompt_of(database: Database, message_id: int) -> str | None:
    """The prompt exactly as it was, None if it was not kept."""
    chain = _chain(database, message_id)
    return _put_together(chain) if chain else None


def _base(database: Database, message_id: int, prompt: str) -> tuple[int | None, int]:
    """The nearest earlier answer of the branch that has a prompt, and how much of it is the same."""
    row = database.row(
        """
        WITH RECURSIVE before (id, parent_id) AS (
            SELECT id, parent_id FROM messages
            WHERE id = (SELECT parent_id FROM messages WHERE id = ?)
            UNION
            SELECT messages.id, messages.parent_id FROM messages JOIN before
            ON messages.id = before.parent_id
        )
        SELECT max(message_id) FROM prompts WHERE message_id IN (SELECT id FROM before)
        """,
        message_id,
    )
    base_id = row[0] if row else None
    if base_id is None or base_id == message_id:
        return None, 0
    chain = _chain(database, base_id)
    shared = _common_prefix(_put_together(chain), prompt)
    if len(chain) >= DEEPEST or shared * _LEAST_SHARE < len(prompt):
        return None, 0
    return base_id, shared


def _chain(database: Database, message_id: int) -> list[tuple[Any, ...]]:
    """(length of the base, text after it) of the prompt and all that it builds on, the last first."""
    return database.rows(
        """
        WITH RECURSIVE chain (message_id, base_id, base_length, text, depth) AS (
            SELECT message_id, base_id, base_length, text, 0 FROM prompts WHERE message_id = ?
            UNION ALL  -- the depth ends links that damage made run in a circle
            SELECT prompts.message_id, prompts.base_id, prompts.base_length, prompts.text, depth + 1
            FROM prompts JOIN chain ON prompts.message_id = chain.base_id
            WHERE depth < ?
        )
        SELECT base_length, text FROM chain ORDER BY depth
        """,
        *(message_id, DEEPEST),
    )


def _put_together(chain: list[tuple[Any, ...]]) -> str:
    prompt = ""
    for base_length, text in reversed(chain):
        prompt = prompt[:base_length] + text
    return prompt


def _common_prefix(one: str, other: str) -> int:
    """How many characters are the same at the start, by halving: comparing slices is fast."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
