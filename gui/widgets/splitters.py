"""Splitters whose parts stand under each other where there is little room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter


def turn(splitter: QSplitter, *, is_narrow: bool) -> bool:
    """Its parts side by side, or one under the other. Whether that is new."""
    wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
    is_new = splitter.orientation() != wanted
    if is_new:
        splitter.setOrientation(wanted)
    return is_new
