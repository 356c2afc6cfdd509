"""Pure helpers around a conversation's text: its title, what of it the model is sent, and sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from engine.storage.records import StoredMessage
from engine.types import ContextWindow, Message, Role

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


class ContextCut(msgspec.Struct, frozen=True):
    """Where what the model sees of a branch begins: at `message_id`, after `count` messages."""

    message_id: int
    count: int
    note: str  # what it is told in their place, "" if nothing


def prompt_messages(
    branch: Iterable[StoredMessage], system_prompt: str, continued: str = ""
) -> tuple[Message, ...]:
    """The branch as the model is sent it: the instructions first, nothing empty.

    Partial answers belong to it. Two messages of one side in a row (an answer between them failed)
    become one, since many chat templates refuse anything but turns. `continued` is the answer so
    far that is to go on.
    """
    messages: list[Message] = []
    if system_prompt.strip():
        messages.append(Message(Role.SYSTEM, system_prompt.strip()))
    for stored, is_new in _turns(branch):
        if is_new:
            messages.append(Message(stored.role, stored.content))
        else:
            both = f"{messages[-1].content}\n\n{stored.content}"
            messages[-1] = Message(stored.role, both)
    if continued.strip():
        messages.append(Message(Role.ASSISTANT, continued))
    return tuple(messages)


def last_window(branch: Sequence[StoredMessage]) -> ContextWindow:
    """What the last answer of the branch did not see."""
    made = next((m.made_by for m in reversed(branch) if m.made_by is not None), None)
    try:
        return msgspec.convert((made or {}).get("window", {}), ContextWindow)
    except msgspec.ValidationError:  # damaged, or of another version
        return ContextWindow()


def context_cut(branch: Sequence[StoredMessage]) -> ContextCut | None:
    """Where the last answer's view of the branch begins; None if it saw all of it."""
    window = last_window(branch)
    turn = -1
    for count, (stored, is_new) in enumerate(_turns(branch)):
        turn += is_new
        if turn >= window.unseen:
            return ContextCut(stored.id, count, window.note) if count else None
    return None


def _turns(branch: Iterable[StoredMessage]) -> Iterator[tuple[StoredMessage, bool]]:
    """The messages that are sent, and whether each begins a new turn."""
    role: Role | None = None
    for stored in branch:
        if stored.content.strip():
            yield stored, stored.role is not role
            role = stored.role
