"""A chat with attached documents: what the model is given stands in its prompt, and is told."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from engine.local_client import LocalClient
from engine.protocol import LIBRARY_DOCUMENT, Chat, ChatResult, GivenText
from engine.text_tools.given_texts import LibraryPlace, with_texts
from engine.types import Document, GenerationParams, Message, OverflowPolicy, Role
from tests.engine.fake_model import FakeModel, context_of
from tests.engine.recorder import Recorder, chat

NOTE = "The bridge over the river Alm was opened in 1931. The engineer Ruth Holm designed it."
LIST = "The baker sells bread. The market is on Fridays."
FILLER = "Nothing of note was said that day, and the meeting ended early without a vote."


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder(LocalClient("echo"))
    yield recorder
    recorder.client.close()


def said(*texts: str) -> tuple[Message, ...]:
    roles = (Role.USER, Role.ASSISTANT)
    return tuple(Message(roles[at % 2], text) for at, text in enumerate(texts))


def given(
    messages: tuple[Message, ...],
    *documents: Document,
    n_ctx: int = 4096,
    found: tuple[LibraryPlace, ...] | None = None,
    may_push: bool = True,
) -> tuple[tuple[Message, ...], tuple[GivenText, ...]]:
    return with_texts(
        context_of(FakeModel(n_ctx)),
        messages,
        documents,
        None if found is None else lambda question, count, abort: found,
        GenerationParams(max_tokens=128),
        lambda stage, done, total: None,
        may_push=may_push,
    )


def test_the_answer_tells_what_the_model_was_given(recorder: Recorder) -> None:
    request = msgspec.structs.replace(
        chat("Who designed the bridge?"),
        documents=(Document("notes.txt", NOTE, path="/x/notes.txt"),),
    )
    end = recorder.finish(request)
    result = msgspec.convert(end.result, ChatResult)
    (text,) = result.given
    assert (text.name, text.text, text.whole, text.path) == (
        "notes.txt",
        NOTE,
        True,
        "/x/notes.txt",
    )
    assert NOTE in result.prompt
    assert result.prompt.index(NOTE) < result.prompt.index("Who designed the bridge?")


def test_marks_that_a_model_copies_do_not_reach_the_reader(recorder: Recorder) -> None:
    request = msgspec.structs.replace(
        chat("Who designed the bridge?"), documents=(Document("notes.txt", NOTE),)
    )
    result = msgspec.convert(recorder.finish(request).result, ChatResult)
    assert "<document" in result.prompt
    assert NOTE in result.text  # this model says back whatever it is given
    assert "<document" not in result.text
    assert "</document" not in result.text


def test_a_chat_without_documents_is_as_it_was(recorder: Recorder) -> None:
    end = recorder.finish(chat("say this again"))
    assert end.result["text"] == "say this again"
    assert not end.result["given"]


def test_documents_that_fit_are_given_whole_and_fenced_in_the_last_message() -> None:
    history = said("Hello", "Hello!", "Who designed the bridge?")
    messages, texts = given(history, Document("a", NOTE), Document("b", ""), Document("c", LIST))
    assert [(text.name, text.passage.document, text.whole) for text in texts] == [
        ("a", 0, True),
        ("c", 2, True),
    ]
    assert messages[:2] == history[:2]
    last = messages[-1].content
    assert last.endswith("Who designed the bridge?")
    assert last.count("<document ") == 2
    assert NOTE in last
    assert LIST in last


def test_of_long_documents_the_passages_nearest_to_the_question_are_given() -> None:
    long = "\n\n".join([*[FILLER] * 300, NOTE, *[FILLER] * 300])
    messages, texts = given(
        said("Who designed the bridge over the river Alm?"), Document("a", long), n_ctx=1024
    )
    assert not any(text.whole for text in texts)
    assert NOTE in messages[-1].content
    for text in texts:
        assert long[text.passage.start : text.passage.end] == text.text
        assert text.place
        assert text.text in messages[-1].content
    assert FakeModel(1024).count_prompt_tokens(messages) + 128 <= 1024


def test_a_short_question_goes_on_from_the_one_before() -> None:
    long = "\n\n".join([*[FILLER] * 300, NOTE, *[FILLER] * 300])
    history = said("Who designed the bridge over the river Alm?", "Ruth Holm.", "And when?")
    messages, _ = given(history, Document("a", long), n_ctx=1024)
    assert NOTE in messages[-1].content


def test_what_the_library_finds_is_given_with_its_path() -> None:
    place = LibraryPlace(Document("b.txt", NOTE, path="/lib/b.txt"), 0, 49)
    messages, texts = given(said("When was it opened?"), found=(place,))
    (text,) = texts
    assert text.passage.document == LIBRARY_DOCUMENT
    assert (text.path, text.text) == ("/lib/b.txt", NOTE[:49])
    assert NOTE[:49] in messages[-1].content


def test_nothing_is_pushed_out_of_a_conversation_that_may_not_lose_turns() -> None:
    history = said("word " * 900, "Yes.", "Who designed the bridge?")
    documents = Document("a", NOTE * 20)
    kept, texts = given(history, documents, n_ctx=1250, may_push=False)
    assert kept == history
    assert texts == ()
    pushed, texts = given(history, documents, n_ctx=1250)
    assert texts
    assert pushed[:2] == history[:2]  # what is left out is decided where the whole prompt is known


def test_older_turns_make_room_for_documents(recorder: Recorder) -> None:
    request = msgspec.structs.replace(
        chat("word " * 1500, "Yes.", "Who designed the bridge over the river Alm?"),
        documents=(Document("a", NOTE),),
        overflow=OverflowPolicy.ROLL,
    )
    result = msgspec.convert(recorder.finish(request).result, ChatResult)
    assert result.given
    assert NOTE in result.prompt


def test_a_library_without_documents_gives_nothing(recorder: Recorder) -> None:
    request: Chat = msgspec.structs.replace(chat("Say this again"), library=True)
    end = recorder.finish(request)
    assert end.result["text"] == "Say this again"
    assert not end.result["given"]
