"""What the loaded file is, exactly: path and hash to copy, then its template and metadata, folded."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.types import ModelInfo
from gui import icons
from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.fold import Fold
from gui.widgets.form import hairline
from gui.widgets.model_summary import counted
from gui.widgets.plain import plain_tooltip
from gui.widgets.results.column import plain_label, wrapped_label

FEWEST, MOST = 3, 14  # lines of a folded text that are seen at once
WRAP = 80  # characters that stand in one, about
FACTS = ("file", "sha256", "architecture", "parameters", "context", "engine")


class ModelDetails(QWidget):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: list[str] = []
        self._values: dict[str, QLineEdit | QLabel] = {}
        self._copies: list[QToolButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._facts())
        column.addWidget(hairline(self))
        column.addWidget(self._choices())
        column.addWidget(self._template_fold())
        column.addWidget(hairline(self))
        column.addWidget(self._metadata_fold())
        self._recolor()
        theme.changed.connect(self._recolor)

    def show_model(self, info: ModelInfo) -> None:
        """Only what is new is set, so that a selection or a place in a text is kept."""
        context = self.tr("{now} tokens; trained on {most}").format(
            now=counted(info.n_ctx), most=counted(info.n_ctx_train)
        )
        shown = (
            info.path,
            info.sha256,
            info.architecture,
            counted(info.parameter_count),
            context,
            info.engine_version,
        )
        self.choices.setText("\n".join(info.choices))
        self.choices_box.setVisible(bool(info.choices))
        for name, value in zip(FACTS, shown, strict=True):
            if (widget := self._values[name]).text() != value:
                widget.setText(value)
                if isinstance(widget, QLineEdit):
                    widget.setCursorPosition(0)
                else:
                    widget.setToolTip(plain_tooltip(value))
        if self.template.toPlainText() != info.chat_template:
            self._fill(self.template, info.chat_template)
        entries = [f"{key} = {value}" for key, value in sorted(info.metadata.items())]
        if entries != self._entries:
            self._entries = entries
            self._filter()

    def value(self, name: str) -> str:
        """What is shown for one of `FACTS`."""
        return self._values[name].text()

    def _facts(self) -> QGridLayout:
        titles = (
            self.tr("File"),
            self.tr("SHA-256"),
            self.tr("Architecture"),
            self.tr("Parameters"),
            self.tr("Context"),
            self.tr("Engine"),
        )
        copies = {"file": self.tr("Copy the path"), "sha256": self.tr("Copy the SHA-256")}
        grid = QGridLayout()
        grid.setContentsMargins(0, 12, 0, 12)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (name, title) in enumerate(zip(FACTS, titles, strict=True)):
            grid.setRowMinimumHeight(row, 28)
            grid.addWidget(plain_label(title, self, "mut"), row, 0)
            grid.addWidget(self._value(name, title), row, 1)
            if name in copies:
                grid.addWidget(self._copy(name, copies[name]), row, 2)
        return grid

    def _value(self, name: str, title: str) -> QWidget:
        """One line to select; a path, which may be long, is cut in the middle instead."""
        if name == "file":
            path = ElidedLabel(self, mode=Qt.TextElideMode.ElideMiddle)
            self._values[name] = path
            return path
        line = QLineEdit(self)
        line.setProperty("kind", "value")
        line.setReadOnly(True)
        line.setTextMargins(-2, 0, 0, 0)  # flush with labels
        line.setAccessibleName(title)
        if name == "sha256":
            line.setFont(self._theme.code_font(12))
        self._values[name] = line
        return line

    def _choices(self) -> QWidget:
        """What the engine chose for this machine, and why."""
        self.choices_box = QWidget(self)
        column = QVBoxLayout(self.choices_box)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(4)
        column.addWidget(plain_label(self.tr("Chosen for this machine"), self.choices_box, "mut"))
        self.choices = wrapped_label("", self.choices_box, "caption")
        self.choices.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.choices)
        column.addSpacing(8)
        column.addWidget(hairline(self.choices_box))
        return self.choices_box

    def _copy(self, name: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.value(name)))
        self._copies.append(button)
        return button

    def _template_fold(self) -> Fold:
        fold = Fold(self._theme, self.tr("Chat template"), self)
        about = self.tr(
            "How a conversation is written down for this model: who says what, and where a turn"
            " ends. It comes with the file, and Carrel runs it sealed off from everything else."
        )
        fold.body.addWidget(wrapped_label(about, fold, "caption"))
        self.template = self._text(self.tr("Chat template"), fold)
        fold.body.addWidget(self.template)
        self.template_fold = fold
        return fold

    def _metadata_fold(self) -> Fold:
        fold = Fold(self._theme, self.tr("Metadata"), self)
        self.filter = QLineEdit(fold)
        self.filter.setPlaceholderText(self.tr("Find in what the file says of itself"))
        self.filter.setAccessibleName(self.filter.placeholderText())
        self.filter.setClearButtonEnabled(False)
        self.filter.textChanged.connect(self._filter)
        self.metadata = self._text(self.tr("Metadata"), fold)
        fold.body.addWidget(self.filter)
        fold.body.addWidget(self.metadata)
        self.metadata_fold = fold
        return fold

    def _text(self, name: str, parent: QWidget) -> QPlainTextEdit:
        text = QPlainTextEdit(parent)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setFont(self._theme.code_font(12))
        text.setProperty("kind", "field")
        text.setAccessibleName(name)
        return text

    def _filter(self) -> None:
        wanted = self.filter.text().strip().lower()
        found = [entry for entry in self._entries if wanted in entry.lower()]
        nothing = self.tr("Nothing has that in it.")
        self._fill(self.metadata, "\n".join(found) if found or not wanted else nothing)

    @staticmethod
    def _fill(text: QPlainTextEdit, content: str) -> None:
        """As high as what is in it, within reason."""
        text.setPlainText(content)
        lines = sum(1 + len(line) // WRAP for line in content.split("\n"))
        lines = min(MOST, max(FEWEST, lines))
        text.setFixedHeight(lines * QFontMetrics(text.font()).lineSpacing() + 24)

    def _recolor(self) -> None:
        for button in self._copies:
            button.setIcon(icons.icon("copy", self._theme.hex("mut"), 16))
