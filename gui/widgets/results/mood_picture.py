"""The mood chart as a picture of its own, larger than on screen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.widgets.results.chart_picture import chart_picture
from gui.widgets.results.mood_plot import MoodPlot
from gui.widgets.results.sentiment_words import label_title

HEIGHT = 320


def mood_picture(
    suffix: str,
    title: str,
    curve: list[tuple[float, int]],
    values: list[float],
    theme: Theme,
    parent: QWidget,
) -> bytes:
    """The content of a file, ".png" or ".svg"; `values` are the sentences' own."""
    plot = MoodPlot(theme, label_title("positive"), label_title("negative"), parent)
    plot.hide()
    try:
        plot.show_curve(curve, values)
        return chart_picture(plot, suffix, title, HEIGHT, theme)
    finally:
        plot.deleteLater()
