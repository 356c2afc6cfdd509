"""The built-in reader as it ships: a real worker, the real encoder, the committed adapters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from engine.client import EngineClient
from engine.errors import ErrorInfo
from engine.protocol import (
    Explain,
    Explanation,
    Judgements,
    JudgeTexts,
    RequestFailed,
    TextToolOutcome,
    new_request_id,
)
from engine.text_tools.results import EntitiesResult, SentimentResult
from engine.types import Span
from tests.engine.recorder import Recorder, run_tool

pytestmark = [pytest.mark.model, pytest.mark.worker]

LETTER = (
    "Dear Ms Okafor,\r\n\r\n"
    "we stayed at the Hotel Adlon in Berlin, and it was wonderful. 🙂 The waiter was rude and the"
    " breakfast was awful. Karin Schmidt from Siemens AG met us there; Schmidt praised the room.\r\n"
    "The train left at nine.\r\n"
)


@pytest.fixture(scope="module")
def client() -> Iterator[EngineClient]:
    client = EngineClient()
    client.start()
    yield client
    client.close()


@pytest.fixture
def recorder(client: EngineClient) -> Recorder:
    return Recorder(client)


def outcome(recorder: Recorder, tool: str, text: str, kind: type, **options: object) -> Any:
    finished = recorder.finish(run_tool(tool, text, **options))
    told = msgspec.convert(finished.result, TextToolOutcome)
    return told, msgspec.convert(told.result, kind)


def assert_quotes(spans: tuple[Span, ...], text: str) -> None:
    for span in spans:
        assert text[span.start : span.end] == span.text


def test_a_letter_is_judged_sentence_by_sentence(recorder: Recorder) -> None:
    told, result = outcome(recorder, "sentiment", LETTER, SentimentResult)
    assert told.model is None
    assert result.model_name == "Carrel reader (all-MiniLM-L6-v2)"
    assert_quotes(result.spans, LETTER)
    labels = {
        word: span.label
        for span in result.spans
        for word in ("wonderful", "rude", "train")
        if word in span.text
    }
    assert labels == {"wonderful": "positive", "rude": "negative", "train": "neutral"}
    for span in result.spans:
        assert sum(span.alternatives.values()) == pytest.approx(1.0, abs=1e-3)
        assert span.score == max(span.alternatives.values())
    assert {"Karin Schmidt", "Berlin"} <= {target.text for target in result.targets}


def test_its_names_are_found_grouped_and_counted(recorder: Recorder) -> None:
    _, result = outcome(recorder, "entities", LETTER, EntitiesResult)
    assert_quotes(result.spans, LETTER)
    found = {entity.text: entity for entity in result.entities}
    assert (found["Karin Schmidt"].label, found["Karin Schmidt"].count) == ("PER", 2)
    assert found["Karin Schmidt"].forms == ("Schmidt",)
    assert found["Berlin"].label == "LOC"
    assert any(name.startswith("Siemens") and e.label == "ORG" for name, e in found.items())
    for span in result.spans:
        assert span.alternatives[span.label] > 0.2


def test_chinese_is_refused_in_plain_words(recorder: Recorder) -> None:
    """The embedded chat model knows English only, like the encoder."""
    for tool in ("sentiment", "entities"):
        failed = recorder.end(
            recorder.send(run_tool(tool, "王小明昨天在北京见了老师,他非常高兴。"))
        )
        assert isinstance(failed, RequestFailed)
        assert failed.error.code == "LANGUAGE_NOT_COVERED"
        assert "Chinese" in failed.error.message
        assert "chat model" in failed.error.hint


def test_many_texts_are_judged_in_their_order(recorder: Recorder) -> None:
    texts = ("I love this.", "", "I hate this.", "🙂🙂", "王小明昨天在北京见了老师。", "x" * 20_000)
    request = JudgeTexts(new_request_id(), "sentiment", texts * 40)
    found = msgspec.convert(recorder.finish(request).result, Judgements)
    assert len(found.texts) == 240
    assert [one.label for one in found.texts[:5]] == [
        *("positive", "unsure", "negative", "unsure", "")
    ]
    assert isinstance(found.texts[4].error, ErrorInfo)
    for first, again in zip(found.texts[:6], found.texts[-6:], strict=True):
        assert first.label == again.label


def test_the_word_that_carries_a_sentence_is_named(recorder: Recorder) -> None:
    text = "The soup was absolutely delicious."
    found = msgspec.convert(
        recorder.finish(Explain(new_request_id(), text, "positive")).result, Explanation
    )
    assert found.label == "positive"
    heaviest = max(found.words, key=lambda word: word.weight)
    assert text[heaviest.start : heaviest.end] == "delicious"


def test_a_book_on_one_line_is_read_to_its_end(recorder: Recorder) -> None:
    text = "Karin Schmidt went from Berlin to Oslo and liked it there " * 300
    _, result = outcome(recorder, "entities", text, EntitiesResult)
    assert_quotes(result.spans, text)
    assert result.coverage.parts_read == result.coverage.parts
    assert result.spans[-1].start > len(text) - 100
    assert {"Berlin": 300, "Oslo": 300}.items() <= {
        entity.text: entity.count for entity in result.entities
    }.items()
