"""The library through the real worker: its requests, answers with quotes, and chats that go before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from engine.client import EngineClient
from engine.protocol import (
    AskLibrary,
    ChangeLibrary,
    ChatResult,
    LibraryAnswer,
    LibraryHits,
    LibraryInfo,
    LookAtLibrary,
    Partial,
    Progress,
    ReadFromLibrary,
    RequestFinished,
    SearchLibrary,
    TextDelta,
    UpdateLibrary,
    new_request_id,
)
from engine.text_tools.results import AnswerResult
from engine.types import Document, FinishReason, ModelSpec
from tests.engine.recorder import Recorder, chat
from tests.library.shelf import BREAD, REDWICK, write

pytestmark = [pytest.mark.model, pytest.mark.worker]


@pytest.fixture(scope="module")
def client() -> Iterator[EngineClient]:
    client = EngineClient()
    client.start()
    yield client
    client.close()


@pytest.fixture
def recorder(client: EngineClient, folder: Path) -> Recorder:
    """With a library of the four texts."""
    recorder = Recorder(client)
    recorder.finish(ChangeLibrary(new_request_id(), forget_all=True))
    recorder.finish(ChangeLibrary(new_request_id(), add=(str(folder),)))
    recorder.finish(UpdateLibrary(new_request_id()))
    return recorder


def look(recorder: Recorder) -> LibraryInfo:
    return msgspec.convert(recorder.finish(LookAtLibrary(new_request_id())).result, LibraryInfo)


def ask(recorder: Recorder, question: str, **options: object) -> tuple[LibraryAnswer, AnswerResult]:
    request = AskLibrary(new_request_id(), ModelSpec(), question, options=options)
    answered = msgspec.convert(recorder.finish(request).result, LibraryAnswer)
    return answered, msgspec.convert(answered.outcome.result, AnswerResult)


def test_indexing_tells_its_progress_and_what_there_is(recorder: Recorder) -> None:
    steps = [event for event in recorder.events if isinstance(event, Progress)]
    assert {event.stage for event in steps} >= {"indexing"}
    assert (steps[-1].done, steps[-1].total) == (4, 4)
    info = look(recorder)
    assert [one.state for one in info.documents] == ["indexed"] * 4
    assert info.passages >= 4
    assert info.remark == ""


def test_search_and_read(recorder: Recorder) -> None:
    request = SearchLibrary(new_request_id(), "How long is the dough kneaded?", 3)
    hits = msgspec.convert(recorder.finish(request).result, LibraryHits).hits
    assert hits[0].name == "bread.txt"
    read = recorder.finish(ReadFromLibrary(new_request_id(), hits[0].document))
    assert msgspec.convert(read.result, Document).text == BREAD
    limited = SearchLibrary(
        new_request_id(), "How long is the dough kneaded?", 3, (look(recorder).documents[1].id,)
    )
    (hit, *_) = msgspec.convert(recorder.finish(limited).result, LibraryHits).hits or (None,)
    assert hit is None or hit.name == "comets.txt"


def test_an_answer_quotes_the_library_word_for_word(recorder: Recorder) -> None:
    answered, result = ask(recorder, "How much did the building cost?", reader="quotes")
    assert result.found
    assert "4.2 million" in result.short
    assert answered.names[0] == "redwick.txt"
    for quote in result.quotes:
        assert quote.passage is not None
        number = answered.documents[quote.passage.document]
        read = recorder.finish(ReadFromLibrary(new_request_id(), number))
        text = msgspec.convert(read.result, Document).text
        assert text[quote.passage.start : quote.passage.end] == quote.text
    partials = [event for event in recorder.events if isinstance(event, Partial)]
    assert all(msgspec.convert(event.result, LibraryAnswer) for event in partials)


def test_the_model_puts_it_in_words(recorder: Recorder) -> None:
    answered, result = ask(recorder, "How much did the building cost?")
    assert result.answer
    assert answered.outcome.model


def test_what_no_document_says_is_not_answered(recorder: Recorder) -> None:
    _, result = ask(recorder, "Who won the football world cup in 1998?")
    assert not result.found
    assert (result.answer, result.quotes) == ("", ())


def test_an_empty_library_answers_nothing(recorder: Recorder) -> None:
    recorder.finish(ChangeLibrary(new_request_id(), forget_all=True))
    answered, result = ask(recorder, "How much did the building cost?")
    assert not result.found
    assert answered.documents == ()
    assert look(recorder) == LibraryInfo()


def test_a_question_in_chinese_finds_the_chinese_text(recorder: Recorder) -> None:
    answered, result = ask(recorder, "故宫博物院位于哪里?", reader="quotes")
    assert result.found
    assert answered.names[0] == "palace.txt"


def test_an_empty_question_is_told(recorder: Recorder) -> None:
    failed = recorder.fail(AskLibrary(new_request_id(), ModelSpec(), "  "))
    assert failed.error.hint


def test_a_chat_is_given_what_the_library_says(recorder: Recorder) -> None:
    request = msgspec.structs.replace(
        chat("How much did the new library building in Redwick cost?", max_tokens=8), library=True
    )
    result = msgspec.convert(recorder.finish(request).result, ChatResult)
    assert result.given[0].name == "redwick.txt"
    assert result.given[0].text in REDWICK


def test_a_damaged_file_fails_with_its_reason_and_the_rest_is_read(
    recorder: Recorder, folder: Path
) -> None:
    (folder / "bad.docx").write_bytes(b"PK\x03\x04 no package")
    write(folder, good="Otters sleep holding hands.")
    end = recorder.finish(UpdateLibrary(new_request_id()))
    states = {one.name: one for one in msgspec.convert(end.result, LibraryInfo).documents}
    assert states["bad.docx"].state == "failed"
    assert states["bad.docx"].error is not None
    assert states["bad.docx"].error.hint
    assert states["good.txt"].state == "indexed"


def test_a_source_that_cannot_be_looked_into_is_told(recorder: Recorder, folder: Path) -> None:
    archive = folder.parent / "broken.zip"
    archive.write_bytes(b"PK\x03\x04 broken")
    recorder.finish(ChangeLibrary(new_request_id(), add=(str(archive),)))
    end = recorder.finish(UpdateLibrary(new_request_id()))
    info = msgspec.convert(end.result, LibraryInfo)
    assert str(archive) in info.remark
    assert len(info.documents) == 4


def test_indexing_stops_when_it_is_told_to(recorder: Recorder, folder: Path) -> None:
    write(folder, **{f"n{n}": f"Note {n} on rivers. " * 200 for n in range(40)})
    request = UpdateLibrary(new_request_id())
    recorder.send(request)
    recorder.wait(Progress, lambda event: event.request_id == request.request_id)
    recorder.abort(request.request_id)
    end = recorder.end(request.request_id)
    assert isinstance(end, RequestFinished)
    assert end.finish_reason is FinishReason.ABORT
    info = msgspec.convert(end.result, LibraryInfo)
    assert any(one.state == "waiting" for one in info.documents)


def test_a_chat_goes_before_indexing(recorder: Recorder, folder: Path) -> None:
    """While it writes its answer, indexing rests."""
    recorder.finish(chat("Hello", max_tokens=1))  # the model is loaded
    write(folder, **{f"n{n}": f"Note {n} on rivers and stones. " * 60 for n in range(60)})
    update = UpdateLibrary(new_request_id())
    recorder.send(update)
    recorder.wait(Progress, lambda event: event.request_id == update.request_id and event.done > 5)
    answer = chat("Count from one to a hundred.", max_tokens=60, min_p=0.0)
    first = recorder.place_of(recorder.delta(recorder.send(answer)))
    recorder.end(answer.request_id)
    between = recorder.events[first:]
    texts = [i for i, event in enumerate(between) if isinstance(event, TextDelta)]
    steps = [
        event
        for event in between[texts[0] : texts[-1]]
        if isinstance(event, Progress) and event.request_id == update.request_id
    ]
    assert len(steps) <= 3  # what was under way, and a piece every few seconds
    recorder.abort(update.request_id)
    recorder.end(update.request_id)
