"""A text tool's result as a CSV table, for spreadsheets. Knows no widget.

Cells that a spreadsheet would run as a formula are made harmless. The file begins with a byte order
mark: without one, Excel takes UTF-8 for something else.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from engine.batch.safe_cells import safe_cell
from engine.text_tools.base import TextToolResult
from engine.text_tools.results import SENTIMENT_LABELS, EntitiesResult, SentimentResult

MARK = "\ufeff"
_NAMES = ("name", "type", "count", "score", "other_forms", "first_start", "first_end")
_SENTENCES = ("sentence", "label", "score", *SENTIMENT_LABELS, "start", "end", "text")


def has_table(tool_id: str) -> bool:
    return tool_id in ("entities", "sentiment")


def as_csv(result: TextToolResult) -> str:
    """A row for each name, the most frequent first, or for each sentence, in their order.

    `score` and the labels' columns are probabilities, empty where the reader told none; `start` and
    `end` are characters of the document's text.
    """
    header: tuple[str, ...]
    rows: Iterator[list[object]]
    if isinstance(result, EntitiesResult):
        header, rows = _NAMES, _names(result)
    elif isinstance(result, SentimentResult):
        header, rows = _SENTENCES, _sentences(result)
    else:
        raise TypeError(type(result).__name__)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return MARK + text.getvalue()


def _names(result: EntitiesResult) -> Iterator[list[object]]:
    for entity in result.entities:
        spans = [result.spans[at] for at in entity.mentions]
        scores = [span.score for span in spans if span.score is not None]
        yield [
            entity.text,
            entity.label,
            entity.count,
            sum(scores) / len(scores) if scores else None,
            "; ".join(entity.forms),
            spans[0].start,
            spans[0].end,
        ]


def _sentences(result: SentimentResult) -> Iterator[list[object]]:
    for number, span in enumerate(result.spans, 1):
        shares = [span.alternatives.get(label) for label in SENTIMENT_LABELS]
        yield [number, span.label, span.score, *shares, span.start, span.end, span.text]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    return safe_cell(" ".join(str(value).split()))
