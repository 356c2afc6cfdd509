"""Many at once in one context: the embedded model really answers, nobody waits for nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest

from engine.contracts import AbortFlag, GenerationEnd, TextPiece
from engine.errors import AbortedError
from engine.kept_state import StateStore, states_folder
from engine.types import FinishReason, GenerationParams, Message, ModelSpec, Role, Usage
from tests.engine.forced import is_what_it_says

if TYPE_CHECKING:
    from engine.backends.llama.language_model import LlamaLanguageModel

pytestmark = pytest.mark.model

SPEC = ModelSpec(n_ctx=2048, n_threads=2)
DOCUMENT = "The harbour was quiet and the boats lay still in the morning light. " * 60


@pytest.fixture(scope="module")
def model() -> Iterator[LlamaLanguageModel]:
    model = load(SPEC)
    yield model
    model.close()


@pytest.fixture
def small() -> Iterator[LlamaLanguageModel]:
    """With room for a few short texts only."""
    model = load(ModelSpec(n_ctx=512, n_threads=2))
    yield model
    model.close()


def load(spec: ModelSpec) -> LlamaLanguageModel:
    from engine.backends.llama_cpp_backend import LlamaCppBackend

    return LlamaCppBackend().load(spec, AbortFlag(), lambda *_: None)


def talk(*said: str) -> list[Message]:
    roles = (Role.USER, Role.ASSISTANT)
    return [Message(roles[index % 2], text) for index, text in enumerate(said)]


class Answer:
    """An answer on a thread of its own; `text` and `end` when it is done."""

    def __init__(
        self,
        model: LlamaLanguageModel,
        messages: Sequence[Message],
        *,
        max_tokens: int = 24,
        urgent: bool = False,
        conversation: str = "",
        **params: object,
    ) -> None:
        self.abort = AbortFlag()
        self.begun, self.ended = threading.Event(), threading.Event()
        self.first_at = self.ended_at = 0.0
        self.text, self.error = "", None
        self.end: GenerationEnd | None = None
        wanted = {"temperature": 0.0, "repeat_penalty": 1.0, **params}
        generation = GenerationParams(max_tokens=max_tokens, **wanted)  # type: ignore[arg-type]
        self._pieces = model.stream(
            messages,
            generation,
            self.abort,
            urgent=urgent,
            conversation=conversation,
            on_prompt=lambda done, total: self.begun.set(),
        )
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            for piece in self._pieces:
                if isinstance(piece, TextPiece):
                    self.first_at = self.first_at or time.monotonic()
                    self.text += piece.text
                else:
                    self.end = piece
        except AbortedError as error:
            self.error = error
        self.ended_at = time.monotonic()
        self.ended.set()

    def wait(self) -> Answer:
        self._thread.join(100)
        assert not self._thread.is_alive()
        return self

    @property
    def usage(self) -> Usage:
        self.wait()
        assert self.end is not None
        return self.end.usage


def test_twelve_at_once_all_get_their_own_answer(model: LlamaLanguageModel) -> None:
    asked = [talk(f"Tell me something about the number {number}.") for number in range(12)]
    answers = [Answer(model, messages, urgent=bool(n % 2)) for n, messages in enumerate(asked)]
    for messages, answer in zip(asked, answers, strict=True):
        assert answer.wait().end is not None
        assert is_what_it_says(model, messages, answer.text)


def test_a_short_question_does_not_wait_behind_a_long_document(model: LlamaLanguageModel) -> None:
    document = Answer(model, talk(DOCUMENT), max_tokens=100)
    assert document.begun.wait(60)
    chat = Answer(model, talk("What is a harbour?"), max_tokens=8, urgent=True)
    chat.wait()
    document.wait()
    assert chat.ended_at < document.ended_at
    assert chat.ended_at < document.first_at or document.usage.prompt_tokens < 600


def test_a_beginning_that_several_share_is_read_once(model: LlamaLanguageModel) -> None:
    shared = f"{DOCUMENT} (shared)"
    answers = [Answer(model, talk(f"{shared} Question {n}: why?"), max_tokens=2) for n in range(4)]
    usages = [answer.usage for answer in answers]
    read = sum(usage.prompt_tokens - usage.cached_tokens for usage in usages)
    assert read < 1.3 * usages[0].prompt_tokens


def test_a_stop_while_reading_ends_it_and_the_rest_is_read_later(model: LlamaLanguageModel) -> None:
    messages = talk(f"Once more, from the beginning. {DOCUMENT}")
    answer = Answer(model, messages, urgent=True)
    assert answer.begun.wait(60)
    answer.abort.set()
    assert isinstance(answer.wait().error, AbortedError)
    assert Answer(model, messages, max_tokens=2).usage.cached_tokens >= 256


def test_a_stop_while_writing_keeps_what_was_written(model: LlamaLanguageModel) -> None:
    answer = Answer(model, talk("Count as far as you can."), max_tokens=1500)
    while not answer.text:
        time.sleep(0.01)
    answer.abort.set()
    answer.wait()
    assert answer.end is not None
    assert answer.end.finish_reason is FinishReason.ABORT
    assert answer.text


def test_who_no_longer_listens_is_not_worked_for(model: LlamaLanguageModel) -> None:
    params = GenerationParams(max_tokens=1500, temperature=0.0)
    stream = model.stream(talk("Tell me everything."), params, AbortFlag())
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert Answer(model, talk("And now?"), max_tokens=2, urgent=True).wait().end is not None
    assert not model._scheduler._admission.active


def test_background_work_makes_way_and_goes_on_where_it_was(small: LlamaLanguageModel) -> None:
    text = DOCUMENT[:1200]
    count = small._context.n_cells // 280 + 2  # more documents than the context can hold
    asked = [talk(f"{number}. {text}") for number in range(count)]
    answers = [Answer(small, messages, max_tokens=20) for messages in asked]
    chat = Answer(small, talk(f"Now this: {text}"), max_tokens=8, urgent=True).wait()
    for messages, answer in zip(asked, answers, strict=True):
        assert answer.wait().end is not None
        assert is_what_it_says(small, messages, answer.text)
    assert chat.ended_at < max(answer.ended_at for answer in answers)


def test_conversations_that_left_the_context_come_back_without_reading(
    model: LlamaLanguageModel,
) -> None:
    """Eight conversations of 800 tokens, in turn, twice: far more than is kept in the context."""
    begun = {f"talk {n}": talk(f"Conversation {n}. {DOCUMENT}") for n in range(8)}
    said = {}
    for name, messages in begun.items():
        said[name] = Answer(model, messages, max_tokens=4, conversation=name, urgent=True).wait()
    for name, messages in begun.items():
        turn = [*messages, Message(Role.ASSISTANT, said[name].text), *talk("Go on, please.")]
        answer = Answer(model, turn, max_tokens=8, conversation=name, urgent=True)
        assert answer.usage.prompt_tokens - answer.usage.cached_tokens < 60
        assert is_what_it_says(model, turn, answer.text)


def test_an_answer_is_written_beside_nobody_elses_cells(model: LlamaLanguageModel) -> None:
    """llama.cpp's attention looks at all cells up to the last one: idle ones only cost time."""
    for number in range(3):
        Answer(
            model, talk(f"Text {number}. {DOCUMENT[:900]}"), conversation=f"idle {number}"
        ).wait()
    answer = Answer(model, talk("Tell me a story."), max_tokens=60)
    answer.begun.wait(30)
    taken = set()
    while not answer.ended.wait(0.02):
        model._scheduler.call(lambda: taken.add(model._sequences.used_cells()))
    assert answer.end is not None
    assert max(taken) <= answer.usage.prompt_tokens + 60


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_only_the_thread_that_decodes_has_helpers() -> None:
    """OpenMP lets all threads sleep while there are more of them than processors."""
    program = """
import os, sys
from engine.backends.llama_cpp_backend import LlamaCppBackend
from engine.contracts import AbortFlag
from engine.types import GenerationParams, Message, ModelSpec, Role
backend, abort = LlamaCppBackend(), AbortFlag()
threads = lambda: len(os.listdir("/proc/self/task"))
before = threads()
model = backend.load(ModelSpec(n_ctx=1024, n_threads=2), abort, lambda *_: None)
list(model.stream([Message(Role.USER, "Hello.")], GenerationParams(max_tokens=8), abort))
print(threads() - before)
model.close()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "2", done.stderr  # the scheduler, and one helper


def test_drafts_from_the_prompt_change_nothing_but_the_time(model: LlamaLanguageModel) -> None:
    asked = talk(f"Repeat this text word for word: {DOCUMENT[:600]}")
    drafted = Answer(model, asked, max_tokens=150, prompt_lookup=True).wait()
    assert drafted.usage.completion_tokens > 20
    assert is_what_it_says(model, asked, drafted.text)


def test_a_message_of_the_assistants_at_the_end_is_continued(model: LlamaLanguageModel) -> None:
    answer = Answer(model, talk("Name the first four letters.", "A, B,"), max_tokens=8).wait()
    assert answer.end is not None
    assert answer.end.prompt.endswith("A, B,")


def test_after_a_restart_a_conversation_is_read_from_disk() -> None:
    messages, texts = talk(f"Remember this. {DOCUMENT}"), []
    for start in range(2):
        model = load(SPEC)
        try:
            model.keep_states(1 << 30)
            answer = Answer(model, messages, max_tokens=12, conversation="5", urgent=True).wait()
            texts.append(answer.text)
            if start:
                assert answer.usage.cached_tokens == answer.usage.prompt_tokens - 2
                assert is_what_it_says(model, messages, answer.text)
                model.forget(["5"])
        finally:
            model.close()
        assert StateStore(states_folder()).size()[0] == (0 if start else 1)


def test_nothing_is_kept_of_conversations_when_that_is_off() -> None:
    model = load(SPEC)
    Answer(model, talk(DOCUMENT), max_tokens=2, conversation="5").wait()
    model.close()
    assert StateStore(states_folder()).size() == (0, 0)
