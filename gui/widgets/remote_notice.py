"""A line across every page while a server's model is chosen: text leaves, and where it goes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from gui import icons
from gui.model_session import ModelSession
from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain import plain_tooltip
from gui.widgets.remote_words import where_text_goes

HEIGHT, ICON = 30, 14


class RemoteNotice(QFrame):
    """Hidden while everything stays on this computer."""

    models_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("kind", "remote")
        self.setFixedHeight(HEIGHT)
        self._mark = QLabel(self)
        self.label = ElidedLabel(self, mode=Qt.TextElideMode.ElideMiddle)
        self.label.setProperty("kind", "remote")
        self.change = QPushButton(self.tr("Change"), self)
        self.change.setProperty("kind", "small")
        self.change.setToolTip(self.tr("Choose another model"))
        self.change.clicked.connect(self.models_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self.label, 1)
        row.addWidget(self.change)
        theme.changed.connect(self._recolor)
        self._recolor()
        self.hide()

    def follow(self, model: ModelSession) -> None:
        """Say what is true of the model that is chosen, now and from now on."""
        model.changed.connect(lambda: self._show(model))
        self._show(model)

    def _show(self, model: ModelSession) -> None:
        address = model.address
        self.setVisible(address is not None)
        if address is not None:
            self.label.setText(where_text_goes(address))
            self.label.setToolTip(plain_tooltip(self.label.text()))

    def _recolor(self) -> None:
        self._mark.setPixmap(icons.pixmap("server", self._theme.hex("warning"), ICON))
