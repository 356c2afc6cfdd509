"""The faces that models show to text tools, so that text tools need not know any backend."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

import msgspec

from engine.errors import AbortedError
from engine.types import FinishReason, GenerationParams, Message, ModelInfo, TokenScore, Usage


class AbortFlag:
    """Set by the receiver thread, looked at by whoever works; `when_set` wakes who waits."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: set[Callable[[], None]] = set()

    def set(self) -> None:
        with self._lock:
            self._event.set()
            callbacks, self._callbacks = self._callbacks, set()
        for callback in callbacks:
            callback()

    def when_set(self, callback: Callable[[], None]) -> None:
        """Have `callback` called once, from whatever thread sets the flag; at once if it is set."""
        with self._lock:
            if not self._event.is_set():
                self._callbacks.add(callback)
                return
        callback()

    def is_set(self) -> bool:
        return self._event.is_set()

    def raise_if_set(self) -> None:
        if self.is_set():
            raise AbortedError


class TextPiece(msgspec.Struct, frozen=True):
    """A piece of an answer, whole characters only; `tokens` is the count generated so far.

    `reasoning` pieces are what the model thinks before it answers. `scores` has the tokens of this
    piece if `GenerationParams.logprobs` asked for them.
    """

    text: str
    tokens: int
    reasoning: bool = False
    scores: tuple[TokenScore, ...] = ()


class GenerationEnd(msgspec.Struct, frozen=True):
    """The last item of a generation. `prompt` is the text that the model saw, marks and all."""

    finish_reason: FinishReason
    usage: Usage
    seed: int
    prompt: str = ""


class LanguageModel(Protocol):
    """A loaded chat model. Its methods may be called from several threads at once."""

    info: ModelInfo

    def count_tokens(self, text: str) -> int: ...

    def count_prompt_tokens(self, messages: Sequence[Message]) -> int:
        """Of the whole prompt, template and all. A remote model may only estimate."""
        ...

    def stream(
        self,
        messages: Sequence[Message],
        params: GenerationParams,
        abort: AbortFlag,
        *,
        on_prompt: Callable[[int, int], None] | None = None,
        urgent: bool = False,
        conversation: str = "",
    ) -> Iterator[TextPiece | GenerationEnd]:
        """Yield the answer piece by piece and end with one `GenerationEnd`.

        `on_prompt(read, total)` follows the prompt's tokens. Somebody waits for an `urgent` answer:
        it goes before others. `conversation` names what the state of the model is kept for.
        A stop while the prompt is read raises `AbortedError`; later it ends with ABORT.
        """
        ...

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], abort: AbortFlag
    ) -> tuple[list[float], Usage]:
        """The probability of each of `choices` as the whole answer; they sum to 1."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class KeepsStates(Protocol):
    """A model that keeps what it has read of conversations, so that it need not be read again."""

    def keep_states(self, limit: int) -> None:
        """So many bytes may be kept on disk, for all conversations; 0 is none."""
        ...

    def forget(self, conversations: Sequence[str] | None) -> None:
        """Nothing of these conversations, or of any, is kept in memory or on disk."""
        ...


class NameSpan(msgspec.Struct, frozen=True):
    """A name at characters `start` to `end`. `alternatives` has the share of each type, and of "" for
    no name at all; `score` is that of `label`."""

    start: int
    end: int
    label: str
    score: float
    alternatives: dict[str, float]


class TextEncoder(Protocol):
    """Reads texts at once instead of word by word. Its methods may be called from any thread."""

    name: str

    def encode(self, sentences: Sequence[str], abort: AbortFlag) -> Any:
        """Float32 of shape (len(sentences), width); unit length, so a dot product is the cosine."""
        ...

    def sentiment(self, texts: Sequence[str], abort: AbortFlag) -> Any:
        """Float32 array of shape (len(texts), 3): shares of negative, neutral and positive."""
        ...

    def names(self, text: str, abort: AbortFlag, sentences: Sequence[int] = ()) -> list[NameSpan]:
        """The names in a text of any length, in order; none goes on where one of `sentences` begins."""
        ...

    def names_of_each(self, texts: Sequence[str], abort: AbortFlag) -> list[list[NameSpan]]:
        """Of many short texts, read together."""
        ...
