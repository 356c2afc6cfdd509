"""What a shape on a slide says: text with its bullets, tables, charts, SmartArt.

It knows single shapes; their order on the slide is decided elsewhere, and what charts say, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.documents.office_drawings import drawing_texts, one_line

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def shape_text(shape: Any) -> str:
    """What it says; nothing if it is a picture."""
    if getattr(shape, "has_table", False):
        return "\n".join(_table_lines(shape.table))
    if getattr(shape, "has_text_frame", False):
        return "\n".join(frame_lines(shape.text_frame))
    return "\n\n".join(drawing_texts(shape._element, shape.part))


def frame_lines(frame: Any) -> list[str]:
    """One line per paragraph, as deep as it is in its list, with its own number or bullet."""
    lines: list[str] = []
    counts: dict[int, int] = {}
    for paragraph in frame.paragraphs:
        level, bullet = paragraph.level, _bullet(paragraph._p)
        counts = {depth: count for depth, count in counts.items() if depth <= level}
        text = one_line("".join(_pieces(paragraph._p)))
        if bullet > 0:
            counts[level] = counts.get(level, bullet - 1) + bool(text)
        elif text:
            counts.pop(level, None)
        marker = f"{counts[level]}. " if bullet > 0 else "- " if level or bullet else ""
        if text:
            lines.append("  " * level + marker + text)
    return lines


def unwrap_alternatives(slide: Any) -> None:
    """Of what is there in a new form and an old one, keep the new one."""
    for alternative in list(slide.iter(_MC + "AlternateContent")):
        parent, choice = alternative.getparent(), alternative.find(_MC + "Choice")
        if parent is None or choice is None:
            continue
        for child in list(choice):
            alternative.addprevious(child)
        parent.remove(alternative)


def _bullet(paragraph: Any) -> int:
    """The first number of a numbered list, -1 for a bullet of its own, 0 where nothing is said."""
    number = paragraph.find(f"{_A}pPr/{_A}buAutoNum")
    if number is not None:
        start = number.get("startAt", "1")
        return max(int(start), 1) if start.isascii() and start.isdigit() and len(start) < 6 else 1
    return -1 if paragraph.find(f"{_A}pPr/{_A}buChar") is not None else 0


def _pieces(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter():
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag == "t":
            yield element.text or ""
        elif tag == "br":
            yield " "


def _table_lines(table: Any) -> Iterator[str]:
    for row in table.rows:
        cells = ("" if cell.is_spanned else one_line(cell.text) for cell in row.cells)
        if line := " | ".join(cells).rstrip(" |"):
            yield line
