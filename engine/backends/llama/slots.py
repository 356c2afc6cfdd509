"""What one sequence of a context holds, and its state outside of one. Values with little behaviour."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import msgspec

CHUNK = 512  # tokens compared at once


class Segment:
    """Cells that were read in one go by one sequence, from position `start` on."""

    __slots__ = ("start",)

    def __init__(self, start: int) -> None:
        self.start = start


class Slot:
    """A sequence of the context and the tokens that it holds."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.tokens: array[int] = array("i")
        self.segments: list[tuple[Segment, int]] = []  # with the position where it ends here
        self.conversation = ""  # hashed; "" for what need not be kept
        self.is_shared = False  # another sequence may have the last segment, too
        self.is_dirty = False  # holds more than is on disk
        self.is_busy = False
        self.last_used = 0

    def extend(self, tokens: Sequence[int]) -> None:
        self.tokens.extend(tokens)
        end = len(self.tokens)
        if self.segments and not self.is_shared:
            self.segments[-1] = (self.segments[-1][0], end)
        else:
            self.segments.append((Segment(end - len(tokens)), end))
            self.is_shared = False

    def cut(self, length: int) -> None:
        del self.tokens[length:]
        before = len(self.segments)
        self.segments = [(s, min(end, length)) for s, end in self.segments if s.start < length]
        # Who else has the one that is the last now was not followed.
        self.is_shared = self.is_shared or len(self.segments) < before


class State(msgspec.Struct):
    """The state of a sequence outside the context."""

    tokens: array[int]
    data: bytes
    conversation: str
    is_dirty: bool = False


def common_length(a: array[int], b: array[int]) -> int:
    """Of the beginning that both have."""
    limit = min(len(a), len(b))
    for start in range(0, limit, CHUNK):
        end = min(start + CHUNK, limit)
        if a[start:end] != b[start:end]:
            return next(i for i in range(start, end) if a[i] != b[i])
    return limit
