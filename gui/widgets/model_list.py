"""The models at hand: the embedded one and those that were used before; one click uses one."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from engine.catalog import CHAT_MODEL_NAME
from engine.server_address import is_address
from gui import icons
from gui.recent_models import parts_of
from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.form import hairline
from gui.widgets.plain import plain_tooltip
from gui.widgets.results.column import plain_label


class ModelRow(QWidget):
    """One model; `path` is an entry of `RecentModels`, "" the embedded one."""

    use_asked = Signal(str)
    forget_asked = Signal(str)

    def __init__(self, theme: Theme, path: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.path = path
        self._mark = QLabel(self)
        self._word = plain_label("", self, "caption")
        name = ElidedLabel(self)
        shown = self._words(path)
        name.setText(shown[0])
        where = ElidedLabel(self, mode=Qt.TextElideMode.ElideMiddle)
        where.setProperty("kind", "caption")
        where.setText(shown[1])
        self.setToolTip(plain_tooltip(path))
        self.use = QPushButton(self.tr("Use"), self)
        self.use.setAccessibleName(self.tr("Use {model}").format(model=name.text()))
        self.use.setProperty("kind", "chip")
        self.use.clicked.connect(lambda: self.use_asked.emit(self.path))
        self.forget = QToolButton(self)
        self.forget.setToolTip(self.tr("Take it off this list; nothing else is removed"))
        self.forget.setAccessibleName(self.tr("Forget {model}").format(model=name.text()))
        self.forget.clicked.connect(lambda: self.forget_asked.emit(self.path))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(where)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 10, 0, 10)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._word, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.use, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.forget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._recolor()
        theme.changed.connect(self._recolor)

    def _words(self, path: str) -> tuple[str, str]:
        """Its name, and where it is."""
        if not path:
            return CHAT_MODEL_NAME, self.tr("Comes with Carrel")
        if not is_address(path):
            return Path(path).name, str(Path(path).parent)
        address, remote_model = parts_of(path)
        host = urlsplit(address).netloc
        return remote_model or host, self.tr("On {host}; text is sent there").format(host=host)

    def show_use(self, is_in_use: bool, is_loading: bool) -> None:
        self._mark.setVisible(is_in_use and not is_loading)
        self._word.setVisible(is_in_use or is_loading)
        self._word.setText(self.tr("Loading…") if is_loading else self.tr("In use"))
        self.use.setVisible(not is_in_use and not is_loading)
        self.forget.setVisible(bool(self.path) and not is_in_use and not is_loading)

    def _recolor(self) -> None:
        self._mark.setPixmap(icons.pixmap("check", self._theme.hex("positive"), 16))
        self.forget.setIcon(icons.icon("x", self._theme.hex("mut"), 16))


class ModelList(QWidget):
    """Rows in the order given, the embedded model first."""

    use_asked = Signal(str)
    forget_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[ModelRow] = []
        self._lines: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_models(self, paths: list[str], in_use: str | None, loading: str | None) -> None:
        """Which path answers and which is on its way: "" for the embedded one, None for none."""
        wanted = ["", *paths]
        if [row.path for row in self._rows] != wanted:
            self._rebuild(wanted)
        for row in self._rows:
            row.show_use(row.path == in_use, row.path == loading)

    def rows(self) -> list[ModelRow]:
        return list(self._rows)

    def _rebuild(self, paths: list[str]) -> None:
        for old in (*self._rows, *self._lines):
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows, self._lines = [], []
        for path in paths:
            if self._rows:
                self._lines.append(hairline(self))
                self._column.addWidget(self._lines[-1])
            row = ModelRow(self._theme, path, self)
            row.use_asked.connect(self.use_asked)
            row.forget_asked.connect(self.forget_asked)
            self._rows.append(row)
            self._column.addWidget(row)
