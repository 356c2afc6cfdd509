"""A scrolling column for results: sections with a heading, rows apart by hairlines."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

PAGE, BATCH = 30, 6  # rows that are shown at first, and made in one turn of the event loop


class ResultColumn(QScrollArea):
    """As wide as its room, as long as what is in it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        inside = QWidget(self)
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(20, 8, 20, 20)
        self.column.setSpacing(0)
        self.column.addStretch(1)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)  # the pane's colour shows; setWidget turned this on

    def add(self, widget: QWidget, above: int = 0) -> None:
        """At the end of the column, `above` pixels below what is there."""
        at = self.column.count() - 1
        if above:
            self.column.insertSpacing(at, above)
            at += 1
        self.column.insertWidget(at, widget)


class Heading(QWidget):
    """A section's name, with a word at the right."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = plain_label(text, self)
        self.title.setProperty("kind", "section")
        self.aside = plain_label("", self)
        self.aside.setProperty("kind", "hint")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.aside)


class RowStack(QWidget):
    """Rows that are kept and refilled while a result grows, `gap` apart, with a hairline between
    them if they are `lined`.

    Of a long list only the first are shown, and a button for more. `more_asked` wants `resize_to`
    called again.
    """

    more_asked = Signal()

    def __init__(
        self,
        make: Callable[[QWidget], QWidget],
        parent: QWidget,
        *,
        gap: int = 9,
        lined: bool = True,
    ) -> None:
        super().__init__(parent)
        self._make, self._gap, self._lined = make, gap, lined
        self._limit = PAGE
        self.rows: list[QWidget] = []
        self._lines: list[QFrame] = []
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.more_asked)
        self.more = QPushButton(self)
        self.more.setProperty("kind", "link")
        self.more.clicked.connect(self._on_more_clicked)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(0)
        outside.addLayout(self._column)
        outside.addWidget(self.more)

    def reset(self) -> None:
        """Another document: begin with the first rows again."""
        self._limit = PAGE

    def resize_to(self, wanted: int) -> list[QWidget]:
        """Rows for `wanted` things, or for the first of them; those that are there come first."""
        shown = min(wanted, self._limit)
        self.more.setVisible(wanted > shown)
        self.more.setText(self.tr("%n more", "", wanted - shown))
        count = min(shown, len(self.rows) + BATCH)
        if count < shown:
            self._soon.start()
        while len(self.rows) < count:
            row, line = self._make(self), QFrame(self)
            line.setProperty("kind", "hairline")
            line.setFixedHeight(1)
            self._column.addSpacing(self._gap)
            self._column.addWidget(row)
            self._column.addSpacing(self._gap)
            self._column.addWidget(line)
            self.rows.append(row)
            self._lines.append(line)
        for number, (row, line) in enumerate(zip(self.rows, self._lines, strict=True)):
            row.setVisible(number < count)
            line.setVisible(self._lined and number < count - 1)
        self.setVisible(count > 0)
        return self.rows[:count]

    def _on_more_clicked(self) -> None:
        self._limit += PAGE
        self.more_asked.emit()


def plain_label(text: str, parent: QWidget, kind: str = "") -> QLabel:
    """A label that shows its characters, wraps, and can be selected."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        label.setProperty("kind", kind)
    return label


def wrapped_label(text: str, parent: QWidget, kind: str = "") -> QLabel:
    label = plain_label(text, parent, kind)
    label.setWordWrap(True)
    return label
