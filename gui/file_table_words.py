"""What is said of tables of files, in the window's language. Knows no widget."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.file_tables.table import Column

_TITLES = {
    "summary": QT_TRANSLATE_NOOP("FileTables", "Summary"),
    "sentiment": QT_TRANSLATE_NOOP("FileTables", "Sentiment"),
    "entities": QT_TRANSLATE_NOOP("FileTables", "Names"),
}


def column_title(column: Column) -> str:
    """Of a question: the question."""
    title = _TITLES.get(column.kind)
    return QCoreApplication.translate("FileTables", str(title)) if title else column.question
