"""Results as CSV: what stands in them, and that no cell is a formula."""

from __future__ import annotations

import csv
import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.batch.safe_cells import is_formula
from engine.text_tools import TEXT_TOOLS
from engine.text_tools.results import EntitiesResult, Entity
from engine.types import Coverage, Span
from gui.result_table import MARK, as_csv, has_table
from tests.gui.sample_entities import own_types, read_entities
from tests.gui.sample_results import TEXT, sentiment, summary


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith(MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(MARK), newline="")))


def test_each_mention_is_a_row_that_says_whose_it_is() -> None:
    result = read_entities()
    rows = rows_of(as_csv(result))
    assert list(rows[0]) == ["text", "label", "score", "start", "end", "name"]
    assert len(rows) == len(result.spans)
    for row in rows:
        assert TEXT[int(row["start"]) : int(row["end"])] == row["text"]
        assert 0 < float(row["score"]) <= 1
    for entity in result.entities:
        forms = {row["text"] for row in rows if row["name"] == entity.text}
        assert forms == {result.spans[at].text for at in entity.mentions}


def test_what_is_not_known_is_left_empty() -> None:
    assert {row["score"] for row in rows_of(as_csv(own_types()))} == {""}


def test_each_sentence_is_a_row() -> None:
    result = sentiment()
    rows = rows_of(as_csv(result))
    assert [row["label"] for row in rows] == [span.label for span in result.spans]
    header = "text label score negative neutral positive start end"
    assert list(rows[0]) == header.split()
    for row in rows:
        text = " ".join(TEXT[int(row["start"]) : int(row["end"])].split())
        assert row["text"] == text


@given(st.text(min_size=1, max_size=30), st.text(max_size=10))
def test_no_cell_is_a_formula(name: str, kind: str) -> None:
    span = Span(0, len(name), name, kind)
    names = EntitiesResult(
        coverage=Coverage(1, 1), spans=(span,), entities=(Entity(name, kind, 1, (0,), (name,)),)
    )
    moods = msgspec.structs.replace(sentiment(), spans=(span,))
    for result in (names, moods):
        for row in csv.reader(io.StringIO(as_csv(result).removeprefix(MARK), newline="")):
            assert not any(is_formula(cell) for cell in row)


def test_only_what_is_a_table_is_offered_as_one() -> None:
    assert [tool.tool_id for tool in TEXT_TOOLS if has_table(tool.tool_id)] == [
        "sentiment",
        "entities",
    ]
    with pytest.raises(TypeError):
        as_csv(summary())
