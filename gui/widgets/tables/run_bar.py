"""Above a table: its name, how far it is, and what can be done with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QLocale, Signal, SignalInstance
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.file_tables.exports import TABLE_EXPORTS
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.results.column import plain_label


class RunBar(QWidget):
    stop_asked = Signal()
    go_on_asked = Signal()
    retry_asked = Signal()
    more_asked = Signal()  # another column
    export_asked = Signal(str)  # the id of an export
    filtered = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = ElidedLabel(self)
        self.name.setProperty("kind", "title")
        self.state = plain_label("", self, "caption")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(self.tr("Find in the table"))
        self.filter.setAccessibleName(self.tr("Find in the table"))
        self.filter.setMaximumWidth(220)
        self.filter.textChanged.connect(self.filtered)
        self.stop_button = self._button(self.tr("Stop"), self.stop_asked)
        self.go_on_button = self._button(self.tr("Go on"), self.go_on_asked)
        self.update_button = self._button(self.tr("Look for changes"), self.go_on_asked)
        self.retry_button = self._button(self.tr("Try failed ones again"), self.retry_asked)
        for button in (self.update_button, self.retry_button):
            button.setToolTip(self.tr("Files that have changed are read again"))
        self.more_button = self._button(self.tr("Ask more…"), self.more_asked)
        self.export_button = QPushButton(self.tr("Export"), self)
        menu = QMenu(self.export_button)
        for export in TABLE_EXPORTS:
            menu.addAction(
                f"{export.title} ({export.suffix})",
                partial(self.export_asked.emit, export.export_id),
            )
        self.export_button.setMenu(menu)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        for button in (
            self.stop_button,
            self.go_on_button,
            self.update_button,
            self.retry_button,
            self.more_button,
            self.export_button,
        ):
            head.addWidget(button)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(foot)
        column.addWidget(self.bar)

    def show_table(
        self, name: str, counts: tuple[int, int, int], is_running: bool, lacks: bool
    ) -> None:
        """`counts` are files that are done, those with something that failed, and all."""
        done, failed, total = counts
        self.name.setText(name)
        told = self.tr("{done} of {total} files").format(
            done=QLocale().toString(done), total=QLocale().toString(total)
        )
        if failed:
            told += " · " + self.tr("%n with something that failed", "", failed)
        self.state.setText(told)
        self.bar.setVisible(is_running)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.stop_button.setVisible(is_running)
        self.go_on_button.setVisible(not is_running and lacks)
        # To try again is to look for changes, too: there is room for one of them.
        self.retry_button.setVisible(not is_running and bool(failed))
        self.update_button.setVisible(not is_running and not lacks and not failed)
        self.more_button.setVisible(not is_running)
        self.export_button.setEnabled(done > 0)

    def _button(self, text: str, signal: SignalInstance) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", "quiet")
        button.clicked.connect(signal)
        return button
