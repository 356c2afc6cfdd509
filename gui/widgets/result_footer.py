"""Below a result: who made it, and again, copy, export."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from gui import icons
from gui.text_run import RunState
from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain import plain_tooltip


class ResultFooter(QWidget):
    """`export_asked` gives the suffix: ".md", ".json" or ".csv"."""

    again_asked = Signal()
    options_asked = Signal()
    copy_asked = Signal()
    export_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.maker = ElidedLabel(self)
        self.maker.setProperty("kind", "caption")
        self.again = QToolButton(self)
        self.again.setAccessibleName(self.tr("Run again"))
        self.again.setToolTip(self.tr("Run again"))
        self.again.clicked.connect(self.again_asked)
        self.other = QToolButton(self)
        self.other.setAccessibleName(self.tr("Run again with other options…"))
        self.other.setToolTip(self.tr("Run again with other options…"))
        self.other.clicked.connect(self.options_asked)
        self.copy = self._button(self.tr("Copy"), self.tr("Copy as Markdown"))
        self.copy.clicked.connect(self.copy_asked)
        self.export = self._button(self.tr("Export"), self.tr("Keep in a file"))
        menu = QMenu(self.export)
        menu.addAction(self.tr("Markdown (.md)"), lambda: self.export_asked.emit(".md"))
        menu.addAction(self.tr("JSON (.json)"), lambda: self.export_asked.emit(".json"))
        self.table = menu.addAction(self.tr("Table (.csv)"), lambda: self.export_asked.emit(".csv"))
        self.export.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 12, 10)
        row.setSpacing(2)
        row.addWidget(self.maker, 1)
        row.addWidget(self.again)
        row.addWidget(self.other)
        row.addWidget(self.copy)
        row.addWidget(self.export)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_state(self, state: RunState, has_document: bool) -> None:
        done = state.result is not None and not state.is_running and has_document
        self.setVisible(done)
        if not done or state.outcome is None:
            return
        model = state.outcome.model or {}
        name = str(model.get("name") or (state.result.model_name if state.result else ""))
        short = name if model else name.partition(" (")[0]  # the encoder's file is in the tip
        seconds = round(state.outcome.seconds)
        took = self.tr("{number} s").format(number=seconds)
        if seconds < 1:
            took = self.tr("below 1 s")
        elif seconds >= 120:
            took = self.tr("{number} min").format(number=round(seconds / 60))
        self.maker.setText(" · ".join(part for part in (short, took) if part))
        device = model.get("device") or {}
        details = (name, str(model.get("quantization") or ""), str(device.get("name") or ""))
        self.maker.setToolTip(plain_tooltip("\n".join(part for part in details if part)))

    def offer_options(self, has_options: bool) -> None:
        """Whether the text tool can run otherwise than it did."""
        self.other.setVisible(has_options)

    def offer_table(self, has_table: bool) -> None:
        """Whether the result can be kept as a table."""
        self.table.setVisible(has_table)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "small")
        button.setToolTip(tip)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def _on_theme_changed(self) -> None:
        self.again.setIcon(icons.icon("refresh-cw", self._theme.hex("mut"), 15))
        self.other.setIcon(icons.icon("settings", self._theme.hex("mut"), 15))
