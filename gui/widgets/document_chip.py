"""A document that belongs to a message, as a chip: its kind, its name, how long it is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from gui import icons
from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain import plain_tooltip

WIDEST_NAME, ICON = 190, 14  # pixels


class DocumentChip(QFrame):
    """`opened` by a click on the name; with `removable` Del or the cross asks for its removal."""

    opened = Signal()
    removed = Signal()

    def __init__(self, theme: Theme, parent: QWidget, *, removable: bool) -> None:
        super().__init__(parent)
        self._theme, self._icon_name, self._removable = theme, "", removable
        self.setProperty("kind", "docchip")
        self._mark = QLabel(self)
        self.name = QPushButton(self)
        self.name.setProperty("kind", "docname")
        self.name.setCursor(Qt.CursorShape.PointingHandCursor)
        self.name.clicked.connect(self.opened)
        self.facts = ElidedLabel(self)
        self.facts.setProperty("kind", "caption")
        self.cross = QToolButton(self)
        self.cross.setProperty("kind", "cross")
        self.cross.setIconSize(QSize(12, 12))
        self.cross.clicked.connect(self.removed)
        self.cross.setVisible(removable)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 4 if removable else 10, 2)
        row.setSpacing(6)
        for widget in (self._mark, self.name, self.facts, self.cross):
            row.addWidget(widget, int(widget is self.facts))
        theme.changed.connect(self._recolor)

    def show_document(self, name: str, icon_name: str, facts: str, tip: str = "") -> None:
        """`tip` is shown where the name does not tell enough, as a path does."""
        self._icon_name = icon_name
        metrics = QFontMetrics(self.name.font())
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, WIDEST_NAME)
        self.name.setText(shown.replace("&", "&&"))
        self.name.setAccessibleName(f"{name}, {facts}" if facts else name)
        self.facts.setText(facts)
        self.facts.setVisible(bool(facts))
        self.setToolTip(plain_tooltip(tip or name))
        self.cross.setAccessibleName(self.tr("Remove {name}").format(name=name))
        self.cross.setToolTip(self.tr("Remove  (Del)"))
        self._recolor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def _recolor(self) -> None:
        if self._icon_name:
            self._mark.setPixmap(icons.pixmap(self._icon_name, self._theme.hex("accent"), ICON))
        self.cross.setIcon(icons.icon("x", self._theme.hex("mut"), 12))
