"""What is said of tables of files, in the window's language. Knows no widget."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.file_tables.columns import NO_NAMES, NOT_SURE, NOT_THERE
from engine.file_tables.table import Cell, Column
from engine.text_tools.results import UNSURE
from gui.widgets.results.sentiment_words import label_title

_TITLES = {
    "summary": QT_TRANSLATE_NOOP("FileTables", "Summary"),
    "sentiment": QT_TRANSLATE_NOOP("FileTables", "Sentiment"),
    "entities": QT_TRANSLATE_NOOP("FileTables", "Names"),
}
# What stands where nothing was found.
_NOTHING = {
    NOT_THERE: QT_TRANSLATE_NOOP("FileTables", "Not in the document"),
    NO_NAMES: QT_TRANSLATE_NOOP("FileTables", "No names"),
}


def column_title(column: Column) -> str:
    """Of a question: the question."""
    title = _TITLES.get(column.kind)
    return QCoreApplication.translate("FileTables", str(title)) if title else column.question


def cell_words(column: Column, cell: Cell) -> str:
    """What a cell says; words of the file stay as they are."""
    if column.kind == "sentiment":
        return label_title(UNSURE if cell.text == NOT_SURE else cell.text)
    if not cell.proofs and cell.text in _NOTHING:
        return QCoreApplication.translate("FileTables", str(_NOTHING[cell.text]))
    return cell.text
