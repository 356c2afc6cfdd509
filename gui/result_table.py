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
_MENTIONS = ("text", "label", "score", "start", "end", "name")
_SENTENCES = ("text", "label", "score", *SENTIMENT_LABELS, "start", "end")


def has_table(tool_id: str) -> bool:
    return tool_id in ("entities", "sentiment")


def as_csv(result: TextToolResult) -> str:
    """A row for each mention of a name, or for each sentence, in the order of the text.

    `name` is what a name is called in whatever form it stands there. `score` and the labels' columns
    are probabilities, empty where the reader told none; `start` and `end` are characters of the
    document's text.
    """
    header: tuple[str, ...]
    rows: Iterator[list[object]]
    if isinstance(result, EntitiesResult):
        header, rows = _MENTIONS, _mentions(result)
    elif isinstance(result, SentimentResult):
        header, rows = _SENTENCES, _sentences(result)
    else:
        raise TypeError(type(result).__name__)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return MARK + text.getvalue()


def _mentions(result: EntitiesResult) -> Iterator[list[object]]:
    names = {at: entity.text for entity in result.entities for at in entity.mentions}
    for at, span in enumerate(result.spans):
        yield [span.text, span.label, span.score, span.start, span.end, names.get(at, span.text)]


def _sentences(result: SentimentResult) -> Iterator[list[object]]:
    for span in result.spans:
        shares = [span.alternatives.get(label) for label in SENTIMENT_LABELS]
        yield [span.text, span.label, span.score, *shares, span.start, span.end]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    return safe_cell(" ".join(str(value).split()))
