"""The line above a conversation: the list's toggle, the title, and the model."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from gui import icons
from gui.model_session import ModelSession
from gui.theme import Theme
from gui.widgets.model_chip import ModelChip
from gui.widgets.plain import plain_tooltip

HEIGHT = 56


class ChatHeader(QWidget):
    toggle_asked = Signal()
    models_asked = Signal()

    def __init__(self, theme: Theme, model: ModelSession, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._full_title = ""
        self.setFixedHeight(HEIGHT)
        self._toggle = QToolButton(self)
        self._toggle.setIconSize(QSize(18, 18))
        self._toggle.setAccessibleName(self.tr("Show or hide the list"))
        self._toggle.setToolTip(self.tr("Show or hide the list  (Ctrl+B)"))
        self._toggle.clicked.connect(self.toggle_asked)
        self._title = QLabel(self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setProperty("kind", "title")
        self._title.setMinimumWidth(20)
        # The model keeps its room as long as there is any.
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.chip = ModelChip(theme, model, self)
        self.chip.clicked.connect(self.models_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 24, 0)
        row.setSpacing(10)
        row.addWidget(self._toggle)
        row.addWidget(self._title, 1)
        row.addWidget(self.chip)
        self._on_theme_changed()
        theme.changed.connect(self._on_theme_changed)

    def set_title(self, title: str) -> None:
        self._full_title = " ".join(title.split())
        self._title.setToolTip(plain_tooltip(self._full_title))
        self._elide()

    def title(self) -> str:
        return self._full_title

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = QFontMetrics(self._title.font())
        width = max(self._title.width() - 4, 20)
        self._title.setText(
            metrics.elidedText(self._full_title, Qt.TextElideMode.ElideRight, width)
        )

    def _on_theme_changed(self) -> None:
        self._toggle.setIcon(icons.icon("panel-left", self._theme.hex("mut"), 18))
