"""Pure helpers around a conversation's text: its title, and what of it the model is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.storage.records import StoredMessage
from engine.types import Message, Role

TITLE_CHARACTERS = 60
_MARKS = re.compile(r"^[\s#>*`~\-]+|[*`]+")


def title_from(text: str) -> str:
    """A conversation's title: the first line that says something, cut at a word."""
    for line in text[:4000].splitlines():
        title = " ".join(_MARKS.sub(" ", line).split())
        if len(title) > TITLE_CHARACTERS:
            cut = title[:TITLE_CHARACTERS]
            head, _, _ = cut.rpartition(" ")
            # Chinese and Japanese have no spaces: cut anywhere rather than far too early.
            title = (head if len(head) > TITLE_CHARACTERS // 2 else cut).rstrip(" ,.;:") + "…"
        if title:
            return title
    return " ".join(text[:TITLE_CHARACTERS].split())


def prompt_messages(branch: Iterable[StoredMessage], system_prompt: str) -> tuple[Message, ...]:
    """The branch as the model is sent it: the instructions first, nothing empty.

    Partial answers belong to it. Two messages of one side in a row (an answer between them failed)
    become one, since many chat templates refuse anything but turns.
    """
    messages: list[Message] = []
    if system_prompt.strip():
        messages.append(Message(Role.SYSTEM, system_prompt.strip()))
    for stored in branch:
        if not stored.content.strip():
            continue
        if messages and messages[-1].role is stored.role:
            both = f"{messages[-1].content}\n\n{stored.content}"
            messages[-1] = Message(stored.role, both)
        else:
            messages.append(Message(stored.role, stored.content))
    return tuple(messages)
