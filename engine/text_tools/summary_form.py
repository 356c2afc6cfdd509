"""The last step of a summary: points under the headings of the document, and its language looked at."""

from __future__ import annotations

from collections.abc import Sequence

from engine.language import NAMES, language_of
from engine.text_tools.results import SummaryHeading, SummaryPoint
from engine.types import Document, Section

_DEEPEST = 2  # level of headings that a summary by sections follows
_ENOUGH_TO_TELL = 60  # letters


def headings_of(
    points: tuple[SummaryPoint, ...], documents: tuple[Document, ...], by_sections: bool
) -> tuple[tuple[SummaryPoint, ...], tuple[SummaryHeading, ...]]:
    """The points in the order of the text and the headings they stand under, if there are any."""
    if not by_sections:
        return points, ()
    places = {id(point): _place(point) for point in points}
    ordered = tuple(sorted(points, key=lambda point: places[id(point)]))
    headings: list[SummaryHeading] = []
    for number, point in enumerate(ordered):
        title = _title(documents, *places[id(point)])
        if title and (not headings or headings[-1].title != title):
            headings.append(SummaryHeading(title, number))
    return ordered, tuple(headings)


def _place(point: SummaryPoint) -> tuple[int, int]:
    passage = point.passages[0]
    return passage.document, passage.start


def _title(documents: tuple[Document, ...], document: int, start: int) -> str:
    """Of the innermost heading of the first ranks; of the page where there is none."""
    sections = [s for s in documents[document].sections if s.start <= start < s.end]
    heads = [s for s in sections if s.kind == "heading"]
    top = min((s.level for s in heads), default=1)
    inner = [s for s in heads if s.level <= top + _DEEPEST - 1]
    chosen: Section | None = inner[-1] if inner else (sections[0] if sections else None)
    name = documents[document].name + ": " if len(documents) > 1 else ""
    return name + chosen.label if chosen else name.removesuffix(": ")


def language_remark(points: Sequence[SummaryPoint], wanted: str) -> list[str]:
    """A remark where a model did not write in the language that was asked for."""
    text = " ".join(point.text for point in points)
    code = {name.casefold(): code for code, name in NAMES.items()}.get(wanted.strip().casefold())
    if code is None or len(text) < _ENOUGH_TO_TELL or language_of(text) in ("", code):
        return []
    return [f"The model did not write in {wanted.strip()}; a larger one may."]
