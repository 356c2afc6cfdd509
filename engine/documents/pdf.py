"""PDF. Reads the text layer page by page, in reading order, as paragraphs.

Pages that are pictures are read by OCR where it is installed. Left out, and said: running heads and page
numbers. Forms, notes in the margin and attachments are not read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.ocr_pages import page_list
from engine.documents.pdf_heads import leave_out_running_heads
from engine.documents.pdf_lines import Line, page_lines
from engine.documents.pdf_outline import outline
from engine.documents.pdf_pages import add_pages
from engine.documents.pdf_scans import Emptiness, emptiness, read_scans
from engine.documents.pdf_words import MAX_PAGE_CHARACTERS, PageText, page_text
from engine.errors import DocumentDamagedError, DocumentNoTextError, DocumentPasswordError
from engine.types import Document

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MAX_PAGES = 5_000
_PASSWORD_ERRORS = (4, 5)  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY


class PdfFormat(DocumentFormat):
    format_id = "pdf"
    title = "PDF"
    suffixes = (".pdf",)

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        pdf = _open(path.read_bytes(), builder.name)
        try:
            pages, empty = _read_pages(pdf, builder, abort)
            if scans := [page for page, how in empty.items() if how.is_scan]:
                read_scans(pdf, scans, pages, builder, abort)
            entries = outline(pdf)
        finally:
            pdf.close()
        if not any(pages):
            raise DocumentNoTextError(
                f"“{builder.name}” is blank: nothing is on its pages.", hint="Open another file."
            )
        if blank := [page + 1 for page, how in empty.items() if how.is_blank]:
            builder.remarks.append(f"{page_list(blank)}: blank.")
        leave_out_running_heads(pages, builder)
        add_pages(pages, entries, builder, abort)
        return builder.build(page_count=len(pages))


def _open(data: bytes, name: str) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        pdf = PdfDocument(data)
        count = len(pdf)
    except PdfiumError as error:
        if error.err_code in _PASSWORD_ERRORS:
            raise DocumentPasswordError(f"“{name}” is protected with a password.") from error
        raise DocumentDamagedError(
            f"“{name}” is damaged or cut short: it is not a PDF that can be read."
        ) from error
    if count < 1:
        raise DocumentDamagedError(f"“{name}” is damaged: it has no pages.")
    return pdf


def _read_pages(
    pdf: PdfDocument, builder: DocumentBuilder, abort: AbortFlag
) -> tuple[list[list[Line]], dict[int, Emptiness]]:
    """The lines of each page, and which of them (from 0) hold hardly any text.

    An unreadable page has no lines and gets a remark.
    """
    from pypdfium2 import PdfiumError

    pages: list[list[Line]] = []
    damaged: list[int] = []
    empty: dict[int, Emptiness] = {}
    if len(pdf) > MAX_PAGES:
        builder.remarks.append(f"Only the first {MAX_PAGES:,} of {len(pdf):,} pages were read.")
    for number in range(min(len(pdf), MAX_PAGES)):
        abort.raise_if_set()
        try:
            page = pdf[number]
            found = page_text(page.get_textpage())
            how = emptiness(page, found.characters)
            if how.is_blank or how.is_scan:
                empty[number] = how
            page.close()
        except PdfiumError:
            damaged.append(number + 1)
            found = PageText([], [], 0)
        if found.characters > MAX_PAGE_CHARACTERS:
            builder.remarks.append(f"Page {number + 1} holds too much text; its end was left out.")
        pages.append(page_lines(found))
    if damaged:
        builder.remarks.append(f"{page_list(damaged)}: damaged and left out.")
    if len(damaged) == len(pages):
        raise DocumentDamagedError(f"“{builder.name}” is damaged: none of its pages can be read.")
    return pages, empty
