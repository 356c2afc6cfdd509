"""Scrolls a view to where something is: smoothly over a short way, with a leap over a long one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QVariantAnimation
from PySide6.QtWidgets import QAbstractScrollArea

MILLISECONDS, SCREENS = 220, 2.0  # the rest of a longer way is leapt


class Glide(QVariantAnimation):
    """The target is asked for at each step: it moves while heights become known."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._view = view
        self._target: Callable[[], float] = lambda: 0.0
        self._from = 0.0
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setDuration(MILLISECONDS)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.valueChanged.connect(self._on_value_changed)

    def to(self, target: Callable[[], float], *, animated: bool) -> None:
        self.stop()
        self._target = target
        bar = self._view.verticalScrollBar()
        screen = self._view.viewport().height()
        far = target() - bar.value()
        if not animated:
            for _ in range(3):  # what is laid out on arrival moves the target a little
                bar.setValue(round(target()))
            return
        if abs(far) > SCREENS * screen:
            bar.setValue(round(target() - (screen if far > 0 else -screen)))
        # Measured from the target: what is laid out on the way moves both ends alike.
        self._from = bar.value() - target()
        self.start()

    def _on_value_changed(self, share: float) -> None:
        self._view.verticalScrollBar().setValue(round(self._target() + self._from * (1 - share)))
