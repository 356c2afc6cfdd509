"""A page that is one readable column of cards under a title, scrolled as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

WIDTH, SIDE, BETWEEN = 704, 24, 12


class PageColumn(QScrollArea):
    """Fills its parent. `add_card` puts content on a card under a small heading."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(parent)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self)
        self._content = QWidget(self)
        self._content.setProperty("kind", "page")
        self.setWidget(self._content)
        middle = QVBoxLayout(self._content)
        middle.setContentsMargins(SIDE, 40, SIDE, 48)
        self._body = QWidget(self._content)
        self._body.setMaximumWidth(WIDTH)
        middle.addWidget(self._body)
        middle.setAlignment(self._body, Qt.AlignmentFlag(0))
        middle.addStretch(1)
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(BETWEEN)
        self.add(self.text(title, self._body, kind="heading"))

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().resizeEvent(event)
        side = max(SIDE, (self.viewport().width() - WIDTH) // 2)
        self._content.layout().setContentsMargins(side, 40, side, 48)  # type: ignore[union-attr]

    def add(self, widget: QWidget, alignment: Qt.AlignmentFlag | None = None) -> None:
        if alignment is None:
            self._column.addWidget(widget)
        else:
            self._column.addWidget(widget, 0, alignment)

    def add_card(self, heading: str, content: QWidget) -> QFrame:
        self._column.addSpacing(BETWEEN)
        self.add(self.text(heading, self._body, kind="mut"))
        card = QFrame(self._body)
        card.setProperty("kind", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 4, 16, 4)
        content.setParent(card)
        inside.addWidget(content)
        self.add(card)
        return card

    @staticmethod
    def fill(widget: QWidget, rows: Sequence[QWidget]) -> None:
        """Put `rows` below each other in `widget`."""
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(8)
        for row in rows:
            column.addWidget(row)

    @staticmethod
    def text(text: str, parent: QWidget, *, kind: str = "", selectable: bool = False) -> QLabel:
        """A plain-text label that wraps."""
        label = QLabel(text, parent)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        if kind:
            label.setProperty("kind", kind)
        if selectable:
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        return label
