"""What a model thinks before it answers: one quiet line that opens; it is no part of the answer."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui import icons
from gui.theme import Theme
from gui.widgets.quiet_text import QuietText

BELOW = 8
BEAT, STRENGTHS = 160, (0.25, 0.4, 0.65, 1.0, 0.65, 0.4)  # milliseconds, and how strong a dot is


class ReasoningView(QWidget):
    """`add_text` while it thinks, then `end`; folded at first. It lays text out only when open."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pieces: list[str] = []
        self._text: QuietText | None = None
        self.button = QPushButton(self)
        self.button.setProperty("kind", "aside")
        self.button.setCheckable(True)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.toggled.connect(self._on_button_toggled)
        self._dots = Dots(theme, self)
        self._dots.hide()
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.button)
        line.addWidget(self._dots)
        line.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, BELOW)
        self._column.setSpacing(6)
        self._column.addLayout(line)
        self._recolor()
        theme.changed.connect(self._recolor)

    def add_text(self, text: str) -> None:
        """The model thinks just now."""
        self._pieces.append(text)
        if self._text is not None:
            self._text.add_text(text)
        if self._dots.isHidden():
            self.button.setText(self.tr("Thinking"))
            self.button.setAccessibleName(self.tr("Thinking…"))
            self._dots.show()

    def end(self, seconds: float) -> None:
        """It has thought; `seconds` 0: nobody knows how long."""
        self._dots.hide()
        if seconds < 0.5:
            words = self.tr("What it thought")
        elif seconds < 90:
            words = self.tr("Thought for {seconds} s").format(seconds=max(1, round(seconds)))
        else:
            words = self.tr("Thought for {minutes} min").format(minutes=round(seconds / 60))
        self.button.setText(words)
        self.button.setAccessibleName(words)

    def show_text(self, text: str) -> None:
        """All of it, as it is kept."""
        if text != self.text():
            self._pieces = [text]
            if self._text is not None:
                self._text.show_text(text)

    def text(self) -> str:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def is_thinking(self) -> bool:
        return not self._dots.isHidden()

    def _on_button_toggled(self, is_open: bool) -> None:
        if self._text is None:
            self._text = QuietText(self._theme, self.tr("What the model thought"), self)
            self._text.show_text(self.text())
            self._column.addWidget(self._text)
        self._text.setVisible(is_open)
        self._recolor()

    def _recolor(self) -> None:
        name = "chevron-down" if self.button.isChecked() else "chevron-right"
        self.button.setIcon(icons.icon(name, self._theme.hex("hint"), 14))


class Dots(QWidget):
    """Three dots that grow stronger and weaker in turn, as long as they are seen."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._beat = 0
        self._timer = QTimer(self, interval=BEAT)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.setFixedSize(22, 18)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("mut"))
        for dot in range(3):
            painter.setOpacity(STRENGTHS[(self._beat - 2 * dot) % len(STRENGTHS)])
            painter.drawEllipse(1 + 7 * dot, 8, 4, 4)

    def _on_timer_timeout(self) -> None:
        self._beat += 1
        self.update()
