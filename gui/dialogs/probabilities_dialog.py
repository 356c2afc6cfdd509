"""How sure a model was of each word of an answer, and what it might have written instead."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.types import TokenScore
from gui.theme import Theme
from gui.widgets.form import hairline
from gui.widgets.token_choices import TokenChoices
from gui.widgets.token_map import TokenMap

MOST = 11  # alternatives, and the chosen one


class ProbabilitiesDialog(QDialog):
    """`content` is the answer: what of it came before the tokens is shown unshaded."""

    def __init__(
        self, theme: Theme, scores: Sequence[TokenScore], content: str, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._scores = [score for score in scores if score.text]
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Probabilities"))
        self.resize(720, 640)
        heading = QLabel(self.tr("How sure the model was"), self)
        heading.setProperty("kind", "title")
        text = QLabel(
            self.tr(
                "The darker a word, the less likely it was. Point at one, or go through them with"
                " the arrow keys, to see what might have stood there."
            ),
            self,
        )
        text.setProperty("kind", "mut")
        text.setWordWrap(True)
        card = QFrame(self)
        card.setProperty("kind", "card")
        self.map = TokenMap(theme, _head(content, self._scores), self._scores, card)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 8, 8, 8)
        inside.addWidget(self.map)
        most = max((len(score.alternatives) for score in self._scores), default=0)
        self.choices = TokenChoices(theme, min(max(most, 1) + 1, MOST), self)
        close = QPushButton(self.tr("Close"), self)
        close.setProperty("kind", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        for widget in (heading, text):
            layout.addWidget(widget)
        layout.addWidget(card, 1)
        layout.addWidget(self.choices)
        layout.addWidget(hairline(self))
        layout.addLayout(buttons)
        self.map.current_changed.connect(self._on_map_current_changed)
        if self._scores:
            self.choices.show_score(self._scores[0])
        self.map.setFocus()

    def _on_map_current_changed(self, number: int) -> None:
        self.choices.show_score(self._scores[number])
        if self.map.hasFocus():
            from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

            spoken = QAccessibleAnnouncementEvent(self.choices, self.choices.spoken())
            QAccessible.updateAccessibility(spoken)


def _head(content: str, scores: Sequence[TokenScore]) -> str:
    """What a continued answer began with: its tokens were another answer's."""
    scored = "".join(score.text for score in scores)
    return content[: -len(scored)] if scored and content.endswith(scored) else ""
