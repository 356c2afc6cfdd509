"""The model that answers, in a few lines: name, size, device and why, and an honest word if small."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.server_address import parse_address
from engine.types import ModelInfo
from gui import icons
from gui.theme import Theme
from gui.widgets.form import hairline
from gui.widgets.remote_words import where_text_goes
from gui.widgets.results.column import wrapped_label

ICON = 18


class ModelSummary(QFrame):
    """Hidden until a model is shown."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marks: list[tuple[QLabel, str]] = []
        self.setProperty("kind", "card")
        self.name = wrapped_label("", self, "verdict")
        self.facts = wrapped_label("", self, "mut")
        self.device = wrapped_label("", self)
        self.reason = wrapped_label("", self, "caption")
        self.note = wrapped_label(
            self.tr(
                "A small model: quick on any computer, and often wrong. One of 4 to 8 billion"
                " parameters writes far better; any GGUF file that was tuned for chat will do."
            ),
            self,
            "mut",
        )
        for label in (self.name, self.facts, self.device, self.reason):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.name)
        head.addWidget(self.facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(14)
        column.addLayout(head)
        column.addWidget(hairline(self))
        column.addWidget(self._with_mark("cpu", self.device, self.reason))
        self._small = self._with_mark("lightbulb", self.note)
        column.addWidget(self._small)
        self._recolor()
        theme.changed.connect(self._recolor)
        self.hide()

    def show_model(self, info: ModelInfo | None) -> None:
        self.setVisible(info is not None)
        if info is None:
            return
        self.name.setText(info.name)
        context = self.tr("{count} tokens of context").format(count=counted(info.n_ctx))
        facts = (
            parameters(info.parameter_count),
            info.quantization,
            size(info.size_bytes),
            context,
        )
        self.facts.setText(" · ".join(fact for fact in facts if fact))
        device = info.device
        where = dict.fromkeys(part for part in (device.label(), device.name) if part)
        self.device.setText(" · ".join(where))
        address = parse_address(info.path) if info.remote else None
        self.reason.setText(where_text_goes(address) if address else device.reason)
        self.reason.setProperty("kind", "warning" if address else "caption")
        self.reason.style().polish(self.reason)
        self.reason.setVisible(bool(self.reason.text()))
        self._marks[0] = (self._marks[0][0], "server" if address else "cpu")
        self._recolor()
        self._small.setVisible(info.is_small() and info.parameter_count > 0)

    def is_small_said(self) -> bool:
        return self._small.isVisibleTo(self)

    def _with_mark(self, icon_name: str, *lines: QLabel) -> QWidget:
        row = QWidget(self)
        mark = QLabel(row)
        self._marks.append((mark, icon_name))
        words = QVBoxLayout()
        words.setSpacing(2)
        for line in lines:
            words.addWidget(line)
        both = QHBoxLayout(row)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(12)
        both.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        both.addLayout(words, 1)
        return row

    def _recolor(self) -> None:
        for mark, icon_name in self._marks:
            mark.setPixmap(icons.pixmap(icon_name, self._theme.hex("mut"), ICON))


def parameters(count: int) -> str:
    """`135 million parameters`, `8.2 billion parameters`; "" if it is not known."""
    if count <= 0:
        return ""
    if count < 1_000_000_000:
        words = QCoreApplication.translate("ModelSummary", "{count} million parameters")
        return words.format(count=f"{count / 1e6:,.0f}")
    words = QCoreApplication.translate("ModelSummary", "{count} billion parameters")
    return words.format(count=f"{count / 1e9:,.1f}".removesuffix(".0"))


def counted(number: int) -> str:
    """`8,192`, as it is written where the user is."""
    return QLocale().toString(number)


def size(count: int) -> str:
    """`98 MB`, `5.0 GB`, in powers of ten as download pages have them; "" if it is not known."""
    if count <= 0:
        return ""
    return f"{count / 1e9:.1f} GB" if count >= 1_000_000_000 else f"{max(1, count / 1e6):.0f} MB"
