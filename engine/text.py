"""Making any text safe to keep, to send and to show, without moving a single character."""

from __future__ import annotations

import re

# Lone surrogates cannot be encoded; NUL ends strings in C; U+FDD0/U+FDD1 are what Qt's text
# documents use as marks of their own.
_UNUSABLE = re.compile("[\x00\ud800-\udfff\ufdd0\ufdd1]")
_LINE_ENDS = re.compile("\r\n|\r|\u2029")


def clean_text(text: str) -> tuple[str, int]:
    """Normalize line ends to "\\n" and put U+FFFD for what cannot be kept; return text and count."""
    return _UNUSABLE.subn("\ufffd", _LINE_ENDS.sub("\n", text))


def replaced_remark(count: int) -> str:
    """What the user is told when `clean_text` replaced something."""
    noun = "character" if count == 1 else "characters"
    return f"{count} unusable {noun} (NUL or broken Unicode) replaced by \ufffd."
