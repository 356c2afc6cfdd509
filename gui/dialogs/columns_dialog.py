"""Asks what else is to be found in the files of a table."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from gui.theme import Theme
from gui.widgets.results.column import wrapped_label
from gui.widgets.tables.column_choice import ColumnChoice


class ColumnsDialog(QDialog):
    """`chosen` gives the columns."""

    chosen = Signal(object)  # list[Column]

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Ask more of these files"))
        self.choice = ColumnChoice(theme, self)
        self.choice.boxes["summary"].setChecked(False)
        self.choice.submitted.connect(self.accept)
        buttons = QDialogButtonBox(self)
        self.ask_button = buttons.addButton(self.tr("Ask"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.ask_button.setProperty("kind", "primary")
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addWidget(wrapped_label(self.tr("What to find in each file"), self, "title"))
        column.addWidget(self.choice)
        column.addWidget(buttons)
        self.setMinimumWidth(460)
        self.choice.add_question().setFocus()

    def accept(self) -> None:
        columns = self.choice.columns()
        super().accept()
        if columns:
            self.chosen.emit(columns)
