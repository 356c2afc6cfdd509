"""A page that is one readable column of cards under a title, scrolled as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

WIDTH, SIDE, BETWEEN, HEAD = 704, 24, 12, 34


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
        self._head = QHBoxLayout()
        heading = self.text(title, self._body, kind="heading")
        heading.setMinimumHeight(HEAD)
        self._head.addWidget(heading, 1)
        self._column.addLayout(self._head)
        self._column.addSpacing(4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column stands in the middle of the page, whether or not there is a scroll bar."""
        super().resizeEvent(event)
        left = max(SIDE, (self.width() - WIDTH) // 2)
        right = max(SIDE, self.viewport().width() - left - WIDTH)
        self._content.layout().setContentsMargins(left, 36, right, 48)  # type: ignore[union-attr]

    def add(self, widget: QWidget, alignment: Qt.AlignmentFlag | None = None) -> None:
        if alignment is None:
            self._column.addWidget(widget)
        else:
            self._column.addWidget(widget, 0, alignment)

    def add_action(self, widget: QWidget) -> None:
        """At the right of the title."""
        self._head.addWidget(widget)

    def add_card(self, heading: str, content: QWidget) -> QWidget:
        """`content` on a card under `heading`, if that is not ""; returns both together."""
        section = QWidget(self._body)
        card = QFrame(section)
        card.setProperty("kind", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(20, 4, 20, 4)
        content.setParent(card)
        inside.addWidget(content)
        column = QVBoxLayout(section)
        column.setContentsMargins(0, BETWEEN, 0, 0)
        column.setSpacing(8)
        if heading:
            column.addWidget(self.text(heading, section, kind="mut"))
        column.addWidget(card)
        self.add(section)
        return section

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
