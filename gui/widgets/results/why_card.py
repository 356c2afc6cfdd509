"""Why a sentence was judged as it was: the sentence with the words that speak for and against it.

It shows what it is given; who asks the engine is the page's affair.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.errors import ErrorInfo
from engine.protocol import Explanation
from engine.text_tools.results import UNSURE
from engine.types import Span
from gui import icons
from gui.theme import Theme
from gui.widgets.results.column import plain_label, wrapped_label
from gui.widgets.results.heat_text import HeatText
from gui.widgets.results.sentiment_words import label_title, sign

SWATCH, WIDE = 10, 460  # pixels


class WhyCard(QFrame):
    """Hidden until something is shown; its button hides it again."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._label = ""
        self.setProperty("kind", "card")
        self.title = plain_label("", self, "section")
        self.close_button = QToolButton(self)
        self.close_button.setIconSize(QSize(14, 14))
        self.close_button.setAccessibleName(self.tr("Close the explanation"))
        self.close_button.setToolTip(self.tr("Close"))
        self.close_button.clicked.connect(self.close_card)
        self.heat = HeatText(theme, self)
        self.state = wrapped_label("", self, "hint")
        self.legend = QWidget(self)
        self._for = _Swatch(theme, "positive", self.legend)
        self._against = _Swatch(theme, "negative", self.legend)
        self.words_for = plain_label("", self.legend, "caption")
        self.words_against = plain_label("", self.legend, "caption")
        legend = QHBoxLayout(self.legend)
        legend.setContentsMargins(0, 0, 0, 0)
        legend.setSpacing(6)
        legend.addWidget(self._for)
        legend.addWidget(self.words_for)
        legend.addSpacing(8)
        legend.addWidget(self._against)
        legend.addWidget(self.words_against)
        legend.addStretch(1)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addWidget(self.title)
        self._head.addStretch(1)
        self._head.addWidget(self.close_button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 8, 8, 12)
        self._column.setSpacing(6)
        self._column.addLayout(self._head)
        for widget in (self.heat, self.state, self.legend):
            self._column.addWidget(widget)
        self.hide()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_waiting(self, span: Span) -> None:
        """A sentence whose words are being looked at."""
        self._label = span.label
        self.title.setText(f"{sign(span.label)} " + self._title(span.label, span.label))
        self.heat.show_words(span.text, ())
        self._say(self.tr("Looking at its words…"))
        self.show()

    def show_explanation(self, span: Span, found: Explanation) -> None:
        name = label_title(found.label)
        self.title.setText(f"{sign(span.label)} " + self._title(span.label, found.label))
        self.heat.show_words(span.text, found.words)
        self.words_for.setText(self.tr("speaks for “{label}”").format(label=name))
        self.words_against.setText(self.tr("against it"))
        if not found.words:
            self._say(self.tr("There are no words to judge in it."))
        else:
            none = self.tr("No single word decides it.")
            self._say("" if self.heat.is_tinted() else none)
        self.show()

    def show_error(self, span: Span, error: ErrorInfo) -> None:
        self.heat.show_words(span.text, ())
        self._say(" ".join(part for part in (error.message, error.hint) if part))
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room, the legend stands beside the title: below a text the card is low."""
        super().resizeEvent(event)
        is_beside = self._head.indexOf(self.legend) >= 0
        if is_beside != (self.width() >= WIDE):
            if is_beside:
                self._head.removeWidget(self.legend)
                self._column.addWidget(self.legend)
            else:
                self._column.removeWidget(self.legend)
                self._head.insertWidget(2, self.legend)

    def close_card(self) -> None:
        self.hide()
        self.closed.emit()

    def _title(self, label: str, nearest: str) -> str:
        if label != UNSURE:
            return self.tr("Why “{label}”?").format(label=label_title(label))
        if nearest == UNSURE:
            return self.tr("Why not sure?")
        return self.tr("Not sure, nearest to “{label}”").format(label=label_title(nearest))

    def _say(self, text: str) -> None:
        self.state.setText(text)
        self.state.setVisible(bool(text))
        self.legend.setVisible(not text)

    def _on_theme_changed(self) -> None:
        self.close_button.setIcon(icons.icon("x", self._theme.hex("mut"), 14))


class _Swatch(QWidget):
    def __init__(self, theme: Theme, token: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._token = theme, token
        self.setFixedSize(SWATCH, SWATCH)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        color = self._theme.color(self._token)
        color.setAlphaF(0.55)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
