"""One line to search in and to ask: what is typed is looked for, Enter asks it as a question."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from gui import icons
from gui.theme import Theme

LONGEST, SHORTEST = 2000, 2  # characters
PAUSE = 300  # milliseconds without a key before it is looked for
SEND = 36


class SearchLine(QWidget):
    """`typed` comes when the keys rest ("" when it was emptied), `asked` by Enter or the button."""

    typed = Signal(str)
    asked = Signal(str)
    stop_asked = Signal()
    down_pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_busy = False
        self._rest = QTimer(self, singleShot=True, interval=PAUSE)
        self._rest.timeout.connect(self._on_rest_timeout)
        self.line = _Line(self)
        self.line.setMaxLength(LONGEST)
        self.line.setFixedHeight(SEND)
        self.line.setClearButtonEnabled(False)
        self.line.setPlaceholderText(self.tr("Search, or ask a question and press Enter"))
        self.line.setAccessibleName(self.tr("Search the library, or ask it"))
        self.line.textChanged.connect(self._on_line_text_changed)
        self.line.returnPressed.connect(self._ask)
        self.line.down_pressed.connect(self.down_pressed)
        self.line.escape_pressed.connect(self._on_line_escape_pressed)
        self.button = QToolButton(self)
        self.button.setProperty("kind", "send")
        self.button.setFixedSize(SEND, SEND)
        self.button.setIconSize(QSize(18, 18))
        self.button.clicked.connect(self._on_button_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 16, 20, 10)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.line)
        theme.changed.connect(self._show)
        self._show()

    def text(self) -> str:
        return " ".join(self.line.text().split())

    def show_busy(self, is_busy: bool) -> None:
        """An answer is under way: the button stops it."""
        self._is_busy = is_busy
        self._show()

    def _on_line_text_changed(self) -> None:
        self._rest.start()
        self._show()

    def _on_rest_timeout(self) -> None:
        text = self.text()
        if not text or len(text) >= SHORTEST or not text.isascii():
            self.typed.emit(text)

    def _on_line_escape_pressed(self) -> None:
        if self._is_busy:
            self.stop_asked.emit()
        else:
            self.line.clear()

    def _on_button_clicked(self) -> None:
        if self._is_busy:
            self.stop_asked.emit()
        else:
            self._ask()

    def _ask(self) -> None:
        if self.text() and not self._is_busy:
            self._rest.stop()
            self.asked.emit(self.text())

    def _show(self) -> None:
        can_press = self._is_busy or bool(self.text())
        name = self.tr("Stop") if self._is_busy else self.tr("Ask")
        keys = self.tr("Esc") if self._is_busy else self.tr("Enter")
        self.button.setAccessibleName(name)
        self.button.setToolTip(f"{name}  ({keys})")
        self.button.setEnabled(can_press)
        color = self._theme.hex("on_accent" if can_press else "hint")
        self.button.setIcon(icons.icon("stop" if self._is_busy else "arrow-up", color, 18))


class _Line(QLineEdit):
    down_pressed = Signal()
    escape_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
        else:
            super().keyPressEvent(event)
