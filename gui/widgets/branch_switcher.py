"""‹ 2 / 3 ›: which of several answers, or versions of a message, is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui.theme import Theme
from gui.widgets.action_button import ActionButton


class BranchSwitcher(QWidget):
    """Hidden while there is only one. Emits the id of the message that is asked for."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._ids: tuple[int, ...] = ()
        self._place = 0
        self._back = ActionButton(
            theme, self.tr("Previous version"), self, icon_name="chevron-left", flush=True
        )
        self._forward = ActionButton(
            theme, self.tr("Next version"), self, icon_name="chevron-right"
        )
        self._count = QLabel(self)
        self._count.setTextFormat(Qt.TextFormat.PlainText)
        self._count.setProperty("kind", "hint")
        self._back.clicked.connect(lambda: self._go(-1))
        self._forward.clicked.connect(lambda: self._go(1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(0)
        for widget in (self._back, self._count, self._forward):
            row.addWidget(widget)
        self.hide()

    def show_versions(self, ids: tuple[int, ...], current: int) -> None:
        self._ids, self._place = ids, ids.index(current) if current in ids else 0
        self._count.setText(
            self.tr("{number} / {count}").format(number=self._place + 1, count=len(ids))
        )
        self._back.setEnabled(self._place > 0)
        self._forward.setEnabled(self._place < len(ids) - 1)
        self.setVisible(len(ids) > 1)

    def _go(self, step: int) -> None:
        self.chosen.emit(self._ids[self._place + step])
