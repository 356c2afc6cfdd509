"""Marks on a text: which stretches are painted, in which colour. Pure, by character positions."""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterator
from typing import NamedTuple


class Mark(NamedTuple):
    """`token` is the line's colour, `token_soft` the fill's; `number` tells the page which it is. What
    is not sure is `faint`: its line is dotted, and it has no fill."""

    start: int
    end: int
    token: str
    label: str
    number: int
    faint: bool = False


class Marks:
    """In the order of the text. `hidden` labels are neither painted nor found."""

    def __init__(self, marks: Collection[Mark] = ()) -> None:
        self._all = sorted(marks)
        self._shown = self._all
        self._starts: list[int] = []
        self._longest = 0
        self.hide(())

    def hide(self, labels: Collection[str]) -> None:
        self._shown = [mark for mark in self._all if mark.label not in labels]
        self._starts = [mark.start for mark in self._shown]
        self._longest = max((mark.end - mark.start for mark in self._shown), default=0)

    def shown(self) -> list[Mark]:
        return self._shown

    def within(self, start: int, end: int) -> Iterator[Mark]:
        """The marks that touch [start, end)."""
        low = bisect.bisect_left(self._starts, start - self._longest)
        high = bisect.bisect_left(self._starts, end)
        return (mark for mark in self._shown[low:high] if mark.end > start)

    def at(self, position: int) -> Mark | None:
        """The shortest mark over a character."""
        found = list(self.within(position, position + 1))
        return min(found, key=lambda mark: mark.end - mark.start, default=None)

    def next_after(self, position: int, step: int) -> Mark | None:
        """The next mark from a position on (step 1) or before it (step -1), round the end."""
        if not self._shown:
            return None
        if step > 0:
            index = bisect.bisect_right(self._starts, position)
        else:
            index = bisect.bisect_left(self._starts, position) - 1
        return self._shown[index % len(self._shown)]
