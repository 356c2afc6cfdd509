"""What stands in an answer's place before its first word, and what is said when it failed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.errors import ErrorInfo
from engine.protocol import Progress
from gui import icons
from gui.theme import Theme
from gui.widgets.coverage_bar import stage_words


class WaitingLine(QWidget):
    """ "Reading the prompt, 300 of 1,200 tokens", with a thin bar when it is known how far."""

    def __init__(self, parent: QWidget, *, goes_on: bool = False) -> None:
        """`goes_on`: the answer has begun already."""
        super().__init__(parent)
        self._goes_on = goes_on
        self._text = QLabel(self.tr("Waiting for the model…"), self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setProperty("kind", "mut")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setRange(0, 1000)
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self._bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._text)
        column.addWidget(self._bar)

    def show_progress(self, progress: Progress) -> None:
        share = progress.done / progress.total if progress.total else 0.0
        percent = round(100 * share)
        match progress.stage:
            case "loading":
                text = self.tr("Loading the model, {percent} %").format(percent=percent)
            case "waiting":
                text = self.tr("Waiting until the model is free…")
            case "condensing":
                text = self.tr("Making a note of the oldest messages, {percent} %").format(
                    percent=percent
                )
            case "hashing":
                text = self.tr("Checking the model file, {percent} %").format(percent=percent)
            case "prompt":
                text = self.tr("Reading the prompt, {done} of {total} tokens").format(
                    done=f"{progress.done:,.0f}", total=f"{progress.total:,.0f}"
                )
                if progress.total and progress.done >= progress.total:
                    first, next_one = (
                        self.tr("Finding the first word…"),
                        self.tr("Finding the next word…"),
                    )
                    text = next_one if self._goes_on else first
            case "":
                text = self.tr("Waiting for the model…")
            case stage:
                text = stage_words(stage)
        self._text.setText(text)
        self._bar.setValue(round(1000 * share))
        self._bar.setVisible(0 < share < 1)

    def text(self) -> str:
        return self._text.text()


class ErrorCard(QFrame):
    """An error in an answer's place: what happened, what to do, and a way to try again."""

    again_clicked = Signal()

    def __init__(self, theme: Theme, error: ErrorInfo, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("kind", "card")
        self._mark = QLabel(self)
        message, hint = QLabel(error.message, self), QLabel(error.hint, self)
        for label in (message, hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        hint.setProperty("kind", "mut")
        hint.setVisible(bool(error.hint))
        again = QPushButton(self.tr("Try again"), self)
        again.clicked.connect(self.again_clicked)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(message)
        column.addWidget(hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(12)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(again, 0, Qt.AlignmentFlag.AlignVCenter)
        self.recolor()
        theme.changed.connect(self.recolor)

    def recolor(self) -> None:
        self._mark.setPixmap(icons.pixmap("circle-alert", self._theme.hex("seal"), 18))
