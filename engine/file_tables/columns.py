"""What can be asked of a file: each kind is a text tool, its options, and the cell of its result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from engine.errors import BadRequestError
from engine.file_tables.table import Cell, Column, Proof, TableSpec
from engine.protocol import TextToolOutcome
from engine.retrieval.naming import name_passage
from engine.text_tools.entities import TITLES
from engine.text_tools.results import (
    UNSURE,
    AnswerResult,
    EntitiesResult,
    SentimentResult,
    SummaryResult,
)
from engine.types import Document, Passage

NAMES_SHOWN = 12
NOT_THERE, NO_NAMES, NOT_SURE = "Not in the document", "No names", "not sure"
_QUOTES = 3


class ColumnKind(NamedTuple):
    """`options` of the text tool, for a column and a reader; `cell` from what the tool found."""

    kind: str
    title: str
    tool_id: str
    options: Callable[[Column, str], dict[str, Any]]
    cell: Callable[[dict[str, Any], Document], Cell]


def _summary_options(column: Column, reader: str) -> dict[str, Any]:
    return {
        "length": "one line",
        "reader": "key sentences" if reader == "quotes" else "automatic",
    }


def _summary_cell(found: dict[str, Any], document: Document) -> Cell:
    result = msgspec.convert(found, SummaryResult)
    if result.points:
        passages = [passage for point in result.points for passage in point.passages]
        doubts = tuple(word for point in result.points for word in point.unsupported)
        text = " ".join(point.text for point in result.points)
        return Cell(text, proofs=_proofs(document, passages[:_QUOTES]), doubts=doubts)
    keys = result.key_sentences
    text = " ".join(_one_line(key.text) for key in keys)
    return Cell(text, proofs=_proofs(document, [key.passage for key in keys]))


def _no_options(column: Column, reader: str) -> dict[str, Any]:
    return {}


def _sentiment_cell(found: dict[str, Any], document: Document) -> Cell:
    """The strongest sentences that say the same are its proof; of what says nothing there is none."""
    result = msgspec.convert(found, SentimentResult)
    says = result.label in ("negative", "positive")
    same = [span for span in result.spans if says and span.label == result.label]
    strongest = sorted(same, key=lambda span: -(span.score or 0.0))[:_QUOTES]
    proofs = _proofs(document, [Passage(span.start, span.end) for span in strongest])
    label = NOT_SURE if result.label == UNSURE else result.label
    return Cell(label, round(result.score, 4) if result.probabilities else None, proofs)


def _entities_cell(found: dict[str, Any], document: Document) -> Cell:
    """The names by type, the most frequent first; where each is met first is its proof."""
    result = msgspec.convert(found, EntitiesResult)
    named = result.entities[:NAMES_SHOWN]
    groups = []
    for label in dict.fromkeys((*TITLES, *(entity.label for entity in named))):
        texts = [f"{e.text} ({e.count})" for e in named if e.label == label]
        if texts:
            groups.append(f"{TITLES.get(label, label)}: {', '.join(texts)}")
    first = [result.spans[entity.mentions[0]] for entity in named if entity.mentions]
    proofs = _proofs(document, [Passage(span.start, span.end) for span in first])
    return Cell("; ".join(groups) or NO_NAMES, proofs=proofs)


def _question_options(column: Column, reader: str) -> dict[str, Any]:
    return {"question": column.question, "reader": reader}


def _question_cell(found: dict[str, Any], document: Document) -> Cell:
    """The words of the source that answer it, or the model's own, or the best quote."""
    result = msgspec.convert(found, AnswerResult)
    if not result.found:
        return Cell(NOT_THERE)
    places = [quote.passage for quote in result.quotes if quote.passage is not None]
    if result.short_passage is not None:
        places = [p for p in places if not _holds(p, result.short_passage)] or places
        places.insert(0, result.short_passage)
    quote = next((q.text for q in result.quotes if q.passage is not None), "")
    text = result.short or result.answer or quote
    doubts = result.unsupported if text is result.answer else ()
    return Cell(_one_line(text), proofs=_proofs(document, places[:_QUOTES]), doubts=doubts)


COLUMN_KINDS = (
    ColumnKind("summary", "Summary", "summarize", _summary_options, _summary_cell),
    ColumnKind("sentiment", "Sentiment", "sentiment", _no_options, _sentiment_cell),
    ColumnKind("entities", "Names", "entities", _no_options, _entities_cell),
    ColumnKind("question", "Question", "ask", _question_options, _question_cell),
)


def kind_of(column: Column) -> ColumnKind:
    """`BadRequestError` if there is no such kind of column."""
    for kind in COLUMN_KINDS:
        if kind.kind == column.kind:
            return kind
    known = ", ".join(kind.kind for kind in COLUMN_KINDS)
    raise BadRequestError(
        f"There are no columns of the kind {column.kind!r}.", hint=f"Known are: {known}."
    )


def title_of(column: Column) -> str:
    return column.question or kind_of(column).title


def checked_spec(columns: Iterable[Column], reader: str, model: str) -> TableSpec:
    """`BadRequestError` if nothing is asked, or a question is empty. The same is asked only once."""
    found: dict[Column, None] = {}
    for column in columns:
        question = " ".join(column.question.split())
        if kind_of(column).kind == "question" and not question:
            raise BadRequestError("A question is empty.", hint="Write it, or leave it away.")
        found[Column(column.kind, question)] = None
    if not found:
        raise BadRequestError(
            "Nothing is asked of the files.",
            hint="Choose a summary, sentiment, names, or a question of your own.",
        )
    return TableSpec(tuple(found), reader, model)


def cell_of(column: Column, outcome: TextToolOutcome, document: Document) -> Cell:
    cell = kind_of(column).cell(outcome.result, document)
    made_by = outcome.result.get("model_name") or ""
    return msgspec.structs.replace(cell, made_by=made_by, seconds=round(outcome.seconds, 3))


def _proofs(document: Document, passages: Iterable[Passage]) -> tuple[Proof, ...]:
    return tuple(
        Proof(
            _one_line(document.text[passage.start : passage.end]),
            name_passage(document, passage.start, passage.end),
            *(passage.start, passage.end),
        )
        for passage in passages
    )


def _holds(outer: Passage, inner: Passage) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _one_line(text: str) -> str:
    return " ".join(text.split())
