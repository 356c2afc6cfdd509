"""Scanned pages of a PDF: which ones they are, their pictures, and their text by OCR where it is there.

A page is a scan if it shows something but holds no text, or hardly any beside a picture that fills it
(the stamp of a scanning program). Knows no paragraphs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.contracts import AbortFlag
from engine.documents import ocr
from engine.documents.builder import DocumentBuilder
from engine.documents.ocr_pages import fitting_resolution, page_list, read_pages, remark
from engine.documents.pdf_lines import Line
from engine.errors import DocumentNoTextError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_FEW_CHARACTERS = 80
_FILLED = 0.5  # of a page's area
MAX_OBJECTS = 200  # that are looked through for a picture


class Emptiness(NamedTuple):
    """`is_blank`: nothing is on the page at all; `is_scan`: OCR may find text on it."""

    is_blank: bool
    is_scan: bool


def emptiness(page: PdfPage, characters: int) -> Emptiness:
    import pypdfium2.raw as pdfium

    if characters > _FEW_CHARACTERS:
        return Emptiness(False, False)
    if not characters:
        is_blank = pdfium.FPDFPage_CountObjects(page) < 1
        return Emptiness(is_blank, not is_blank)
    return Emptiness(False, _has_filling_picture(page))


def _has_filling_picture(page: PdfPage) -> bool:
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
    for picture, _ in zip(pictures, range(MAX_OBJECTS), strict=False):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) > _FILLED * width * height:
            return True
    return False


def read_scans(
    pdf: PdfDocument,
    scans: list[int],
    pages: list[list[Line]],
    builder: DocumentBuilder,
    abort: AbortFlag,
) -> None:
    """Put the lines that OCR finds in place of these pages' own, and say what was done."""
    engine = ocr.find_engine()
    if engine is None:
        unread = [page + 1 for page in scans if not pages[page]]
        if len(unread) == len(pages):
            raise DocumentNoTextError(
                f"“{builder.name}” is a scan: its pages are pictures without a text layer.",
                hint=f"Its text can be read by OCR. {ocr.how_to_install()}",
            )
        if unread:
            builder.remarks.append(
                f"{page_list(unread)}: pictures without a text layer, not read. {ocr.how_to_install()}"
            )
        return
    found = read_pages(engine, builder.name, scans, lambda page: _picture(pdf, page), abort)
    read = []
    for page, lines in found.lines.items():
        if _letters(lines) > _letters(pages[page]):
            pages[page] = lines
            read.append(page + 1)
    if read:
        builder.remarks.append(remark(engine, read))
    if found.left_out:
        late = page_list(page + 1 for page in found.left_out)
        builder.remarks.append(f"{late}: not read, since OCR would have taken too long.")
    if not any(pages):
        raise no_words(builder.name, engine)


def no_words(name: str, engine: ocr.Engine) -> DocumentNoTextError:
    languages = ", ".join(one for one in engine.languages if one != "osd")
    return DocumentNoTextError(
        f"“{name}” holds pictures only, and OCR ({engine.name}) found no text in them.",
        hint=f"If there is text, scan it more sharply, or install the data of its language for "
        f"Tesseract (now: {languages}).",
    )


def _letters(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _picture(pdf: PdfDocument, number: int) -> ocr.Picture | None:
    from pypdfium2 import PdfiumError

    try:
        page = pdf[number]
        resolution = fitting_resolution(*page.get_size())
        bitmap = page.render(scale=resolution / 72, grayscale=True)
        width, height, stride = bitmap.width, bitmap.height, bitmap.stride
        rows = bytes(bitmap.buffer)
        bitmap.close()
        page.close()
    except (PdfiumError, ValueError, MemoryError):
        return None
    if stride != width:
        rows = b"".join(rows[start : start + width] for start in range(0, stride * height, stride))
    return ocr.Picture(width, height, rows, resolution)
