"""A model on its way: which one, what is being done, how far it is, and Stop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from engine.server_address import is_address
from gui.model_session import ModelSession
from gui.widgets.coverage_bar import stage_words
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.results.column import plain_label

STEPS = 1000


class ModelProgress(QFrame):
    """Hidden unless a model loads or the engine starts."""

    stop_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._name = ElidedLabel(self)
        self._words = plain_label("", self, "caption")
        self.stop = QPushButton(self.tr("Stop"), self)
        self.stop.setProperty("kind", "chip")
        self.stop.setToolTip(self.tr("Stop loading; the model before goes on answering"))
        self.stop.clicked.connect(self.stop_asked)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._name, 1)
        row.addWidget(self._words)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 16)
        column.setSpacing(10)
        column.addLayout(row)
        column.addWidget(self._bar)
        self.hide()

    def show_state(self, model: ModelSession) -> None:
        loading, starting = model.state == "loading", model.state == "starting"
        self.setVisible(loading or starting)
        self.stop.setVisible(loading)
        if starting:
            self._name.setText(self.tr("The engine is starting…"))
            self._words.setText("")
        elif loading:
            path = model.loading_path
            remote = path and is_address(path)
            name = (model.loading_remote_model or path) if remote else Path(path or "").name
            self._name.setText(name or self.tr("The embedded model"))
            words = stage_words(model.stage or "loading")
            if model.progress is not None:
                words = f"{words} {model.progress:.0%}"
            self._words.setText(words)
        known = loading and model.progress is not None
        self._bar.setRange(0, STEPS if known else 0)
        self._bar.setValue(round(STEPS * (model.progress or 0.0)))
        self._bar.setAccessibleName(self.text())

    def text(self) -> str:
        """What is said now, for screen readers."""
        return f"{self._name.text()} {self._words.text()}".strip()
