"""Below the table: the chosen name's mention that is shown in the text, and what else it might be."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.text_tools.results import Entity
from engine.types import Span
from gui import icons
from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain import plain_tooltip
from gui.widgets.results.column import plain_label, wrapped_label
from gui.widgets.results.name_types import LESS_SURE, alternatives_words, percent, type_title


class MentionCard(QFrame):
    """`step_asked` gives 1 or -1."""

    step_asked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("kind", "card")
        self.name = ElidedLabel(self)
        self.name.setProperty("kind", "section")
        self.place = plain_label("", self, "caption")
        self.sure = wrapped_label("", self, "hint")
        self.before = self._button(-1, self.tr("Previous mention"))
        self.after = self._button(1, self.tr("Next mention"))
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.name, 1)
        top.addWidget(self.place)
        top.addWidget(self.before)
        top.addWidget(self.after)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 8)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.sure)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_mention(self, entity: Entity, span: Span, number: int) -> None:
        """`span` is the mention at the place `number`, from 0, of the name's."""
        self.name.setText(" ".join(span.text.split()))
        self.name.setToolTip(plain_tooltip(self.name.text()))
        count = len(entity.mentions)
        self.place.setText(self.tr("{number} of {count}").format(number=number + 1, count=count))
        self.before.setEnabled(count > 1)
        self.after.setEnabled(count > 1)
        self.sure.setText(mention_words(span))
        self.show()

    def _button(self, step: int, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setIconSize(QSize(14, 14))
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda: self.step_asked.emit(step))
        return button

    def _on_theme_changed(self) -> None:
        color = self._theme.hex("mut")
        self.before.setIcon(icons.icon("chevron-left", color, 14))
        self.after.setIcon(icons.icon("chevron-right", color, 14))


def mention_words(span: Span) -> str:
    """What a mention is, how surely, and what else it might be."""
    words = alternatives_words(span.alternatives)
    if not words:
        words = type_title(span.label)
        if span.score is not None:
            words += f" {percent(span.score)}"
    if span.score is not None and span.score < LESS_SURE:
        doubt = QCoreApplication.translate("MentionCard", "Not sure: {what}")
        return doubt.format(what=words)
    return words
