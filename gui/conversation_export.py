"""A conversation's current branch as a file to keep or to pass on: Markdown to read, JSON to work with.

The documents that messages came with are named, and so is what the answers were given of them; their
texts are not repeated. Knows no widget.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from engine.storage.records import Conversation, DocumentEntry, StoredMessage
from engine.types import Role
from gui.file_names import safe_stem
from gui.given_record import GivenPlace, kept_record


def file_name(conversation: Conversation, suffix: str) -> str:
    """A name that every system takes."""
    return f"{safe_stem(conversation.title, 'conversation')}{suffix}"


def as_markdown(conversation: Conversation, branch: Sequence[StoredMessage]) -> str:
    parts = [f"# {' '.join(conversation.title.split())}", f"*{conversation.created_at}*"]
    for message in branch:
        is_user = message.role is Role.USER
        name = "" if is_user else str(((message.made_by or {}).get("model") or {}).get("name", ""))
        parts.append(f"## {'User' if is_user else 'Assistant'}{f' ({name})' if name else ''}")
        if message.documents:
            parts.append("\n".join(f"- Attached: {entry.name}" for entry in message.documents))
        if message.uses_library:
            parts.append("- Answered from the library, too")
        parts.append(message.content)
        record = kept_record(message.made_by)
        if record is not None and record.texts:
            parts.append("\n".join(["Given to the model:", "", *map(_line, record.texts)]))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_json(conversation: Conversation, branch: Sequence[StoredMessage]) -> str:
    """`made_by` is as it is kept: model, parameters, seed, and in `given` the places of the texts."""
    messages: list[dict[str, Any]] = [
        {
            "role": str(message.role),
            "content": message.content,
            "created_at": message.created_at,
            "status": str(message.status),
            **({"reasoning": message.reasoning} if message.reasoning else {}),
            "documents": [_document(entry) for entry in message.documents],
            "library": message.uses_library,
            "made_by": message.made_by,
        }
        for message in branch
    ]
    whole = {
        "title": conversation.title,
        "created_at": conversation.created_at,
        "messages": messages,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _line(text: GivenPlace) -> str:
    return f"- {text.name}{', the whole document' if text.whole else f', {text.place}'}"


def _document(entry: DocumentEntry) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(entry)
    return {name: value for name, value in plain.items() if name not in ("id", "added_at")}
