"""A new table: which files, and what is asked of each of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui import icons
from gui.theme import Theme
from gui.widgets.results.column import wrapped_label
from gui.widgets.tables.column_choice import ColumnChoice

WIDEST, SHOWN = 560, 6  # pixels; files that are named


class PlanForm(QScrollArea):
    """`start_asked` when there is something to start with; `files_asked` and `folder_asked` want a
    dialog."""

    start_asked = Signal()
    files_asked = Signal()
    folder_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._paths: list[Path] = []
        self.setWidgetResizable(True)
        self.viewport().setAutoFillBackground(False)
        self._mark = QLabel(self)
        title = wrapped_label(self.tr("One table of many files"), self, "heading")
        text = wrapped_label(
            self.tr(
                "Each file is read by itself and becomes a row: a sentence about it, its mood, its"
                " names, and answers to your own questions, each with the place where it stands."
            ),
            self,
            "mut",
        )
        self._files_name = wrapped_label(self.tr("Files"), self, "section")
        self.files = wrapped_label("", self, "mut")
        self.folder_button = QPushButton(self.tr("Add a folder…"), self)
        self.folder_button.clicked.connect(self.folder_asked)
        self.files_button = QPushButton(self.tr("Add files…"), self)
        self.files_button.clicked.connect(self.files_asked)
        self.clear_button = QPushButton(self.tr("Begin anew"), self)
        self.clear_button.setProperty("kind", "quiet")
        self.clear_button.clicked.connect(lambda: self.reset())
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.folder_button, self.files_button, self.clear_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._asked_name = wrapped_label(self.tr("What to find in each"), self, "section")
        self.choice = ColumnChoice(theme, self)
        self.choice.submitted.connect(self._ask)
        self.quotes = QCheckBox(self.tr("Only quotes: no chat model, much faster"), self)
        self.start_button = QPushButton(self.tr("Start"), self)
        self.start_button.setProperty("kind", "primary")
        self.start_button.clicked.connect(self._ask)
        start = QHBoxLayout()
        start.addWidget(self.start_button)
        start.addStretch(1)
        holder = QWidget(self)
        holder.setMaximumWidth(WIDEST)
        column = QVBoxLayout(holder)
        column.setContentsMargins(24, 40, 24, 40)
        column.setSpacing(10)
        for widget, above in (
            (self._mark, 0),
            (title, 0),
            (text, 0),
            (self._files_name, 16),
            (self.files, 0),
            (buttons, 0),
            (self._asked_name, 16),
            (self.choice, 0),
            (self.quotes, 0),
            (start, 12),
        ):
            if above:
                column.addSpacing(above)
            if isinstance(widget, QWidget):
                column.addWidget(widget)
            else:
                column.addLayout(widget)
        column.addStretch(1)
        inside = QWidget(self)
        row = QHBoxLayout(inside)
        row.addStretch(1)
        row.addWidget(holder, 1000)
        row.addStretch(1)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self._recolor)
        self._recolor()
        self.reset()

    def paths(self) -> list[Path]:
        return list(self._paths)

    def reader(self) -> str:
        return "quotes" if self.quotes.isChecked() else "automatic"

    def add_paths(self, paths: list[Path]) -> None:
        self._paths = list(dict.fromkeys([*self._paths, *paths]))
        self._show_paths()

    def reset(self) -> None:
        self._paths = []
        self.choice.reset()
        self._show_paths()

    def focus_first(self) -> None:
        (self.start_button if self._paths else self.folder_button).setFocus()

    def _show_paths(self) -> None:
        names = [path.name for path in self._paths[:SHOWN]]
        more = len(self._paths) - len(names)
        words = ", ".join(names)
        if more:
            words = self.tr("{names} and {count} more").format(names=words, count=more)
        nothing = self.tr("Drop files, folders or zip archives here.")
        self.files.setText(words or nothing)
        self.clear_button.setVisible(bool(self._paths))
        self.start_button.setEnabled(bool(self._paths))

    def _ask(self) -> None:
        if self._paths:
            self.start_asked.emit()

    def _recolor(self) -> None:
        self._mark.setPixmap(icons.pixmap("sheet", self._theme.hex("accent"), 36))
