"""Word documents (.docx): paragraphs, headings, lists, tables and notes in document order.

Reads what a reader sees with all tracked changes accepted; comments, and the words above and below
the pages, come at the end. Left out: pictures, hidden text. The package is checked before anything is
parsed: see `packages`.
"""

from __future__ import annotations

import io
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.office_drawings import drawing_texts
from engine.documents.packages import WORD, check_package
from engine.documents.word_extras import add_comments, add_notes, add_page_headers, number_notes
from engine.errors import DocumentDamagedError
from engine.types import Document

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from engine.documents.word_styles import WordStyles

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT_BOX = _W + "txbxContent"
_CHARACTERS = {
    _W + "tab": "\t",
    _W + "ptab": "\t",
    _W + "br": "\n",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "-",
}
# Deleted text, properties (their w:tab is a tab stop), ruby readings, and what is said twice.
_SKIPPED = frozenset(
    {_W + tag for tag in ("del", "moveFrom", "pPr", "rPr", "rt", "txbxContent")} | {_FALLBACK}
)
# Documents with macros and templates are read like any other; no macro ever runs.
_OTHER_CONTENT_TYPES = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)


class WordFormat(DocumentFormat):
    format_id = "docx"
    title = "Word"
    suffixes = (".docx", ".docm", ".dotx")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        data = path.read_bytes()
        check_package(data, builder.name, WORD)
        word, body, styles = _open(data, builder.name)
        hidden = [_remove_hidden(body, styles)]

        def text_of(element: Any) -> str:
            hidden.append(_remove_hidden(element, styles))
            return cell_text(element)

        number_notes(body)
        _BodyReader(builder, word.part, styles, abort).read(body)
        add_notes(builder, word, body, text_of)
        add_comments(builder, word, body, text_of)
        add_page_headers(builder, word, body, text_of)
        if any(hidden):
            builder.remarks.append("Hidden text was left out.")
        return builder.build()


def _open(data: bytes, name: str) -> tuple[WordDocument, Any, WordStyles]:
    from docx.opc.part import PartFactory
    from docx.package import Package
    from docx.parts.document import DocumentPart

    from engine.documents.word_styles import WordStyles

    for content_type in _OTHER_CONTENT_TYPES:
        PartFactory.part_type_for[content_type] = DocumentPart
    try:
        word: Any = Package.open(io.BytesIO(data)).main_document_part.document
        body = word.element.body
        body.tag  # noqa: B018  # a document may lack a body
        return word, body, WordStyles(word)
    except Exception as error:  # whatever python-docx meets in here, the file is what is wrong
        raise DocumentDamagedError(
            f"“{name}” is damaged: its Word content cannot be read.", detail=traceback.format_exc()
        ) from error


def _remove_hidden(body: Any, styles: WordStyles) -> bool:
    """Take hidden runs out of the tree; whether any of them held words."""
    hidden = [run for run in body.iter(_W + "r") if styles.is_hidden(run)]
    for run in hidden:
        run.getparent().remove(run)
    return any(paragraph_text(run).strip() for run in hidden)


class _BodyReader:
    """Walks the body's blocks and hands them to the builder."""

    def __init__(
        self, builder: DocumentBuilder, part: Any, styles: WordStyles, abort: AbortFlag
    ) -> None:
        self._builder = builder
        self._part = part
        self._styles = styles
        self._abort = abort
        self._in_list = False

    def read(self, container: Any) -> None:
        for element in container.iterchildren(tag=etree_element()):
            self._abort.raise_if_set()
            if element.tag == _W + "p":
                self._add_paragraph(element)
            elif element.tag == _W + "tbl":
                self._add_table(element)
            elif element.tag not in _SKIPPED:
                self.read(element)  # content controls, custom XML, accepted insertions

    def _add_paragraph(self, paragraph: Any) -> None:
        text = paragraph_text(paragraph)
        level = self._styles.heading_level(paragraph)
        marker = "" if level else self._styles.list_marker(paragraph)
        if level:
            number = self._styles.heading_number(paragraph) if text.strip() else ""
            self._builder.add_heading(number + text, level)
        elif text.strip():
            separator = "\n" if marker and self._in_list else "\n\n"
            self._builder.add(marker + text.strip(), separator)
        self._in_list = bool(marker) and bool(text.strip())
        for box in _text_boxes(paragraph):
            self.read(box)
        for drawing in paragraph.iter(_W + "drawing"):
            for text in drawing_texts(drawing, self._part):
                self._builder.add(text)

    def _add_table(self, table: Any) -> None:
        self._in_list = False
        rows = [
            _row_cells(row)
            for row in table.iter(_W + "tr")
            if next(row.iterancestors(_W + "tbl")) is table
            and row.find(f"{_W}trPr/{_W}del") is None
        ]
        if max((len(cells) for cells in rows), default=0) > 1:
            lines = (" | ".join(cell_text(cell) for cell in cells) for cells in rows)
            self._builder.add("\n".join(line for line in lines if line.strip(" |")))
        else:  # a table of one column is a frame around ordinary text
            for cells in rows:
                for cell in cells:
                    self.read(cell)


def etree_element() -> Any:
    """The tag filter that lets elements through and drops comments and instructions."""
    from lxml import etree

    return etree.Element


def paragraph_text(paragraph: Any) -> str:
    return "".join(_pieces(paragraph))


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == _W + "t" or tag == _MATH_TEXT:
            yield child.text or ""
        elif tag in _CHARACTERS:
            yield _CHARACTERS[tag]
        elif tag in (_W + "footnoteReference", _W + "endnoteReference"):
            if not child.get(_W + "customMarkFollows"):
                yield f"[{child.get('label', '')}]"
        elif tag not in _SKIPPED:
            yield from _pieces(child)


def _text_boxes(paragraph: Any) -> list[Any]:
    return [
        box
        for box in paragraph.iter(_TEXT_BOX)
        if next(box.iterancestors(_FALLBACK, _TEXT_BOX), None) is None
    ]


def _row_cells(row: Any) -> list[Any]:
    return [
        cell for cell in row.iter(_W + "tc") if next(cell.iterancestors(_W + "tr"), None) is row
    ]


def cell_text(cell: Any) -> str:
    """All paragraphs of a cell on one line, those of tables inside it too."""
    return " ".join(" ".join(paragraph_text(one) for one in cell.iter(_W + "p")).split())
