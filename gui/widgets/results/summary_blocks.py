"""How a written summary is laid out: its points in blocks, by form and heading. Knows no widget."""

from __future__ import annotations

import itertools
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from engine.text_tools.results import SummaryHeading, SummaryPoint, SummaryResult
from engine.types import Document

PARAGRAPH = "paragraph"  # of the option `form`: sentences flow


class Block(NamedTuple):
    """One row: `points` flow on as one text. `name` is the document's that it is about, or what
    several have in common; `title` a heading of the summary itself. `document` None: of all."""

    points: tuple[SummaryPoint, ...]
    title: str = ""
    name: str = ""
    document: int | None = None

    def unsupported(self) -> tuple[str, ...]:
        found = (words for point in self.points for words in point.unsupported)
        return tuple(dict.fromkeys(found))


def summary_blocks(
    result: SummaryResult, form: str, documents: tuple[Document, ...]
) -> list[Block]:
    """Each document by itself, then all together."""
    blocks = []
    for one in result.each:
        if one.points and one.document < len(documents):
            name = " ".join(documents[one.document].name.split())
            blocks += _named(_blocks(one.points, (), form), name, one.document)
    together = _blocks(result.points, result.headings, form)
    if result.each:
        return blocks + _named(
            together, QCoreApplication.translate("SummaryBlocks", "All together"), None
        )
    return together


def _blocks(
    points: tuple[SummaryPoint, ...], headings: tuple[SummaryHeading, ...], form: str
) -> list[Block]:
    titles = {heading.first: heading.title for heading in headings}
    starts = sorted({0, *titles}) if form == PARAGRAPH else range(len(points))
    bounds = [*starts, len(points)]
    return [
        Block(points[first:last], titles.get(first, ""))
        for first, last in itertools.pairwise(bounds)
        if points[first:last]
    ]


def _named(blocks: list[Block], name: str, document: int | None) -> list[Block]:
    return [
        block._replace(document=document, name="" if number else name)
        for number, block in enumerate(blocks)
    ]
