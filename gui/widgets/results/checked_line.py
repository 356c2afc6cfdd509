"""What was checked in a summary: "✓ 6 numbers and 9 names found in the source"."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import icons
from gui.theme import Theme
from gui.widgets.results.column import wrapped_label


class CheckedLine(QWidget):
    """Nothing is claimed where nothing was checked."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._good = _Line("check", "positive", self)
        self._bad = _Line("triangle-alert", "warning", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._good)
        column.addWidget(self._bad)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_counts(self, numbers: int, names: int, unsupported: int) -> None:
        number_words = self.tr("%n number(s)", "", numbers)
        name_words = self.tr("%n name(s)", "", names)
        if numbers and names:
            text = self.tr("{numbers} and {names} found in the source")
        else:
            text = self.tr("{one} found in the source")
        one = number_words if numbers else name_words
        self._good.label.setText(text.format(numbers=number_words, names=name_words, one=one))
        self._good.setVisible(bool(numbers or names))
        self._bad.label.setText(
            self.tr("%n number(s), name(s) or quote(s) not found in the source", "", unsupported)
        )
        self._bad.setVisible(unsupported > 0)

    def texts(self) -> list[str]:
        return [line.label.text() for line in (self._good, self._bad) if not line.isHidden()]

    def _on_theme_changed(self) -> None:
        self._good.recolor(self._theme)
        self._bad.recolor(self._theme)


class _Line(QWidget):
    def __init__(self, icon_name: str, token: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon_name, self._token = icon_name, token
        self._mark = QLabel(self)
        self.label = wrapped_label("", self, "positive" if token == "positive" else "warning")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._mark)
        row.addWidget(self.label, 1)

    def recolor(self, theme: Theme) -> None:
        self._mark.setPixmap(icons.pixmap(self._icon_name, theme.hex(self._token), 14))
