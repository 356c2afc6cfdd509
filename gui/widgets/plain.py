"""Text that came from elsewhere, shown as it is: Qt guesses rich text in tool tips."""

from __future__ import annotations

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": "<br>"}
_TABLE = str.maketrans(_ESCAPES)  # html.escape brings a table of all entities along


def plain_tooltip(text: str) -> str:
    """`text` so that a tool tip shows its characters and nothing else; "" for none."""
    if not text:
        return ""
    return "<qt>" + text.translate(_TABLE) + "</qt>"
