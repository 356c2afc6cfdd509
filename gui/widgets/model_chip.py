"""Which model answers, how it is packed and where it runs; the reason stands in the tool tip."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from engine.types import ModelInfo
from gui.model_session import ModelSession
from gui.theme import Theme
from gui.widgets.plain import plain_tooltip
from gui.widgets.remote_words import where_text_goes

DOT, LONGEST_NAME = 7, 32
PADDING, NARROWEST = 42, 110  # pixels; the padding is that of the style sheet


class ModelChip(QPushButton):
    """Click to choose another; the page connects it."""

    def __init__(self, theme: Theme, model: ModelSession, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self.setProperty("kind", "modelchip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        model.changed.connect(self._on_model_changed)
        theme.changed.connect(self.update)
        self._on_model_changed()

    def minimumSizeHint(self) -> QSize:
        return QSize(min(NARROWEST, self.sizeHint().width()), self.sizeHint().height())

    def shown_text(self) -> str:
        """What there is room for."""
        room = self.width() - PADDING
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = self.shown_text()
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)
        ready = "warning" if self._model.address is not None else "positive"
        tokens = {"ready": ready, "failed": "seal"}
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(tokens.get(self._model.state, "hint")))
        painter.drawEllipse(12, (self.height() - DOT) // 2, DOT, DOT)

    def _on_model_changed(self) -> None:
        model = self._model
        tooltip = ""
        if model.state == "ready" and model.info is not None:
            text = model_label(model.info)
            address = model.address
            reason = where_text_goes(address) if address else model.info.device.reason
            tooltip = f"{model.info.name}\n{model.info.device.name}\n{reason}"
        elif model.state == "failed":
            text = self.tr("No model")
            tooltip = model.error.one_line() if model.error else ""
        elif model.state == "loading" and model.progress is not None:
            text = self.tr("Loading model, {percent} %").format(percent=round(100 * model.progress))
        else:
            text = self.tr("Starting…")
        self.setText(text)
        self.setAccessibleName(self.tr("Model: {model}").format(model=text))
        self.setToolTip(plain_tooltip(tooltip.strip()))
        self.update()


def model_label(info: ModelInfo) -> str:
    """`Qwen3 8B · Q4_K_M · GPU 36/36`, or `Qwen3 8B · on gpu.example.org`."""
    name = info.name if len(info.name) <= LONGEST_NAME else info.name[: LONGEST_NAME - 1] + "…"
    # A button takes "&" for a mnemonic.
    if info.remote:
        where = QCoreApplication.translate("Remote", "on {host}").format(host=info.device.name)
        return f"{name.replace('&', '&&')} · {where}"
    parts = (name.replace("&", "&&"), info.quantization, info.device.label())
    return " · ".join(part for part in parts if part)
