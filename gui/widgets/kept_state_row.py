"""How much of what was read is kept on disk, with a button that clears it."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.errors import ErrorInfo
from engine.protocol import KeptStateInfo
from gui.kept_states import KeptStates
from gui.widgets.form import hairline
from gui.widgets.results.column import wrapped_label


class KeptStateRow(QWidget):
    """Looks each time it is shown."""

    def __init__(self, states: KeptStates, parent: QWidget) -> None:
        super().__init__(parent)
        self._states = states
        self.words = wrapped_label("", self, "mut")
        self.clear = QPushButton(self.tr("Clear"), self)
        self.clear.setToolTip(
            self.tr("Conversations stay; they are read again when you go on with them")
        )
        self.clear.clicked.connect(states.forget_all)
        self.clear.setEnabled(False)
        line = QHBoxLayout()
        line.setContentsMargins(0, 12, 0, 12)
        line.setSpacing(16)
        line.addWidget(self.words, 1)
        line.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(hairline(self))
        column.addLayout(line)
        states.told.connect(self.show_kept)
        states.failed.connect(self._on_states_failed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._states.ask()

    def show_kept(self, kept: KeptStateInfo) -> None:
        self.clear.setEnabled(kept.files > 0)
        if not kept.files:
            self.words.setText(self.tr("Nothing is kept on disk now."))
            return
        size = QLocale().formattedDataSize(kept.bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
        words = self.tr("On disk now: {size} of %n conversation(s)", "", kept.files)
        self.words.setText(words.format(size=size))

    def _on_states_failed(self, error: ErrorInfo) -> None:
        self.words.setText(error.message)
