"""Pictures of text (PNG, JPEG, TIFF and other kinds), read by OCR where it is installed.

A TIFF may have many pages. In folders pictures are passed over: most are photographs. So this kind is
chosen by what a file holds only, and has no suffixes.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from engine.contracts import AbortFlag
from engine.documents import ocr
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.ocr_pages import MAX_PIXELS, RESOLUTION, page_list, read_pages, remark
from engine.documents.pdf_pages import add_pages
from engine.documents.pdf_scans import no_words
from engine.errors import DocumentDamagedError, DocumentFormatError, DocumentTooLargeError
from engine.types import Document

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_FRAMES = 500
_MOST_PIXELS = 200_000_000  # unpacked, of one page; a phone's photograph has 12 to 50 million
_KINDS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
_USUAL_WIDTH = 8.3  # inches, for pictures that do not say how large they are
_LEAST_RESOLUTION, _MOST_RESOLUTION = 70, 1200


class PictureFormat(DocumentFormat):
    format_id = "picture"
    title = "Picture"
    suffixes = ()

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        engine = ocr.find_engine()
        if engine is None:
            raise DocumentFormatError(
                f"“{builder.name}” is a picture, which Carrel reads only by OCR.",
                hint=ocr.how_to_install(),
            )
        image = _opened(path, builder.name)
        with image:
            count = getattr(image, "n_frames", 1)
            if count > MAX_FRAMES:
                builder.remarks.append(f"Only the first {MAX_FRAMES} of {count:,} pages were read.")
            frames = range(min(count, MAX_FRAMES))
            found = read_pages(
                engine, builder.name, frames, lambda frame: _picture(image, frame, builder), abort
            )
        pages = [found.lines.get(frame, []) for frame in frames]
        if not any(pages):
            if len(found.left_out) == len(frames):
                raise _damaged(builder.name)
            raise no_words(builder.name, engine)
        add_pages(pages, [], builder, abort)
        builder.remarks.append(remark(engine, (n for n, page in enumerate(pages, 1) if page)))
        if found.left_out:
            builder.remarks.append(f"{page_list(n + 1 for n in found.left_out)}: not read.")
        return builder.build(page_count=len(frames))


def _opened(path: Path, name: str) -> Image:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about its size, which is checked below, and its tags
            image = Image.open(io.BytesIO(path.read_bytes()), formats=_KINDS)
    except (UnidentifiedImageError, ValueError, SyntaxError) as error:
        raise _damaged(name) from error
    except Image.DecompressionBombError as error:
        raise _too_large(name) from error
    return image


def _picture(image: Image, frame: int, builder: DocumentBuilder) -> ocr.Picture | None:
    from PIL import Image, ImageOps

    try:
        image.seek(frame)
        area = image.width * image.height
        if area > _MOST_PIXELS:
            raise _too_large(builder.name)
        resolution = _resolution(image)
        shrink = min(1.0, (MAX_PIXELS / area) ** 0.5, 2 * RESOLUTION / resolution)
        if image.format == "JPEG" and shrink < 1:  # it can be unpacked smaller at once
            image.draft("L", (int(image.width * shrink), int(image.height * shrink)))
        grey = _on_white(ImageOps.exif_transpose(image)).convert("L")
        shrink /= (grey.width * grey.height / area) ** 0.5
        if shrink < 1:
            grey.thumbnail((int(grey.width * shrink) + 1, int(grey.height * shrink) + 1))
        resolution = round(resolution * (grey.width * grey.height / area) ** 0.5)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None
    resolution = max(_LEAST_RESOLUTION, resolution)
    return ocr.Picture(grey.width, grey.height, grey.tobytes(), resolution)


def _on_white(image: Image) -> Image:
    """What is transparent would become black."""
    from PIL import Image

    if "A" not in image.getbands() and "transparency" not in image.info:
        return image
    coloured = image.convert("RGBA")
    white = Image.new("RGBA", coloured.size, "white")
    white.alpha_composite(coloured)
    return white


def _resolution(image: Image) -> int:
    """As the file says, if that can be: screenshots say 72 or 96 whatever they show."""
    said = image.info.get("dpi")
    try:
        value = round(float(said[0])) if said else 0
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        value = 0
    if 150 <= value <= _MOST_RESOLUTION:
        return value
    return min(max(round(image.width / _USUAL_WIDTH), _LEAST_RESOLUTION), _MOST_RESOLUTION)


def _damaged(name: str) -> DocumentDamagedError:
    return DocumentDamagedError(f"“{name}” is damaged: its picture cannot be read.")


def _too_large(name: str) -> DocumentTooLargeError:
    return DocumentTooLargeError(
        f"“{name}” has more than {_MOST_PIXELS // 1_000_000} million pixels.",
        hint="Make the picture smaller.",
    )
