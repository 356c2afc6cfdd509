"""Bottom left, always: whether anything leaves this computer, and where it goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui.model_session import ModelSession
from gui.theme import Theme
from gui.widgets.remote_words import where_text_goes

DOT = 7


class OfflineBadge(QWidget):
    """A green dot and a line; another colour and another line while a server's model is chosen."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_remote = False
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(8 + DOT + 8, 0, 8, 0)
        row.addWidget(self.label)
        self._show(None)

    def follow(self, model: ModelSession) -> None:
        """Say what is true of the model that is chosen, now and from now on."""
        model.changed.connect(lambda: self._show(model))
        self._show(model)

    def _show(self, model: ModelSession | None) -> None:
        address = model.address if model else None
        words = (
            where_text_goes(address)
            if address
            else self.tr("Offline · nothing leaves this computer")
        )
        if words == self.label.text():
            return
        self._is_remote = address is not None
        self.label.setText(words)
        self.label.setProperty("kind", "warning" if self._is_remote else "hint")
        self.label.style().polish(self.label)
        self.setToolTip(
            self.tr("Choose another model on the Models page to keep everything here.")
            if self._is_remote
            else self.tr("The model, your conversations and your documents stay on this computer.")
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("warning" if self._is_remote else "positive"))
        painter.drawEllipse(8, (self.height() - DOT) // 2, DOT, DOT)
