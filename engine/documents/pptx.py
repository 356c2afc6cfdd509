"""PowerPoint presentations (.pptx): slide by slide, shapes in reading order, tables, speaker notes.

A slide is like a page, its title a heading. Left out: pictures, charts, and the master.
"""

from __future__ import annotations

import io
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.packages import SLIDES, check_package
from engine.errors import AbortedError, DocumentDamagedError, DocumentError
from engine.types import Document

_MAX_DEPTH = 20  # of groups in groups
_SAME_ROW = 180_000  # English Metric Units, half a centimetre: shapes that stand side by side


class PowerPointFormat(DocumentFormat):
    format_id = "pptx"
    title = "PowerPoint"
    suffixes = (".pptx", ".ppsx", ".potx")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        data = path.read_bytes()
        check_package(data, builder.name, SLIDES)
        try:
            import pptx

            slides = list(pptx.Presentation(io.BytesIO(data)).slides)
            hidden = 0
            for number, slide in enumerate(slides, start=1):
                abort.raise_if_set()
                hidden += slide._element.get("show") == "0"
                _add_slide(builder, slide, number)
        except (DocumentError, AbortedError):
            raise
        except Exception as error:  # whatever python-pptx meets in here, the file is what is wrong
            raise DocumentDamagedError(
                f"“{builder.name}” is damaged: its slides cannot be read.",
                detail=traceback.format_exc(),
            ) from error
        if hidden:
            noun = "slide is hidden and was" if hidden == 1 else "slides are hidden and were"
            builder.remarks.append(f"{hidden} {noun} read all the same.")
        return builder.build(page_count=len(slides))


def _add_slide(builder: DocumentBuilder, slide: Any, number: int) -> None:
    builder.begin_page(f"slide {number}")
    title = slide.shapes.title
    if title is not None and title.has_text_frame and title.text_frame.text.strip():
        builder.add_heading(_line(title.text_frame.text), 1)
    for shape in _in_reading_order(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            _add_shape(builder, shape)
    if slide.has_notes_slide:
        notes = slide.notes_slide.notes_text_frame
        if notes is not None and notes.text.strip():
            builder.add("Notes: " + _paragraphs(notes))


def _add_shape(builder: DocumentBuilder, shape: Any) -> None:
    if getattr(shape, "has_table", False):
        rows = (" | ".join(_line(cell.text) for cell in row.cells) for row in shape.table.rows)
        builder.add("\n".join(row for row in rows if row.strip(" |")))
    elif getattr(shape, "has_text_frame", False):
        builder.add(_paragraphs(shape.text_frame))


def _in_reading_order(shapes: Any, depth: int = 0) -> Iterator[Any]:
    """From top to bottom and, of what stands side by side, from left to right."""
    found = list(shapes)
    tops = [shape.top or 0 for shape in found]
    lefts = [shape.left or 0 for shape in found]
    order = sorted(range(len(found)), key=lambda i: (tops[i], lefts[i]))
    rows: list[list[int]] = []
    for place in order:
        if rows and tops[place] - tops[rows[-1][0]] < _SAME_ROW:
            rows[-1].append(place)
        else:
            rows.append([place])
    for row in rows:
        for place in sorted(row, key=lambda i: lefts[i]):
            shape = found[place]
            if hasattr(shape, "shapes"):
                if depth < _MAX_DEPTH:
                    yield from _in_reading_order(shape.shapes, depth + 1)
            else:
                yield shape


def _paragraphs(frame: Any) -> str:
    """One line per paragraph, as deep as it is in its list."""
    lines = []
    for paragraph in frame.paragraphs:
        text = _line("".join(_texts(paragraph._p)))
        if text:
            lines.append("  " * paragraph.level + ("- " if paragraph.level else "") + text)
    return "\n".join(lines)


def _texts(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter():
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag == "t":
            yield element.text or ""
        elif tag == "br":
            yield " "


def _line(text: str) -> str:
    return " ".join(text.split())
