"""A sentence of the text, with its label above it, in the list of the strongest."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.types import Span
from gui.theme import Theme
from gui.widgets.results.cited_text import Chip, CitedText
from gui.widgets.results.column import plain_label
from gui.widgets.results.sentiment_words import label_title, sign


class StrongSentence(QWidget):
    """`chosen` gives the sentence's number."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._number = 0
        self.label = plain_label("", self, "tone")
        self.text = CitedText(theme, self, serif=True)
        self.text.chosen.connect(lambda start, end: self.chosen.emit(self._number))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.label)
        column.addWidget(self.text)

    def show_span(self, span: Span, number: int, chip: Chip) -> None:
        self._number = number
        percent = "" if span.score is None else f"  {round(100 * span.score)} %"
        self.label.setText(f"{sign(span.label)} {label_title(span.label)}{percent}")
        self.label.setProperty("tone", span.label)
        self.label.style().polish(self.label)
        self.text.set_content(span.text, (chip,))
