"""Above the box to write in: the documents that go with the message, and those that were refused."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import icons
from gui.attachments import FAILED, READY, Attachment
from gui.document_facts import entry_facts
from gui.document_kinds import file_icon, format_icon
from gui.theme import Theme
from gui.widgets.document_chip import DocumentChip
from gui.widgets.flow_layout import FlowLayout

MOST_HEIGHT, GAP, BAR = 112, 4, 10  # pixels; more chips scroll


class DocumentTray(QWidget):
    """`show_entries` says all; hidden while there are none."""

    removed = Signal(int)  # the key
    opened = Signal(int)  # the document's id

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: dict[int, DocumentChip] = {}
        self._refused: dict[int, RefusedLine] = {}
        self._inside = QWidget(self)
        self._chip_room = QWidget(self._inside)
        self._flow = FlowLayout(self._chip_room)
        self._lines = QVBoxLayout(self._inside)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(GAP)
        self._lines.addWidget(self._chip_room)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._inside)
        self._inside.setAutoFillBackground(False)
        self._scroll.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.addWidget(self._scroll)
        self.setAccessibleName(self.tr("Attached documents"))
        self.hide()

    def chips(self) -> list[DocumentChip]:
        return list(self._chips.values())

    def refused(self) -> list[RefusedLine]:
        return list(self._refused.values())

    def show_entries(self, entries: list[Attachment]) -> None:
        good = [one for one in entries if one.state != FAILED]
        bad = [one for one in entries if one.state == FAILED]
        for known, wanted in ((self._chips, good), (self._refused, bad)):
            keys = {one.key for one in wanted}
            for key in [key for key in known if key not in keys]:
                self._drop(known.pop(key))
        while self._flow.count():
            self._flow.takeAt(0)
        for one in good:
            self._flow.addWidget(self._chip(one))
        for one in bad:
            if one.key not in self._refused:
                line = self._refused[one.key] = RefusedLine(self._theme, one, self._inside)
                line.removed.connect(lambda key=one.key: self.removed.emit(key))
                self._lines.addWidget(line)
                line.show()
                QTimer.singleShot(
                    0, line, lambda shown=line: self._scroll.ensureWidgetVisible(shown)
                )
        self._chip_room.setVisible(bool(good))
        self.setVisible(bool(entries))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _chip(self, one: Attachment) -> DocumentChip:
        chip = self._chips.get(one.key)
        if chip is None:
            chip = self._chips[one.key] = DocumentChip(self._theme, self._chip_room, removable=True)
            chip.removed.connect(lambda: self.removed.emit(one.key))
            chip.opened.connect(lambda: self._on_chip_opened(one))
            chip.show()
        if one.state == READY and one.entry is not None:
            entry = one.entry
            facts = entry_facts(entry)
            chip.show_document(entry.name, format_icon(entry.format), facts, entry.path or "")
        else:
            chip.show_document(one.name, file_icon(one.name), self.tr("Reading…"))
        return chip

    def _on_chip_opened(self, one: Attachment) -> None:
        if one.entry is not None:
            self.opened.emit(one.entry.id)

    def _drop(self, widget: QWidget) -> None:
        if widget.isAncestorOf(self.focusWidget() or self):
            self.focusNextChild()  # the keyboard stays near
        widget.hide()
        self._lines.removeWidget(widget)
        widget.deleteLater()

    def _fit(self) -> None:
        """As high as what is in it, up to a limit."""
        self._flow.invalidate()
        width = max(80, self.width() - BAR)
        chips = self._flow.heightForWidth(width)
        self._chip_room.setFixedHeight(chips)
        height = sum(line.heightForWidth(width) + GAP for line in self._refused.values())
        most = min(MOST_HEIGHT, self.window().height() // 5)
        self._scroll.setFixedHeight(max(0, min(height + (chips if self._chips else -GAP), most)))


class RefusedLine(QWidget):
    """A file that cannot be read, and why. It goes nowhere."""

    removed = Signal()

    def __init__(self, theme: Theme, one: Attachment, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mark = QLabel(self)
        error = one.error
        reason = " ".join(part for part in (error.message, error.hint) if part) if error else ""
        said = reason if one.name in reason else f"{one.name}: {reason}"
        self._words = QLabel(said, self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setProperty("kind", "warning")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.cross = QToolButton(self)
        self.cross.setProperty("kind", "cross")
        self.cross.setIconSize(QSize(12, 12))
        self.cross.setAccessibleName(self.tr("Dismiss: {reason}").format(reason=said))
        self.cross.setToolTip(self.tr("Dismiss"))
        self.cross.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        row.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignTop)
        self._recolor()
        theme.changed.connect(self._recolor)

    def text(self) -> str:
        return self._words.text()

    def _recolor(self) -> None:
        self._mark.setPixmap(icons.pixmap("triangle-alert", self._theme.hex("warning"), 14))
        self.cross.setIcon(icons.icon("x", self._theme.hex("mut"), 12))
