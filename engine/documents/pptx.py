"""PowerPoint presentations (.pptx): slide by slide, shapes in reading order, speaker notes, comments.

A slide is like a page, its title a heading. What a shape says is read by `pptx_shapes`. Left out:
pictures, the master, slide numbers and dates.
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
from engine.documents.office_drawings import one_line
from engine.documents.packages import SLIDES, check_package, parsed
from engine.documents.pptx_shapes import frame_lines, shape_text, unwrap_alternatives
from engine.errors import AbortedError, DocumentDamagedError, DocumentError
from engine.types import Document

_MAX_DEPTH = 20  # of groups in groups
_SAME_ROW = 180_000  # English Metric Units, half a centimetre: shapes that stand side by side
_PAGE_FURNITURE = frozenset({"sldNum", "dt"})


class PowerPointFormat(DocumentFormat):
    format_id = "pptx"
    title = "PowerPoint"
    suffixes = (".pptx", ".pptm", ".ppsx", ".potx")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        data = path.read_bytes()
        check_package(data, builder.name, SLIDES)
        try:
            count = _Reader(builder, abort).read(data)
        except (DocumentError, AbortedError, MemoryError):
            raise
        except Exception as error:  # whatever python-pptx meets in here, the file is what is wrong
            raise DocumentDamagedError(
                f"“{builder.name}” is damaged: its slides cannot be read.",
                detail=traceback.format_exc(),
            ) from error
        return builder.build(page_count=count)


class _Reader:
    def __init__(self, builder: DocumentBuilder, abort: AbortFlag) -> None:
        self._builder, self._abort = builder, abort
        self._footers: set[str] = set()
        self._authors: dict[str, str] = {}

    def read(self, data: bytes) -> int:
        """Read all slides and return how many there are."""
        from pptx.package import Package

        # Not pptx.Presentation(): that refuses shows (.ppsx) and templates (.potx).
        part: Any = Package.open(io.BytesIO(data)).main_document_part
        slides = list(part.presentation.slides)
        self._authors = _authors(part)
        hidden = []
        for number, slide in enumerate(slides, start=1):
            self._abort.raise_if_set()
            if slide._element.get("show") in ("0", "false"):
                hidden.append(str(number))
            self._builder.begin_page(f"slide {number}")
            self._add_slide(slide)
        if hidden:
            noun, verb = ("Slide", "is") if len(hidden) == 1 else ("Slides", "are")
            numbers = ", ".join(hidden)
            self._builder.remarks.append(f"{noun} {numbers} {verb} hidden, and read all the same.")
        return len(slides)

    def _add_slide(self, slide: Any) -> None:
        unwrap_alternatives(slide._element)
        title = slide.shapes.title
        if title is not None and title.has_text_frame:
            self._builder.add_heading(one_line(title.text_frame.text), 1)
        for shape in _in_reading_order(slide.shapes):
            if title is None or shape._element is not title._element:
                self._add_shape(shape)
        if slide.has_notes_slide:
            notes = slide.notes_slide.notes_text_frame
            if notes is not None and notes.text.strip():
                self._builder.add("Notes: " + "\n".join(frame_lines(notes)))
        for comment in self._comments(slide.part):
            self._builder.add(comment)

    def _add_shape(self, shape: Any) -> None:
        kind = next((one.get("type", "") for one in shape._element.iter("{*}ph")), "")
        if kind in _PAGE_FURNITURE or _is_hidden(shape):
            return
        text = shape_text(shape)
        if kind == "ftr":  # the same on each slide, and told once
            if text in self._footers:
                return
            self._footers.add(text)
        self._builder.add(text)

    def _comments(self, slide: Any) -> Iterator[str]:
        for comment in _related(slide, "/comments", "cm"):
            author = self._authors.get(comment.get("authorId", ""), "")
            for one in comment.iter("{*}reply", "{*}cm"):
                author = self._authors.get(one.get("authorId", ""), author)
                said = (
                    text.itertext() for text in one if str(text.tag).endswith(("}text", "}txBody"))
                )
                if text := one_line(" ".join(" ".join(words) for words in said)):
                    yield f"Comment{' by ' + author if author else ''}: {text}"


def _is_hidden(shape: Any) -> bool:
    """Switched off in the selection pane, itself or a group that it is in."""
    elements = [shape._element, *shape._element.iterancestors("{*}grpSp")]
    marks = (next(one.iter("{*}cNvPr"), None) for one in elements)
    return any(mark is not None and mark.get("hidden") in ("1", "true") for mark in marks)


def _authors(presentation: Any) -> dict[str, str]:
    """Who may have commented, by their id: in old files and in new ones."""
    found = [
        *_related(presentation, "/commentAuthors", "cmAuthor"),
        *_related(presentation, "/authors", "author"),
    ]
    return {one.get("id", ""): one_line(one.get("name", "")) for one in found}


def _related(part: Any, kind: str, tag: str) -> list[Any]:
    """The elements of a part beside; none if it is missing or broken."""
    elements: list[Any] = []
    for relation in part.rels.values():
        if relation.reltype.endswith(kind) and not relation.is_external:
            try:
                elements += parsed(relation.target_part.blob, kind).iter("{*}" + tag)
            except DocumentDamagedError:
                continue
    return elements


def _in_reading_order(shapes: Any, depth: int = 0) -> Iterator[Any]:
    """From top to bottom and, of what stands side by side, from left to right."""
    found = [(shape.top or 0, shape.left or 0, place, shape) for place, shape in enumerate(shapes)]
    rows: list[list[tuple[int, int, int, Any]]] = []
    for one in sorted(found, key=lambda one: one[:3]):
        if rows and one[0] - rows[-1][0][0] < _SAME_ROW:
            rows[-1].append(one)
        else:
            rows.append([one])
    for row in rows:
        for _, _, _, shape in sorted(row, key=lambda one: one[1:3]):
            if not hasattr(shape, "shapes"):
                yield shape
            elif depth < _MAX_DEPTH:
                yield from _in_reading_order(shape.shapes, depth + 1)
