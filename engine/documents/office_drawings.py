"""What the drawings of office programs say: the figures of charts as tables, SmartArt as lists.

Charts and SmartArt are parts of their own beside a slide or a text, in DrawingML (ECMA-376, part 1, 21).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.documents.packages import parsed
from engine.errors import DocumentDamagedError

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def drawing_texts(element: Any, part: Any) -> Iterator[str]:
    """One text for each chart and SmartArt below an element of a part of python-docx or python-pptx."""
    for reference in element.iter(_C + "chart", _DGM + "relIds"):
        is_chart = reference.tag == _C + "chart"
        try:
            relation = part.rels[reference.get(_R + ("id" if is_chart else "dm"), "")]
            root = parsed(relation.target_part.blob, "drawing")
        except (KeyError, ValueError, DocumentDamagedError):  # it leads nowhere, or to the outside
            continue
        lines = _chart_lines(root) if is_chart else _smart_art_lines(root)
        if text := "\n".join(lines):
            yield text


def one_line(text: str) -> str:
    return " ".join(text.split())


def _chart_lines(chart: Any) -> Iterator[str]:
    """The title, then a table: one row per category, one column per series."""
    title = chart.find(f"{_C}chart/{_C}title")
    words = (
        "" if title is None else one_line(" ".join(one.text or "" for one in title.iter(_A + "t")))
    )
    series = list(chart.iter(_C + "ser"))
    columns = [_points(one, "val", "yVal") for one in series]
    if words or any(columns):
        yield f"Chart: {words}".rstrip(": ") if words else "Chart"
    names = [
        one_line(" ".join(v.text or "" for v in one.findall(f"{_C}tx//{_C}v"))) for one in series
    ]
    if any(names):
        yield " | ".join(["", *names]).strip()
    labels = next((found for one in series if (found := _points(one, "cat", "xVal"))), {})
    for place in sorted({*labels, *(place for column in columns for place in column)}):
        cells = [labels.get(place, ""), *(column.get(place, "") for column in columns)]
        yield " | ".join(cells).rstrip(" |")


def _points(series: Any, *tags: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for tag in tags:
        for point in series.iterfind(f"{_C}{tag}//{_C}pt"):
            place = point.get("idx", "")
            if place.isascii() and place.isdigit() and len(place) < 8:
                found.setdefault(int(place), one_line(point.findtext(_C + "v") or ""))
    return {place: _rounded(text) for place, text in found.items()}


def _rounded(number: str) -> str:
    """A figure as a chart shows it, without the noise of its last digits."""
    try:
        return f"{float(number):.10g}" if len(number) > 10 else number
    except ValueError:
        return number


def _smart_art_lines(root: Any) -> Iterator[str]:
    for point in root.iter(_DGM + "pt"):
        text = one_line(" ".join(one.text or "" for one in point.iter(_A + "t")))
        if text and point.get("type", "node") in ("node", "asst"):
            yield f"- {text}"
