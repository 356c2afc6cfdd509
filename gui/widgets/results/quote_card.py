"""A quote as a card: the words, where they stand, and whether they were found there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.text_tools.results import Quote
from gui import icons
from gui.theme import Theme
from gui.widgets.results.cited_text import CitedText
from gui.widgets.results.column import wrapped_label
from gui.widgets.results.source_chips import SourceChips

ICON = 14


class QuoteCard(QFrame):
    """`chosen` gives the place (start, end, document)."""

    chosen = Signal(int, int, int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_found = True
        self.setProperty("kind", "card")
        self.words = CitedText(theme, self, serif=True)
        self.words.chosen.connect(self.chosen)
        self._mark = QLabel(self)
        self.check = wrapped_label("", self, "positive")
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self._mark)
        foot.addWidget(self.check, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addLayout(foot)
        theme.changed.connect(self._recolor)

    def show_quote(self, quote: Quote, sources: SourceChips) -> None:
        self._is_found = quote.passage is not None
        chips = sources.chips((quote.passage,)) if quote.passage is not None else ()
        self.words.set_content(quote.text, chips)
        words = (
            self.tr("Stands there word for word")
            if self._is_found
            else self.tr("Not in the text in these words: do not rely on it")
        )
        self.check.setText(words)
        kind = "positive" if self._is_found else "warning"
        if self.check.property("kind") != kind:
            self.check.setProperty("kind", kind)
            self.check.style().polish(self.check)
        self.setAccessibleName(f"{quote.text} ({words})")
        self._recolor()

    def _recolor(self) -> None:
        name, token = ("check", "positive") if self._is_found else ("triangle-alert", "warning")
        self._mark.setPixmap(icons.pixmap(name, self._theme.hex(token), ICON))
