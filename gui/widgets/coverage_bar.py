"""How much of a document was read; while it is being read, what is done and how far it is, with Stop."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from engine.types import Coverage
from gui.theme import Theme
from gui.widgets.parts_bar import PartsBar
from gui.widgets.results.column import plain_label

STEPS = 1000


class CoverageBar(QWidget):
    """`show_coverage` or `show_progress`; which one was called last is what is seen.

    `share_chosen` asks for the place in the text that has so much of it before it.
    """

    stop_asked = Signal()
    share_chosen = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._words: QLabel = plain_label("", self, "mut")
        self._parts: QLabel = plain_label("", self, "mut")
        self.stop = QPushButton(self.tr("Stop"), self)
        self.stop.setProperty("kind", "chip")
        self.stop.setToolTip(self.tr("Stop; what was found so far is kept  (Esc)"))
        self.stop.clicked.connect(self.stop_asked)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setRange(0, STEPS)
        self.bar = PartsBar(theme, self)
        self.bar.share_chosen.connect(self.share_chosen)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._words)
        row.addStretch(1)
        row.addWidget(self._parts)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 8, 20, 8)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.bar)
        holder = QVBoxLayout()
        holder.setContentsMargins(0, 5, 0, 5)  # as high as the bar of the parts
        holder.addWidget(self._bar)
        column.addLayout(holder)

    def show_coverage(self, coverage: Coverage) -> None:
        whole = coverage.parts_read >= coverage.parts
        self.stop.hide()
        words = self.tr("Read whole") if whole else self.tr("Read in part")
        parts = self._parts_words(coverage)
        self.bar.show_coverage(coverage, f"{words}, {parts}")
        self._show(words, parts, 0.0, is_running=False)

    def show_progress(self, stage: str, share: float | None, coverage: Coverage | None) -> None:
        """`share` None: how far it is cannot be known."""
        self.stop.show()
        parts = self._parts_words(coverage) if coverage and coverage.parts > 1 else ""
        self._show(stage_words(stage), parts, share, is_running=True)

    def texts(self) -> tuple[str, str]:
        return self._words.text(), self._parts.text()

    def _parts_words(self, coverage: Coverage) -> str:
        words = self.tr("{read} of %n part(s)", "", coverage.parts)
        return words.format(read=coverage.parts_read)

    def _show(self, words: str, parts: str, share: float | None, *, is_running: bool) -> None:
        self.bar.setVisible(not is_running)
        self._bar.setVisible(is_running)
        self._words.setText(words)
        self._parts.setText(parts)
        if share is None:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, STEPS)
            self._bar.setValue(round(STEPS * share))
        self._bar.setAccessibleName(f"{words} {parts}".strip())


def stage_words(stage: str) -> str:
    """The engine's word for what it does, for people; an unknown one as it is."""
    if not stage:
        return QCoreApplication.translate("Stages", "Waiting for its turn…")
    known = {
        "loading": QCoreApplication.translate("Stages", "Loading the model…"),
        "hashing": QCoreApplication.translate("Stages", "Checking the model file…"),
        "warming": QCoreApplication.translate("Stages", "Warming the model up…"),
        "opening": QCoreApplication.translate("Stages", "Opening…"),
        "preparing": QCoreApplication.translate("Stages", "Preparing…"),
        "choosing": QCoreApplication.translate("Stages", "Choosing key sentences…"),
        "reading": QCoreApplication.translate("Stages", "Reading…"),
        "writing": QCoreApplication.translate("Stages", "Writing…"),
        "merging": QCoreApplication.translate("Stages", "Putting it together…"),
        "scanning": QCoreApplication.translate("Stages", "Looking through the text…"),
        "checking": QCoreApplication.translate("Stages", "Checking…"),
        "weighing": QCoreApplication.translate("Stages", "Weighing…"),
        "prompt": QCoreApplication.translate("Stages", "Reading…"),
        "waiting": QCoreApplication.translate("Stages", "Waiting until the model is free…"),
        "condensing": QCoreApplication.translate("Stages", "Making a note…"),
        "connecting": QCoreApplication.translate("Stages", "Asking the server…"),
        "converting": QCoreApplication.translate("Stages", "Converting…"),
        "measuring": QCoreApplication.translate("Stages", "Measuring…"),
    }
    return known.get(stage, stage.capitalize() + "…")
