"""Questions about documents on the real embedded models, through the real worker."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from engine.client import EngineClient
from engine.protocol import Chat, ChatResult, Partial, new_request_id
from engine.text_tools.results import AnswerResult
from engine.types import Document, GenerationParams, Message, ModelSpec, Role
from tests.engine.recorder import Recorder, run_tool

pytestmark = [pytest.mark.model, pytest.mark.worker]

TEXT = (
    "The town of Redwick opened its new library on Monday. Mayor Helen Okoro said that the building "
    "cost 4.2 million pounds. It holds 60,000 books and has a reading room for children.\n\n"
    "The old library had been closed since the flood of 2019. Water had destroyed a third of the books "
    "in one night. Volunteers saved the rest and kept them in a school.\n\n"
    "Some neighbours complain that the new building takes the light from their gardens."
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


def asked(recorder: Recorder, question: str, **options: object) -> AnswerResult:
    end = recorder.finish(run_tool("ask", TEXT, question=question, **options))
    return msgspec.convert(end.result["result"], AnswerResult)


@pytest.mark.parametrize(
    ("question", "short", "quote"),
    [
        ("How much did the building cost?", "4.2 million", "Mayor Helen Okoro said"),
        ("Who is the mayor of Redwick?", "Helen Okoro", "Mayor Helen Okoro said"),
        ("When was the flood?", "2019", "The old library had been closed"),
        ("How many books does the new library hold?", "60,000", "It holds 60,000 books"),
    ],
)
def test_the_words_that_answer_are_found_and_quoted(
    recorder: Recorder, question: str, short: str, quote: str
) -> None:
    result = asked(recorder, question, reader="quotes")
    assert result.found
    assert short in result.short
    assert any(one.text.startswith(quote) for one in result.quotes)
    for one in result.quotes:
        assert one.passage is not None
        assert TEXT[one.passage.start : one.passage.end] == one.text


@pytest.mark.parametrize(
    "question", ["Who won the football world cup in 1998?", "How do I bake a chocolate cake?"]
)
def test_what_the_text_does_not_say_is_not_answered(recorder: Recorder, question: str) -> None:
    result = asked(recorder, question)
    assert not result.found
    assert (result.answer, result.quotes) == ("", ())
    assert result.model_name == ""


def test_quotes_are_told_first_and_the_model_s_words_follow(recorder: Recorder) -> None:
    request = run_tool("ask", TEXT, question="How much did the new library cost?")
    end = recorder.finish(request)
    partials = [
        msgspec.convert(event.result, AnswerResult)
        for event in recorder.events
        if isinstance(event, Partial) and event.request_id == request.request_id
    ]
    assert partials[0].quotes
    assert partials[0].answer == ""
    last = msgspec.convert(end.result["result"], AnswerResult)
    assert last.answer
    assert last.whole
    assert last.model_name
    assert end.usage.completion_tokens > 0


def test_a_chat_is_given_the_attached_document(recorder: Recorder) -> None:
    request = Chat(
        new_request_id(),
        ModelSpec(),
        (Message(Role.USER, "How much did the new library cost?"),),
        GenerationParams(max_tokens=24, temperature=0.0),
        documents=(Document("library.txt", TEXT),),
    )
    result = msgspec.convert(recorder.finish(request).result, ChatResult)
    assert [(text.name, text.whole, text.text) for text in result.given] == [
        ("library.txt", True, TEXT)
    ]
    assert "Volunteers saved the rest" in result.prompt
    assert result.text
