"""What of a conversation a model is shown when all of it is too long, and that it is told.

A part that was left out stays out in the turns that follow (`ContextWindow` is kept with every
answer), and so much is left out at once that several turns fit again: a prompt that begins with
other messages each time would have to be read anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from engine.contracts import AbortFlag, GenerationEnd, LanguageModel
from engine.errors import ContextOverflowError
from engine.types import ContextWindow, GenerationParams, Message, OverflowPolicy, Role, Usage

ANSWER_SHARE = 4  # of the context, one part in four at most is kept free for the answer
KEPT_SHARE = 2  # after leaving out, what is left fills at most one part in two
NOTE_TOKENS = 220
_NOTE_TASK = (
    "Summarize the conversation below in one short paragraph. Keep names, numbers, decisions and "
    "open questions. Write only the summary."
)
_NOTE_HEAD = "Earlier in this conversation: "
_SPEAKERS = {Role.USER: "User", Role.ASSISTANT: "Assistant", Role.SYSTEM: "System"}


class ShownMessages(msgspec.Struct, frozen=True):
    """The messages to send, what they leave out, and what it cost to write the note."""

    messages: tuple[Message, ...]
    window: ContextWindow
    usage: Usage = Usage()


def shown_messages(
    model: LanguageModel,
    messages: Sequence[Message],
    params: GenerationParams,
    policy: OverflowPolicy,
    window: ContextWindow,
    abort: AbortFlag,
    report: Callable[[str, float, float], None],
) -> ShownMessages:
    """Fit `messages` into the model's context; `ContextOverflowError` where that cannot be."""
    system = tuple(m for m in messages[:1] if m.role is Role.SYSTEM)
    said = tuple(messages[len(system) :])
    if policy is OverflowPolicy.STOP or window.unseen >= len(said):
        window = ContextWindow()
    n_ctx = model.info.n_ctx
    answer = min(params.max_tokens, n_ctx // ANSWER_SHARE)
    shown = _shown(system, said, window)
    length = model.count_prompt_tokens(shown)
    if length + (1 if policy is OverflowPolicy.STOP else answer) <= n_ctx:
        return ShownMessages(shown, window)
    if policy is OverflowPolicy.STOP:
        raise ContextOverflowError(
            f"This is {length:,} tokens long, but the model sees only {n_ctx:,} at once."
        )
    note_room = NOTE_TOKENS if policy is OverflowPolicy.SUMMARIZE else 0
    unseen = _first_seen(model, system, said, window, n_ctx // KEPT_SHARE - note_room)
    rest = model.count_prompt_tokens(_shown(system, said, ContextWindow(unseen)))
    if rest + note_room >= n_ctx:
        raise ContextOverflowError(
            f"The last message alone is {rest:,} tokens long, but the model sees only "
            f"{n_ctx:,} at once."
        )
    note, usage = "", Usage()
    if policy is OverflowPolicy.SUMMARIZE and unseen:
        note, usage = _note(model, window, said[window.unseen : unseen], abort, report)
    window = ContextWindow(unseen, note)
    return ShownMessages(_shown(system, said, window), window, usage)


def _shown(
    system: tuple[Message, ...], said: tuple[Message, ...], window: ContextWindow
) -> tuple[Message, ...]:
    if window.note:
        head = "\n\n".join([*(m.content for m in system), _NOTE_HEAD + window.note])
        system = (Message(Role.SYSTEM, head),)
    return system + said[window.unseen :]


def _first_seen(
    model: LanguageModel,
    system: tuple[Message, ...],
    said: tuple[Message, ...],
    window: ContextWindow,
    room: int,
) -> int:
    """The first turn from which on everything fits `room`, or the last one if none does."""
    turns = [i for i, m in enumerate(said) if m.role is Role.USER and i > window.unseen]
    if not turns:
        return window.unseen
    low, high = 0, len(turns) - 1
    while low < high:  # the later a turn, the shorter what follows
        middle = (low + high) // 2
        shown = _shown(system, said, ContextWindow(turns[middle]))
        if model.count_prompt_tokens(shown) <= room:
            high = middle
        else:
            low = middle + 1
    return turns[low]


def _note(
    model: LanguageModel,
    window: ContextWindow,
    left_out: Sequence[Message],
    abort: AbortFlag,
    report: Callable[[str, float, float], None],
) -> tuple[str, Usage]:
    """A note of what is left out, written by the model piece by piece on top of the last note."""
    lines = [f"{_SPEAKERS[message.role]}: {message.content.strip()}" for message in left_out]
    note, usage = window.note, Usage()
    pieces = _pieces(model, lines, max(256, model.info.n_ctx // 2 - 2 * NOTE_TOKENS))
    for done, piece in enumerate(pieces):
        report("condensing", done, len(pieces))
        text = f"{_NOTE_HEAD}{note}\n\n{piece}" if note else piece
        asked = [Message(Role.SYSTEM, _NOTE_TASK), Message(Role.USER, text)]
        params = GenerationParams(max_tokens=NOTE_TOKENS, temperature=0.0, seed=1)
        written = []
        for part in model.stream(asked, params, abort, urgent=True):
            if isinstance(part, GenerationEnd):
                usage += part.usage
            elif not part.reasoning:
                written.append(part.text)
        abort.raise_if_set()
        note = " ".join("".join(written).split()) or note
    return note, usage


def _pieces(model: LanguageModel, lines: Sequence[str], room: int) -> list[str]:
    """The lines in as few pieces as each fit `room` tokens; a line that is longer is cut."""
    pieces: list[list[str]] = [[]]
    used = 0
    for line in lines:
        while line:
            tokens = model.count_tokens(line)
            if tokens > room:
                cut = max(1, len(line) * room // (tokens + 1))
                head, line = line[:cut], line[cut:]
                tokens = min(tokens, room)
            else:
                head, line = line, ""
            if pieces[-1] and used + tokens > room:
                pieces.append([])
                used = 0
            pieces[-1].append(head)
            used += tokens
    return ["\n\n".join(piece) for piece in pieces if piece]
