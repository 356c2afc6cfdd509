"""Scans for tests: pictures of the pages of small PDFs, and what a test needs to have them read."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from engine.documents import ocr
from tests.documents.makers import lines, pdf

LEFT = """The committee met on a cold Monday
in March and spoke at length about the
bridge, which had been closed since the
flood. Nobody wanted to say how much
the repair would cost in the end."""
RIGHT = """A second meeting was then called for
April, when the engineers would bring
their drawings and a first estimate of
the costs. Until then the ferry would
have to carry everyone across."""

LANGUAGES = (ocr.find_engine() or ocr.Engine("", "", ())).languages
needs_tesseract = pytest.mark.skipif(
    "eng" not in LANGUAGES, reason="Tesseract is not installed, or lacks English"
)
needs_chinese = pytest.mark.skipif(
    not {"chi_sim", "osd"} <= set(LANGUAGES), reason="Tesseract lacks Chinese or orientation"
)


def scanned(content: bytes, turn: float = 0, dpi: int = 200) -> list[Image.Image]:
    """Pictures of the pages of a PDF, turned by so many degrees."""
    source = pypdfium2.PdfDocument(content)
    pictures = []
    for number in range(len(source)):
        page = source[number].render(scale=dpi / 72, grayscale=True).to_pil()
        pictures.append(page.rotate(turn, expand=turn % 90 == 0, fillcolor=255))
    source.close()
    return pictures


def saved(path: Path, pictures: list[Image.Image], dpi: int = 200) -> Path:
    kind = {".pdf": "PDF", ".tif": "TIFF"}.get(path.suffix)
    more = {"save_all": True, "append_images": pictures[1:]} if kind else {}
    pictures[0].save(path, kind, dpi=(dpi, dpi), resolution=dpi, **more)
    return path


def joined(text: str) -> str:
    return " ".join(text.split())


def mixed(folder: Path) -> Path:
    """A page of text, `LEFT`, and a scanned one, `RIGHT`."""
    scan = saved(folder / "scan.pdf", scanned(pdf([lines(RIGHT, size=12, leading=15)])))
    both, other = pypdfium2.PdfDocument(pdf([lines(LEFT)])), pypdfium2.PdfDocument(scan)
    both.import_pages(other)
    both.save(folder / "mixed.pdf")
    both.close()
    other.close()
    return folder / "mixed.pdf"
