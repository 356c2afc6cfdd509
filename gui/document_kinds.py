"""The kinds of documents that can be read: their names for people, and an icon for each.

It follows `DOCUMENT_FORMATS`: what is not read there is not promised here, and a format that is
unknown here is drawn as a text. Knows no widget.
"""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QCoreApplication

TEXT, FOLDER, MANY = "file-text", "folder-open", "files"
_ICONS = {
    "xlsx": "table",
    "csv": "table",
    "pptx": "presentation",
    "epub": "book-open",
    "html": "globe",
    "eml": "mail",
    "json": "braces",
    "ipynb": "notebook-text",
    "srt": "captions",
}


def format_icon(format_id: str) -> str:
    """Of a document that was read, by the id of its format."""
    return _ICONS.get(format_id, TEXT)


def file_icon(name: str) -> str:
    """Of a file that is about to be read, by its suffix."""
    from engine.documents import DOCUMENT_FORMATS  # not before the first drag
    from engine.documents.folders import ARCHIVE_SUFFIXES

    suffix = PurePath(name).suffix.lower()
    ids = (kind.format_id for kind in DOCUMENT_FORMATS if suffix in kind.suffixes)
    return FOLDER if suffix in ARCHIVE_SUFFIXES else format_icon(next(ids, ""))


def kinds_in_words() -> str:
    """ "PDF, Word, … and plain text": the kinds that are read, as a list for a sentence."""
    from engine.documents import DOCUMENT_FORMATS

    names = {
        "pdf": QCoreApplication.translate("Kinds", "PDF"),
        "docx": QCoreApplication.translate("Kinds", "Word"),
        "pptx": QCoreApplication.translate("Kinds", "PowerPoint"),
        "xlsx": QCoreApplication.translate("Kinds", "Excel"),
        "odt": QCoreApplication.translate("Kinds", "OpenDocument"),
        "epub": QCoreApplication.translate("Kinds", "e-books"),
        "html": QCoreApplication.translate("Kinds", "web pages"),
        "eml": QCoreApplication.translate("Kinds", "e-mails"),
        "ipynb": QCoreApplication.translate("Kinds", "notebooks"),
        "srt": QCoreApplication.translate("Kinds", "subtitles"),
    }
    read = {kind.format_id for kind in DOCUMENT_FORMATS}
    comma = QCoreApplication.translate("Kinds", ", ", "between the kinds of documents")
    kinds = comma.join(name for format_id, name in names.items() if format_id in read)
    return QCoreApplication.translate("Kinds", "{kinds} and plain text").format(kinds=kinds)
