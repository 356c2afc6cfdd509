"""What an answer is made of: a flat list of units, each a line or block of its own.

Plain values without Qt, so that two versions of a growing text can be compared cheaply.
"""

from __future__ import annotations

from typing import NamedTuple

BOLD, ITALIC, STRIKE, CODE = 1, 2, 4, 8


class Run(NamedTuple):
    """A stretch of text in one style. `token` names a theme colour, "" the usual one."""

    text: str
    style: int = 0
    link: str = ""
    token: str = ""


class TextUnit(NamedTuple):
    """A paragraph, a heading (1-6), or a list item's first paragraph (with its marker).

    `marker` is "" or "•" or a number; `indent` counts list levels, `quote` block quotes.
    """

    runs: tuple[Run, ...]
    gap: int
    heading: int = 0
    marker: str = ""
    indent: int = 0
    quote: int = 0


class CodeUnit(NamedTuple):
    """One line of a code block. `opens` and `closes` mark the first and last."""

    runs: tuple[Run, ...]
    gap: int
    language: str = ""
    opens: bool = False
    closes: bool = False
    indent: int = 0
    quote: int = 0


class TableUnit(NamedTuple):
    """`rows[0]` is the header; `aligns` has "", "left", "center" or "right" for each column."""

    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    aligns: tuple[str, ...]
    gap: int
    indent: int = 0
    quote: int = 0


class RuleUnit(NamedTuple):
    gap: int
    indent: int = 0
    quote: int = 0


Unit = TextUnit | CodeUnit | TableUnit | RuleUnit

GAP, HEADING_GAP, ITEM_GAP, LOOSE_ITEM_GAP = 12, 20, 5, 10
# Deeper nesting is shown at this depth, so that text keeps some width.
DEEPEST = 6
