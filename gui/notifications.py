"""What the window tells in passing: calm toasts at the bottom, one above the other.

Messages leave by themselves; errors stay until they are closed and show their hint. Nothing here
knows where a message comes from. Before `attach`, messages wait.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.errors import ErrorInfo
from gui import icons
from gui.theme import Theme

MARGIN, GAP, WIDTH, MOST = 24, 8, 440, 3


class Toast(QFrame):
    """One message. `closed` is emitted once, however it goes."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.close_toast)
        self._mark = QLabel(self)
        self._mark.hide()
        self._text = _label(self)
        self._hint = _label(self)
        self._hint.setProperty("kind", "hint")
        self._hint.hide()
        self._close = QToolButton(self)
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.setToolTip(self.tr("Close"))
        self._close.clicked.connect(self.close_toast)
        self.setProperty("kind", "toast")
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._text)
        column.addWidget(self._hint)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 10, 8, 10)
        self._row.setSpacing(10)
        self._row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(column, 1)
        self._row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.recolor()

    def set_message(self, text: str, seconds: float) -> None:
        self._text.setText(text)
        self._timer.start(round(seconds * 1000))

    def set_error(self, error: ErrorInfo) -> None:
        self.setProperty("tone", "error")
        self._mark.show()
        self._text.setText(error.message)
        self._hint.setText(error.hint)
        self._hint.setVisible(bool(error.hint))

    def set_action(self, label: str, action: Callable[[], None]) -> None:
        button = QPushButton(label, self)
        button.setProperty("kind", "link")
        button.clicked.connect(action)
        button.clicked.connect(self.close_toast)
        self._row.insertWidget(2, button, 0, Qt.AlignmentFlag.AlignTop)

    def text(self) -> str:
        return self._text.text()

    def hint(self) -> str:
        return self._hint.text()

    def recolor(self) -> None:
        self._close.setIcon(icons.icon("x", self._theme.hex("mut"), 16))
        self._mark.setPixmap(icons.pixmap("circle-alert", self._theme.hex("seal"), 18))

    def close_toast(self) -> None:
        self._timer.stop()
        self.hide()
        self.closed.emit()


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


class Notifications(QObject):
    """Shows toasts over the widget it is attached to."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._host: QWidget | None = None
        self.area: Callable[[], QRect | None] = lambda: None  # of the host, if not all of it
        self._waiting: list[Callable[[], None]] = []
        self._toasts: list[Toast] = []
        theme.changed.connect(self._on_theme_changed)

    def attach(self, host: QWidget) -> None:
        """From now on show messages at the bottom of `host`."""
        self._host = host
        host.installEventFilter(self)
        waiting, self._waiting = self._waiting, []
        for show in waiting:
            show()

    def show_message(
        self,
        text: str,
        action_label: str = "",
        action: Callable[[], None] | None = None,
        seconds: float = 6,
    ) -> None:
        """A calm line that goes by itself, with at most one thing to do ("Undo")."""
        if self._host is None:
            self._waiting.append(lambda: self.show_message(text, action_label, action, seconds))
            return
        toast = Toast(self._theme, self._host)
        toast.set_message(text, seconds)
        if action is not None:
            toast.set_action(action_label, action)
        self._add(toast, text)

    def show_error(self, error: ErrorInfo) -> None:
        """A known error and its hint; stays until closed. The same one is not shown twice."""
        if self._host is None:
            self._waiting.append(lambda: self.show_error(error))
            return
        if any((t.text(), t.hint()) == (error.message, error.hint) for t in self._toasts):
            return
        toast = Toast(self._theme, self._host)
        toast.set_error(error)
        self._add(toast, error.one_line())

    def toasts(self) -> list[Toast]:
        """What is shown now, the oldest first."""
        return list(self._toasts)

    def place(self) -> None:
        """The room for toasts has changed."""
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _add(self, toast: Toast, spoken: str) -> None:
        toast.closed.connect(lambda: self._on_toast_closed(toast))
        self._toasts.append(toast)
        while len(self._toasts) > MOST:
            self._toasts[0].close_toast()
        self._place()
        toast.show()
        toast.raise_()
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # rarely needed

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(toast, spoken))

    def _place(self) -> None:
        if self._host is None:
            return
        area = self.area() or self._host.rect()
        bottom = area.bottom() - MARGIN // 2
        for toast in reversed(self._toasts):
            width = min(WIDTH, area.width() - 2 * MARGIN)
            height = max(toast.heightForWidth(width), toast.minimumSizeHint().height())
            bottom -= height
            toast.setGeometry(area.center().x() - width // 2, bottom, width, height)
            bottom -= GAP

    def _on_toast_closed(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.deleteLater()
            self._place()

    def _on_theme_changed(self) -> None:
        for toast in self._toasts:
            toast.recolor()
