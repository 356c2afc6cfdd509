"""Every keyboard shortcut on one card (Ctrl+/)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.shortcuts import SHORTCUTS


class ShortcutsDialog(QDialog):
    """Esc or Ctrl+/ closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(8)
        row = 0
        for heading, lines in SHORTCUTS:
            title = QLabel(_translated(heading), self)
            title.setProperty("kind", "hint")
            if row:
                grid.setRowMinimumHeight(row, 16)
                row += 1
            grid.addWidget(title, row, 0, 1, 2)
            for keys, deed in lines:
                row += 1
                grid.addWidget(QLabel(_translated(deed), self), row, 0)
                grid.addLayout(self._keys(keys), row, 1)
            row += 1
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 28)
        layout.addLayout(grid)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)

    def _keys(self, keys: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addStretch(1)
        for key in keys.split("+"):
            cap = QLabel(key, self)
            cap.setProperty("kind", "key")
            cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
            row.addWidget(cap)
        return row


def _translated(text: str) -> str:
    return QCoreApplication.translate("Shortcuts", text)
