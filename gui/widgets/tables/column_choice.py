"""What is asked of every file: kinds to check, and questions of one's own, a line each."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.file_tables.columns import COLUMN_KINDS
from engine.file_tables.table import Column
from gui import icons
from gui.file_table_words import column_title
from gui.theme import Theme

LONGEST, MOST = 500, 20  # characters of a question, questions


class ColumnChoice(QWidget):
    """`submitted` when Enter is pressed in a question."""

    submitted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.boxes: dict[str, QCheckBox] = {}
        kinds = QHBoxLayout()
        kinds.setSpacing(20)
        for kind in COLUMN_KINDS:
            if kind.kind != "question":
                box = self.boxes[kind.kind] = QCheckBox(column_title(Column(kind.kind)), self)
                kinds.addWidget(box)
        kinds.addStretch(1)
        self.boxes["summary"].setChecked(True)
        self.lines: list[QLineEdit] = []
        self._rows: dict[QLineEdit, tuple[QWidget, QToolButton]] = {}
        self._questions = QVBoxLayout()
        self._questions.setSpacing(8)
        self.more_button = QPushButton(self.tr("Add a question"), self)
        self.more_button.setProperty("kind", "link")
        self.more_button.clicked.connect(lambda: self.add_question().setFocus())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(kinds)
        column.addLayout(self._questions)
        more = QHBoxLayout()
        more.setContentsMargins(0, 0, 0, 0)
        more.addWidget(self.more_button)
        more.addStretch(1)
        column.addLayout(more)
        theme.changed.connect(self._recolor)

    def columns(self) -> list[Column]:
        """What is chosen; empty lines are none."""
        kinds = [Column(kind) for kind, box in self.boxes.items() if box.isChecked()]
        asked = (" ".join(line.text().split()) for line in self.lines)
        return kinds + [Column("question", question) for question in asked if question]

    def reset(self) -> None:
        for kind, box in self.boxes.items():
            box.setChecked(kind == "summary")
        for line in list(self.lines):
            self._remove(line)

    def add_question(self) -> QLineEdit:
        """A line more, while there are not too many."""
        if len(self.lines) >= MOST:
            return self.lines[-1]
        row = QWidget(self)
        line = QLineEdit(row)
        line.setMaxLength(LONGEST)
        line.setPlaceholderText(self.tr("A question to every file, such as: Who signed it?"))
        line.setAccessibleName(self.tr("Question to every file"))
        line.returnPressed.connect(self.submitted)
        button = QToolButton(row)
        button.setIconSize(QSize(16, 16))
        button.setAccessibleName(self.tr("Leave this question away"))
        button.setToolTip(self.tr("Leave this question away"))
        button.clicked.connect(lambda: self._remove(line))
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        inside.addWidget(line, 1)
        inside.addWidget(button)
        self._questions.addWidget(row)
        self.lines.append(line)
        self._rows[line] = row, button
        self._recolor()
        return line

    def _remove(self, line: QLineEdit) -> None:
        self.lines.remove(line)
        row, _ = self._rows.pop(line)
        row.hide()
        row.deleteLater()

    def _recolor(self) -> None:
        icon = icons.icon("x", self._theme.hex("mut"), 16)
        for _, button in self._rows.values():
            button.setIcon(icon)
