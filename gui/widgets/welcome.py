"""An empty chat: what Carrel can do, a few ways to begin, and an honest word about a small model."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.server_address import ServerAddress
from engine.types import ModelInfo
from gui import icons
from gui.theme import Theme
from gui.widgets.plain import plain_tooltip

WIDEST, NARROW, LEAST_HEIGHT, ROW, SIDES = 704, 560, 180, 54, 66


class Welcome(QWidget):
    """`prompt_chosen` puts words into the composer; nothing is sent by itself."""

    prompt_chosen = Signal(str)
    documents_asked = Signal()
    models_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: list[tuple[QPushButton, str]] = []
        heading = _label(self, self.tr("What is on your mind?"))
        heading.setProperty("kind", "welcome")
        self._text = text = _label(self, self._what_it_does(None))
        text.setProperty("kind", "mut")
        self._small = QPushButton(self)
        self._small.setProperty("kind", "small")
        self._small.clicked.connect(self.models_asked)
        policy = QSizePolicy.Policy
        self._small.setSizePolicy(policy.Ignored, policy.Fixed)
        self._small.hide()
        self._beginnings = QWidget(self)
        self._grid = QGridLayout(self._beginnings)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        for icon_name, words, prompt in self._prompts():
            chip = QPushButton(f"  {words}", self)  # some air after the icon
            chip.setProperty("kind", "starter")
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
            chip.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            if prompt:
                chip.clicked.connect(lambda _=False, p=prompt: self.prompt_chosen.emit(p))
            else:
                chip.clicked.connect(self.documents_asked)
            self._chips.append((chip, icon_name))
        self._columns = 0
        self._arrange(2)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addWidget(text)
        column.addSpacing(16)
        column.addWidget(self._beginnings)
        column.addSpacing(8)
        column.addWidget(self._small)
        holder = QWidget(self)
        holder.setMaximumWidth(WIDEST)
        holder.setLayout(column)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(holder, 1000)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 0, SIDES - 28, 0)
        layout.addStretch(5)
        layout.addLayout(middle)
        layout.addStretch(6)
        self._on_theme_changed()
        theme.changed.connect(self._on_theme_changed)

    def _what_it_does(self, address: ServerAddress | None) -> str:
        if address is not None:
            words = self.tr(
                "Chat with a model on {host}, or drop a document anywhere to have it summarized, its"
                " mood read and its names found."
            )
            return words.format(host=address.host)
        return self.tr(
            "Chat with a model that runs on this computer, or drop a document anywhere to have"
            " it summarized, its mood read and its names found."
        )

    def show_model(self, info: ModelInfo | None, address: ServerAddress | None = None) -> None:
        """Say where the model runs, and so if it is a small one."""
        self._text.setText(self._what_it_does(address))
        small = info is not None and info.is_small() and info.parameter_count > 0
        self._small.setVisible(small)
        if small and info is not None:
            words = self.tr(
                "{model} is a small starter model and is often wrong. Choose a larger one…"
            )
            self._small.setAccessibleName(words.format(model=info.name))
            self._fit_small()

    def small_model_text(self) -> str:
        return self._small.accessibleName() if self._small.isVisibleTo(self) else ""

    def _fit_small(self) -> None:
        """The button gives way: cut where there is no room for all of it."""
        words = self._small.accessibleName()
        room = min(self.width() - SIDES, WIDEST) - 16
        metrics = self._small.fontMetrics()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room)
        self._small.setText(shown.replace("&", "&&"))
        self._small.setToolTip(plain_tooltip(words) if shown != words else "")

    def chips(self) -> list[QPushButton]:
        return [chip for chip, _ in self._chips]

    def _prompts(self) -> tuple[tuple[str, str, str], ...]:
        return (
            ("file-text", self.tr("Drop a document to have it summarized"), ""),
            (
                "lightbulb",
                self.tr("Explain something simply"),
                self.tr("Explain in simple words how a vaccine works."),
            ),
            (
                "mail",
                self.tr("Write a short e-mail"),
                self.tr("Write a short, polite e-mail that asks to move a meeting to Friday."),
            ),
            (
                "pencil",
                self.tr("Improve a sentence"),
                self.tr("Make this sentence clearer: "),
            ),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(1 if self.width() < NARROW else 2)
        # Where a full box to write in leaves no room, the words are enough.
        self._fit_small()
        least = LEAST_HEIGHT + ROW * (len(self._chips) // self._columns)
        self._beginnings.setVisible(self.height() >= least)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number, (chip, _) in enumerate(self._chips):
            self._grid.addWidget(chip, number // columns, number % columns)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)

    def _on_theme_changed(self) -> None:
        for chip, icon_name in self._chips:
            chip.setIcon(icons.icon(icon_name, self._theme.hex("accent"), 18))


def _label(parent: QWidget, text: str) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setWordWrap(True)
    return label
