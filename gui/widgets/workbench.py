"""The text page's three panes: documents, text and results, side by side, or the results under the
text where there is little room. It knows no session.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.item_models.desk_model import ProgressOf
from gui.theme import Theme
from gui.widgets.desk_list import DeskList
from gui.widgets.reader_pane import ReaderPane
from gui.widgets.results_pane import ResultsPane
from gui.widgets.splitters import turn

LIST_WIDTH, NARROW_LIST_WIDTH, RESULTS_WIDTH, RESULTS_HEIGHT = 240, 190, 400, 360
NARROW = 860  # pixels; below, the results stand under the text


class Workbench(QWidget):
    def __init__(self, theme: Theme, progress_of: ProgressOf, parent: QWidget) -> None:
        super().__init__(parent)
        self._outer = QSplitter(Qt.Orientation.Horizontal, self)
        self.list = DeskList(theme, progress_of, self._outer)
        self._inner = QSplitter(Qt.Orientation.Horizontal, self._outer)
        self.reader = ReaderPane(theme, self._inner)
        self.results = ResultsPane(theme, self._inner)
        for splitter, first in ((self._outer, LIST_WIDTH), (self._inner, 10_000)):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
            splitter.setSizes([first, 10_000 if splitter is self._outer else RESULTS_WIDTH])
        self._outer.setStretchFactor(1, 1)
        self._inner.setStretchFactor(0, 1)
        self.list.setMinimumWidth(180)
        self.reader.setMinimumSize(280, 160)
        self.results.setMinimumSize(280, 140)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._outer)
        self.results.hide()

    def toggle_list(self) -> None:
        self.list.setVisible(not self.list.isVisible())

    def toggle_results(self) -> None:
        self.results.setVisible(not self.results.isVisible())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if turn(self._inner, is_narrow=narrow):
            self._inner.setSizes([10_000, RESULTS_HEIGHT if narrow else RESULTS_WIDTH])
            self._outer.setSizes([NARROW_LIST_WIDTH if narrow else LIST_WIDTH, 10_000])
