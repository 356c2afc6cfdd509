"""Rows of the conversations' tables as records. Words that no version writes come from damage: the
text is shown all the same.
"""

from __future__ import annotations

from typing import Any

from engine.storage import values
from engine.storage.records import Conversation, DocumentEntry, MessageStatus, StoredMessage
from engine.types import Role

_ROLES = {role.value: role for role in Role}
_STATUSES = {status.value: status for status in MessageStatus}


def conversation_of(row: tuple[Any, ...]) -> Conversation:
    conversation_id, title, created_at, updated_at, pinned, current_message_id, *_ = row
    return Conversation(
        conversation_id, title, created_at, updated_at, bool(pinned), current_message_id
    )


def message_of(
    row: tuple[Any, ...], sibling_ids: tuple[int, ...], documents: tuple[DocumentEntry, ...]
) -> StoredMessage:
    message_id, conversation_id, parent_id, role, status, created_at, made_by, error, *rest = row
    content, reasoning, uses_library, has_prompt, has_scores = rest
    return StoredMessage(
        id=message_id,
        conversation_id=conversation_id,
        parent_id=parent_id,
        role=_ROLES.get(role, Role.USER),
        content=content,
        status=_STATUSES.get(status, MessageStatus.INTERRUPTED),
        created_at=created_at,
        made_by=values.dict_or_none(made_by),
        error=values.dict_or_none(error),
        sibling_ids=sibling_ids,
        reasoning=reasoning,
        has_prompt=bool(has_prompt),
        has_scores=bool(has_scores),
        documents=documents,
        uses_library=bool(uses_library),
    )
