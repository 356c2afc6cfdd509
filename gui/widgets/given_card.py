"""A text that the model was given, as a card: where it stands, and the text, of a long one the first
lines.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui import icons
from gui.document_kinds import file_icon
from gui.given_record import GivenPlace
from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain import plain_tooltip

ICON, LEAST_WHERE = 14, 150  # pixels; the name gives way before the place
PASSAGE, BEGINNING = 800, 260  # characters that are shown of a passage, and of a whole document


class GivenCard(QFrame):
    """`chosen` by a click or Enter; arrow keys go to its neighbours."""

    chosen = Signal()

    def __init__(self, theme: Theme, place: GivenPlace, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self.place = theme, place
        self.setProperty("kind", "hit")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._mark = QLabel(self)
        self.name = ElidedLabel(self, mode=Qt.TextElideMode.ElideMiddle)
        self.name.setText(place.name)
        self.where = ElidedLabel(self)
        self.where.setProperty("kind", "caption")
        self.where.setText(self._where(place))
        self.where.setMinimumWidth(min(self.where.sizeHint().width(), LEAST_WHERE))
        self.words = QLabel(_shown(text, BEGINNING if place.whole else PASSAGE), self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setProperty("kind", "caption")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.words.setVisible(bool(text))
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._mark)
        head.addWidget(self.name)
        head.addWidget(self.where)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 7, 12, 9)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self.words)
        self.setAccessibleName(f"{place.name}, {self.where.text()}: {self.words.text()}")
        self.setToolTip(plain_tooltip(place.path or place.name))
        self._recolor()
        theme.changed.connect(self._recolor)

    def _where(self, place: GivenPlace) -> str:
        if place.whole:
            return self.tr("the whole document")
        if place.document is None:
            return self.tr("from the library · {place}").format(place=place.place)
        return place.place

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def _recolor(self) -> None:
        icon = file_icon(self.place.name)
        self._mark.setPixmap(icons.pixmap(icon, self._theme.hex("hint"), ICON))


def _shown(text: str, most: int) -> str:
    words = " ".join(text[: 2 * most].split())
    if len(words) <= most:
        return words
    cut = words[:most]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut).rstrip(" ,;:") + " …"
