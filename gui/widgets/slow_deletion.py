"""Deletes large widgets bit by bit: hundreds of views at once would stop the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

AT_ONCE = 4  # in one turn of the event loop


class SlowDeletion(QObject):
    """`kinds` are the children that are heavy; the widget itself goes last."""

    def __init__(self, kinds: tuple[type[QWidget], ...], parent: QObject) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self._leaving: list[QWidget] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)

    def add(self, widget: QWidget) -> None:
        widget.hide()
        self._leaving.append(widget)
        self._timer.start()

    def _on_timer_timeout(self) -> None:
        first = self._leaving[0]
        heavy = [child for kind in self._kinds for child in first.findChildren(kind)]
        for child in heavy[:AT_ONCE]:
            child.deleteLater()
        if len(heavy) <= AT_ONCE:
            self._leaving.pop(0).deleteLater()
        if not self._leaving:
            self._timer.stop()
