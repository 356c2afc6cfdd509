"""Marks in an answer's text the quotes that were looked up: underlined where they were found, and
otherwise where they were not.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from engine.protocol import CheckedQuote
from gui.markdown.view import MarkdownView
from gui.theme import Theme

_MARKUP = re.compile(r"\*+|`|(?<!\w)_+|_+(?!\w)|^[ ]{0,3}>[ ]?", re.MULTILINE)


class QuoteMarks(QObject):
    """`show` once; the marks follow when the text is drawn anew."""

    def __init__(self, theme: Theme, view: MarkdownView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self._quotes: tuple[tuple[str, bool], ...] = ()
        view.caught_up.connect(self._draw)

    def show(self, text: str, quotes: tuple[CheckedQuote, ...]) -> None:
        """`quotes` are places in `text`, the Markdown."""
        self._quotes = tuple(
            (_MARKUP.sub("", text[one.start : one.end]), one.given >= 0) for one in quotes
        )
        if not self._view.is_busy():
            self._draw()

    def _draw(self) -> None:
        drawn = _utf16(self._view.document().toPlainText())
        at, selections = 0, []
        for words, is_found in self._quotes:
            pattern = r"\s+".join(re.escape(_utf16(word)) for word in words.split())
            match = re.compile(pattern).search(drawn, at)
            if match is None:
                continue
            at = match.end()
            selections.append(self._selection(match.start(), match.end(), is_found))
        self._view.setExtraSelections(selections)

    def _selection(self, start: int, end: int, is_found: bool) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self._view.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        look = QTextCharFormat()
        style = QTextCharFormat.UnderlineStyle
        look.setUnderlineStyle(style.SingleUnderline if is_found else style.DashUnderline)
        look.setUnderlineColor(self._theme.color("positive" if is_found else "warning"))
        selection.format = look
        return selection


def _utf16(text: str) -> str:
    """As many characters as Qt counts: one beyond the first plane becomes two."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return (
        raw.decode("utf-16-le", "surrogatepass")
        if len(raw) == 2 * len(text)
        else "".join(
            chr(int.from_bytes(raw[at : at + 2], "little")) for at in range(0, len(raw), 2)
        )
    )
