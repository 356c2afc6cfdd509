"""A passage that was found, as a card: where it stands, and its words with those that were asked."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.protocol import LibraryHit
from gui import icons
from gui.document_kinds import file_icon
from gui.theme import Theme
from gui.widgets.library.snippets import snippet
from gui.widgets.plain import plain_tooltip
from gui.widgets.results.column import plain_label

ICON = 14


class HitCard(QFrame):
    """`chosen` by a click or Enter; arrow keys go to its neighbours."""

    chosen = Signal(object)  # LibraryHit

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.hit: LibraryHit | None = None
        self.setProperty("kind", "hit")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._mark = QLabel(self)
        self.name = plain_label("", self, "blockname")
        self.place = plain_label("", self, "caption")
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        self.words.setFont(theme.serif_font(15))
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._mark)
        head.addWidget(self.name)
        head.addWidget(self.place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.words)
        for label in (self.name, self.place):
            label.setMinimumWidth(1)
        theme.changed.connect(self._recolor)

    def show_hit(self, hit: LibraryHit, query: str) -> None:
        self.hit = hit
        self.name.setText(hit.name)
        self.place.setText(hit.place)
        pieces = snippet(hit.text, query)
        self.words.setText(
            "".join(
                f"<b>{html.escape(one.text)}</b>" if one.is_found else html.escape(one.text)
                for one in pieces
            )
        )
        self.setAccessibleName(f"{hit.name}, {hit.place}: {''.join(one.text for one in pieces)}")
        self.setToolTip(plain_tooltip(hit.path))
        self._recolor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def _choose(self) -> None:
        if self.hit is not None:
            self.chosen.emit(self.hit)

    def _recolor(self) -> None:
        if self.hit is not None:
            icon = file_icon(self.hit.name)
            self._mark.setPixmap(icons.pixmap(icon, self._theme.hex("hint"), ICON))
