"""A stop is felt at once, also by who only waits: a step that is under way does not hold it up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from engine.backends.llama.context import LlamaContext
from engine.contracts import AbortFlag
from engine.errors import AbortedError
from engine.types import GenerationParams, Message, ModelSpec, Role

if TYPE_CHECKING:
    from engine.backends.llama.language_model import LlamaLanguageModel

pytestmark = pytest.mark.model


@pytest.fixture
def model() -> Iterator[LlamaLanguageModel]:
    from engine.backends.llama_cpp_backend import LlamaCppBackend

    model = LlamaCppBackend().load(ModelSpec(n_ctx=1024), AbortFlag(), lambda *_: None)
    yield model
    model.close()


class Asker:
    """Asks on a thread of its own; `ended` when there is an end, whatever it is."""

    def __init__(self, model: LlamaLanguageModel, text: str) -> None:
        self.abort, self.ended, self.was_stopped = AbortFlag(), threading.Event(), False
        params = GenerationParams(max_tokens=2, temperature=0.0)
        self._stream = model.stream([Message(Role.USER, text)], params, self.abort, urgent=True)
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            list(self._stream)
        except AbortedError:
            self.was_stopped = True
        self.ended.set()


def test_who_came_during_a_long_step_is_stopped_before_its_end(
    model: LlamaLanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_reading, may_go_on, decode = threading.Event(), threading.Event(), LlamaContext.decode

    def slowly(context: LlamaContext) -> None:
        is_reading.set()
        may_go_on.wait(20)
        decode(context)

    monkeypatch.setattr(LlamaContext, "decode", slowly)
    first = Asker(model, "The boats lay still.")
    assert is_reading.wait(10)
    second = Asker(model, "What is a boat?")
    while not model._scheduler._incoming:
        assert not second.ended.wait(0.005)
    second.abort.set()
    assert second.ended.wait(5)
    assert second.was_stopped
    assert not first.ended.is_set()
    may_go_on.set()
    for asker in (first, second):
        asker.thread.join()
    assert not first.was_stopped
