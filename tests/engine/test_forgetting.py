"""What is forgotten is gone, at whatever moment that is asked for; what was read may be read again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from engine.backends.llama.context import LlamaContext
from engine.contracts import AbortFlag, TextPiece
from engine.kept_state import StateStore, states_folder
from engine.types import GenerationParams, Message, ModelSpec, Role

if TYPE_CHECKING:
    from engine.backends.llama.language_model import LlamaLanguageModel

pytestmark = pytest.mark.model

STORY = "The harbour was quiet and boat number {} lay still in the morning light. "


@pytest.fixture
def model() -> Iterator[LlamaLanguageModel]:
    from engine.backends.llama_cpp_backend import LlamaCppBackend

    model = LlamaCppBackend().load(ModelSpec(n_ctx=1024), AbortFlag(), lambda *_: None)
    model.keep_states(1 << 30)
    yield model
    model.close()


def ask(model: LlamaLanguageModel, sentences: int, conversation: str = "") -> str:
    text = "".join(STORY.format(number) for number in range(sentences))
    params = GenerationParams(max_tokens=2, temperature=0.0, repeat_penalty=1.0)
    pieces = model.stream(
        [Message(Role.USER, text)], params, AbortFlag(), urgent=True, conversation=conversation
    )
    return "".join(piece.text for piece in pieces if isinstance(piece, TextPiece))


def test_what_is_forgotten_while_it_is_being_saved_is_not_on_disk_afterwards(
    model: LlamaLanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, state_of = threading.Event(), LlamaContext.state_of

    def tell(context: LlamaContext, slot: int) -> bytes:
        begun.set()
        return state_of(context, slot)

    monkeypatch.setattr(LlamaContext, "state_of", tell)
    ask(model, 12, "secret")
    assert begun.wait(10)
    model.forget(["secret"])
    assert StateStore(states_folder()).size() == (0, 0)
    model.close()
    assert StateStore(states_folder()).size() == (0, 0)


def test_what_is_forgotten_just_before_the_end_is_not_saved_at_the_end(
    model: LlamaLanguageModel,
) -> None:
    ask(model, 12, "secret")
    ask(model, 12, "other")
    model.forget(["secret"])
    model.close()
    assert StateStore(states_folder()).size()[0] == 1


def test_a_long_text_is_answered_again_after_all_was_put_aside(model: LlamaLanguageModel) -> None:
    def put_all_aside() -> None:
        while model._sequences.put_one_aside():
            pass

    first = ask(model, 40)
    model._scheduler.call(put_all_aside)
    assert ask(model, 40) == first
