"""Text that came from elsewhere, shown as it is: Qt guesses rich text in tool tips."""

from __future__ import annotations

import html


def plain_tooltip(text: str) -> str:
    """`text` so that a tool tip shows its characters and nothing else; "" for none."""
    if not text:
        return ""
    return "<qt>" + html.escape(text).replace("\n", "<br>") + "</qt>"
