"""The part of the entities view that folds away: the chart of the most frequent names, how many mentions
there are, and what keeps the chart in a file.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gui import icons
from gui.item_models.entity_model import EntityRow
from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.fold import Fold
from gui.widgets.results.count_chart import BAR_ROOM, CountChart

LEAST_BARS, MOST_BARS, PICTURED = 3, 8, 12
REST = 320  # pixels of the view's height that are not for the chart
TALL = 430  # pixels of height from where the chart is open by itself


class MostNamed(Fold):
    """Open where there is room, until somebody opens or closes it by hand."""

    def __init__(self, theme: Theme, token_of: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(theme, "", parent)
        self.button.setText(self.tr("Most frequent names"))
        self._is_users = False
        self.counts = ElidedLabel(self)
        self.counts.setProperty("kind", "caption")
        self.counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.save = QToolButton(self)
        self.save.setIconSize(QSize(15, 15))
        self.save.setAccessibleName(self.tr("Save chart…"))
        self.save.setToolTip(self.tr("Save chart…"))
        self.save.clicked.connect(self._on_save_clicked)
        self.save.hide()
        self.chart = CountChart(theme, token_of, self)
        self.body.setContentsMargins(0, 0, 0, 4)
        self.body.addWidget(self.chart)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.removeWidget(self.button)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.button)
        head.addWidget(self.counts, 1)
        head.addWidget(self.save)
        column.insertLayout(0, head)
        self.button.toggled.connect(self.save.setVisible)
        self.button.clicked.connect(self._on_button_clicked)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_rows(self, rows: Sequence[EntityRow], height: int) -> None:
        """The names that are shown, in a view of this height."""
        if not self._is_users:
            self.button.setChecked(height >= TALL)
        bars = max(LEAST_BARS, min(MOST_BARS, (height - REST) // BAR_ROOM))
        first = heapq.nsmallest(PICTURED, rows, key=lambda row: row.place)
        names = [row.entity for row in first]
        self.chart.show_names(names[:bars], names)
        self.setVisible(len(rows) > 1)
        self.counts.setText(self.tr("%n mention(s)", "", sum(row.entity.count for row in rows)))

    def _on_save_clicked(self) -> None:
        menu = self.chart.save_menu(self.save)
        menu.popup(self.save.mapToGlobal(self.save.rect().bottomLeft()))

    def _on_button_clicked(self) -> None:
        self._is_users = True

    def _on_theme_changed(self) -> None:
        self.save.setIcon(icons.icon("download", self._theme.hex("mut"), 15))
