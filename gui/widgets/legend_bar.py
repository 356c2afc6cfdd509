"""The row above a document: the kinds of marks, to be shown or hidden, and how long the text is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.results.base import LegendEntry

HEIGHT, SQUARE, PAD, PIXELS = 26, 9, 6, 13


class LegendBar(QWidget):
    """`hidden_changed` gives the labels that are hidden."""

    hidden_changed = Signal(object)  # frozenset[str]

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: dict[str, LegendChip] = {}
        self._about = ElidedLabel(self)
        self._about.setProperty("kind", "caption")
        self._about.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addWidget(self._about, 1)
        self.setFixedHeight(40)

    def show_about(self, text: str) -> None:
        self._about.setText(text)

    def show_entries(self, entries: list[LegendEntry]) -> None:
        """Chips for these; one that was hidden stays hidden while its kind is there."""
        known = {entry.label for entry in entries}
        for label in [label for label in self._chips if label not in known]:
            chip = self._chips.pop(label)
            chip.hide()
            chip.deleteLater()
        for place, entry in enumerate(entries):
            if entry.label not in self._chips:
                chip = LegendChip(self._theme, self)
                chip.toggled.connect(lambda on: self.hidden_changed.emit(self.hidden()))
                self._chips[entry.label] = chip
            self._row.insertWidget(place, self._chips[entry.label])
            self._chips[entry.label].show_entry(entry)

    def chips(self) -> dict[str, LegendChip]:
        return self._chips

    def hidden(self) -> frozenset[str]:
        return frozenset(label for label, chip in self._chips.items() if not chip.isChecked())


class LegendChip(QAbstractButton):
    """A square in the kind's colour, its name and count; hollow while hidden."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entry = LegendEntry("", "mut", "", 0)
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_entry(self, entry: LegendEntry) -> None:
        self._entry = entry
        self.setText(f"{entry.title} {entry.number}")
        self.setAccessibleName(self.text())
        self.setToolTip(self.tr("Show or hide these in the text"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self._theme.font(PIXELS)).horizontalAdvance(self.text())
        return QSize(PAD + SQUARE + 5 + width + PAD, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        color = self._theme.color(self._entry.token)
        square = QRectF(PAD, (HEIGHT - SQUARE) / 2, SQUARE, SQUARE)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRoundedRect(square, 2, 2)
        else:
            painter.setPen(QPen(color, 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(square.adjusted(0.7, 0.7, -0.7, -0.7), 2, 2)
        strong = self.isChecked() or self.underMouse()
        painter.setPen(self._theme.color("mut" if strong else "hint"))
        font = self._theme.font(PIXELS)
        font.setStrikeOut(not self.isChecked())
        painter.setFont(font)
        where = self.rect().adjusted(PAD + SQUARE + 5, 0, 0, 0)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, self.text())
