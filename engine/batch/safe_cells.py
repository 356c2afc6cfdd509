"""Cells that a spreadsheet must not run as formulas; for every CSV file that Carrel writes.

OWASP, "CSV Injection": a cell that begins with = + - @, tab, carriage return, line feed, or a
full-width form of the signs, gets an apostrophe in front. Plain numbers stay numbers.
"""

from __future__ import annotations

import re
import unicodedata

_SIGNS = ("=", "+", "-", "@")
_BREAKS = ("\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]+)*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?%?")


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet might run it."""
    if cell.startswith(_BREAKS):
        return True
    first = next((character for character in cell if not _is_dropped(character)), "")
    sign = unicodedata.normalize("NFKC", first).startswith(_SIGNS)
    return sign and not _NUMBER.fullmatch(cell)


def _is_dropped(character: str) -> bool:
    """White space, controls and marks without a width, which some programs skip."""
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf")


def safe_cell(cell: str) -> str:
    return f"'{cell}" if is_formula(cell) else cell
