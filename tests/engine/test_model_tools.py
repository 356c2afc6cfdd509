"""The text tools on the real embedded model and encoder, through the real worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

import msgspec
import pytest

from engine.client import EngineClient
from engine.protocol import Partial, Progress, ReadDocument, RunTextTool, new_request_id
from engine.text import clean_text
from engine.text_tools import TEXT_TOOLS
from engine.types import Document, FinishReason, ModelSpec
from tests.documents.makers import lines, pdf
from tests.engine.recorder import Recorder, run_tool

pytestmark = [pytest.mark.model, pytest.mark.worker]

PAGES = (
    "The town of Redwick opened its new library on Monday.\n"
    "Mayor Helen Okoro said that the building cost 4.2 million pounds.\n"
    "It holds 60,000 books and has a reading room for children.",
    "The old library had been closed since the flood of 2019.\n"
    "Water had destroyed a third of the books in one night.\n"
    "Volunteers saved the rest and kept them in a school.",
    "Not everyone is happy with the new building.\n"
    "Some neighbours complain that it takes the light from their gardens.\n"
    "The town council will meet them in June.",
)
TALE = " ".join(
    f"On day {n} the ship sailed past the island of {name} and the crew counted {n + 3} whales."
    for n, name in enumerate(["Mora", "Tessel", "Quint", "Harrow", "Pell", "Oster"] * 5, start=1)
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


def assert_spans_quote(result: dict[str, Any], text: str) -> None:
    for span in result["spans"]:
        assert span["text"] == text[span["start"] : span["end"]]


def test_a_pdf_is_summarized_whole_and_every_point_leads_back(
    recorder: Recorder, tmp_path: Path
) -> None:
    path = tmp_path / "library.pdf"
    path.write_bytes(pdf([lines(page) for page in PAGES]))
    read = recorder.finish(ReadDocument(new_request_id(), str(path)))
    document = msgspec.convert(read.result, Document)
    assert document.page_count == 3
    request = RunTextTool(new_request_id(), ModelSpec(), "summarize", (document,), {"points": 3})
    end = recorder.finish(request)
    outcome, result = end.result, end.result["result"]
    assert result["coverage"]["parts_read"] == result["coverage"]["parts"] > 0
    assert len(result["key_sentences"]) == 3
    assert_spans_quote(result, document.text)
    assert 0 < len(result["points"]) <= 3
    for point in result["points"]:
        assert point["passages"]
        for passage in point["passages"]:
            assert document.text[passage["start"] : passage["end"]].strip()
    assert result["model_name"] == outcome["model"]["name"] == "SmolLM2 135M Instruct"
    assert outcome["model"]["device"]["reason"]
    assert outcome["seconds"] > 0
    assert end.usage.completion_tokens > 0
    assert [event for event in recorder.events if isinstance(event, Partial)]


def test_a_document_larger_than_the_context_is_read_whole(recorder: Recorder) -> None:
    request = run_tool("summarize", TALE, model=ModelSpec(n_ctx=512), points=2)
    end = recorder.finish(request)
    assert end.result["model"]["n_ctx"] == 512
    assert end.usage.prompt_tokens > 512
    coverage = end.result["result"]["coverage"]
    assert coverage["parts_read"] == coverage["parts"] >= 3
    read = [event.done for event in recorder.events if is_progress(event, "reading")]
    assert read == sorted(read)
    assert len(end.result["result"]["points"]) <= 2


def is_progress(event: object, stage: str) -> TypeGuard[Progress]:
    return isinstance(event, Progress) and event.stage == stage


def test_sentiment_tells_good_from_bad(recorder: Recorder) -> None:
    text = "This is the best meal I have ever had, thank you! The service was terrible and rude."
    result = recorder.finish(run_tool("sentiment", text)).result["result"]
    assert [span["label"] for span in result["spans"]] == ["positive", "negative"]
    assert sum(result["probabilities"].values()) == pytest.approx(1.0, abs=1e-3)
    assert_spans_quote(result, text)


def test_entities_are_found_where_they_stand(recorder: Recorder) -> None:
    text = "Angela Merkel met Barack Obama in Berlin. The next day Angela Merkel left for Paris."
    result = recorder.finish(run_tool("entities", text)).result["result"]
    labels = {span["text"]: span["label"] for span in result["spans"]}
    assert labels["Angela Merkel"] == labels["Barack Obama"] == "PER"
    assert labels["Paris"] == "LOC"
    assert_spans_quote(result, text)
    starts = [span["start"] for span in result["spans"] if span["text"] == "Angela Merkel"]
    assert starts == [0, text.rindex("Angela")]


@pytest.mark.parametrize("tool", TEXT_TOOLS, ids=lambda tool: tool.tool_id)
def test_any_text_can_be_read(recorder: Recorder, tool: Any) -> None:
    text, replaced = clean_text(
        "NUL \x00 and \ud800 in Rome.\r\n👩‍👩‍👧 met 王小明 🙂.\r\n\r\n"
        "他昨天在北京见了老师。\r\n\r\nذهبت ليلى إلى القاهرة.\n"
    )
    assert replaced == 2
    by_model = {"reader": "model"}
    options = {"sentiment": by_model, "entities": by_model, "ask": {"question": "Who is in Rome?"}}
    result = recorder.finish(run_tool(tool.tool_id, text, **options.get(tool.tool_id, {}))).result[
        "result"
    ]
    assert result["coverage"]["parts_read"] == result["coverage"]["parts"]
    assert_spans_quote(result, text)


def test_a_stopped_summary_keeps_the_quotes_it_has_found(recorder: Recorder) -> None:
    request = run_tool("summarize", TALE, model=ModelSpec(n_ctx=512))
    recorder.send(request)
    recorder.wait(Partial)
    recorder.abort(request.request_id)
    end = recorder.end(request.request_id)
    assert end.finish_reason is FinishReason.ABORT  # type: ignore[union-attr]
    result = end.result["result"]  # type: ignore[union-attr]
    assert result["key_sentences"]
    assert result["coverage"]["parts_read"] < result["coverage"]["parts"]
    assert_spans_quote(result, TALE)
