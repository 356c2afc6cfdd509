"""How long a document is, in a few words: "12 pages · 5,400 words", "6 slides". Knows no widget."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, QLocale

from engine.storage.records import DocumentEntry
from engine.types import Document

SAMPLE = 20_000  # characters; a longer text's words are estimated from so many
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def document_facts(document: Document) -> str:
    parts = []
    if document.page_count:
        parts.append(_counted(_page_kind(document), document.page_count))
    sample = document.text[:SAMPLE]
    letters = sum(1 for _ in _CJK.finditer(sample))
    if letters > len(sample) / 4:
        parts.append(_counted("character", len(document.text)))
    else:
        words = len(sample.split()) * len(document.text) / max(1, len(sample))
        exact = len(document.text) <= SAMPLE
        digits = 0 if exact else -2
        parts.append(_counted("word", round(round(words, digits))))
    return " · ".join(parts)


def entry_facts(entry: DocumentEntry) -> str:
    """The same of a document whose text is not at hand: its pages, or else its characters."""
    if entry.page_count:
        return _counted(
            {"pptx": "slide", "xlsx": "sheet"}.get(entry.format, "page"), entry.page_count
        )
    return _counted("character", entry.characters)


def _page_kind(document: Document) -> str:
    """What its pages are: those of a presentation or a workbook say it in their names."""
    first = next((one.label for one in document.sections if one.kind == "page"), "")
    kind = first.partition(" ")[0]
    return kind if kind in ("slide", "sheet") else "page"


def _counted(kind: str, number: int) -> str:
    one, many = {
        "page": (
            QCoreApplication.translate("Facts", "1 page"),
            QCoreApplication.translate("Facts", "{count} pages"),
        ),
        "slide": (
            QCoreApplication.translate("Facts", "1 slide"),
            QCoreApplication.translate("Facts", "{count} slides"),
        ),
        "sheet": (
            QCoreApplication.translate("Facts", "1 sheet"),
            QCoreApplication.translate("Facts", "{count} sheets"),
        ),
        "character": (
            QCoreApplication.translate("Facts", "1 character"),
            QCoreApplication.translate("Facts", "{count} characters"),
        ),
        "word": (
            QCoreApplication.translate("Facts", "1 word"),
            QCoreApplication.translate("Facts", "{count} words"),
        ),
    }[kind]
    return one if number == 1 else many.format(count=QLocale().toString(number))
