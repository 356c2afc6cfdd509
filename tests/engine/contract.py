"""Helpers of the contract suite: asking any model through the public contract, and comparing answers.

To put another backend under the contract: a session fixture that gives its model, and its line in
`SUBJECTS`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec
import pytest

from engine.contracts import AbortFlag, GenerationEnd, LanguageModel, TextPiece
from engine.types import GenerationParams, Message, Role, TokenScore

GREEDY = GenerationParams(max_tokens=16, temperature=0.0, repeat_penalty=1.0)
# Natural logarithm. Other company in a batch, or a beginning that was kept, changes sums in their
# last digits: of two words that are nearly equally likely now one, now the other is said. How much
# that can be depends on the processor, so comparisons ask what has one clear answer (`PLAIN`).
NEARLY_EQUAL = 0.15
WORDS = ("tree", "river", "house", "bread", "stone", "light", "table", "water", "bird", "music")
COLOURS = (Message(Role.USER, "Name three colours."),)
# Each word of the answers is clearly the likeliest: no kernel's rounding makes another of it.
PLAIN = (
    (Message(Role.USER, "Repeat: one, two, three, four, five, six."),),
    (Message(Role.USER, "Repeat: Monday, Tuesday, Wednesday, Thursday, Friday."),),
    (Message(Role.USER, "Repeat: A, B, C, D, E, F, G."),),
)


class Can(StrEnum):
    """What not every backend can do; only who can is bound by the promises that go with it."""

    CHANCE = "chance"  # temperature and seeds
    STOPS = "stops"  # stop strings
    MEMORY = "memory"  # does not read again what it has read before
    SCORES = "scores"  # log-probabilities of tokens
    CHOICE = "choice"  # real probabilities of answers
    TOKENS = "tokens"  # exact counts of prompts
    FORMS = "forms"  # JSON schemas and grammars
    STEPS = "steps"  # reads a prompt in steps, and can be stopped between them


@dataclass(frozen=True)
class Subject:
    """A backend under test. `fixture` gives its model for the whole session."""

    name: str
    fixture: str
    lacks: frozenset[Can] = frozenset()

    def needs(self, *abilities: Can) -> None:
        """The rest of the test is for those who can."""
        if missing := self.lacks & set(abilities):
            pytest.skip(f"{self.name} cannot do this: {', '.join(sorted(missing))}")


SUBJECTS = (
    Subject("echo", "echo_model", frozenset(Can)),
    Subject("llama_cpp", "embedded_model"),
    Subject("safetensors", "folder_model"),
    Subject("gguf_on_transformers", "gguf_on_transformers"),
    # Marks that somebody typed are the server's affair, which takes them for its own.
    Subject("openai", "server_model", frozenset({Can.TOKENS})),
)


@dataclass
class Answer:
    text: str
    end: GenerationEnd
    pieces: list[TextPiece]
    scores: list[TokenScore] = field(default_factory=list)


def long_text(count: int, start: str) -> str:
    """Of about so many tokens; another start makes all of it new to the model."""
    return " ".join([start, *(WORDS[index % len(WORDS)] for index in range(count))])


def user(text: str) -> tuple[Message, ...]:
    return (Message(Role.USER, text),)


def ask(
    model: LanguageModel,
    messages: Sequence[Message] = COLOURS,
    abort: AbortFlag | None = None,
    *,
    on_prompt: Callable[[int, int], None] | None = None,
    on_piece: Callable[[TextPiece], None] | None = None,
    urgent: bool = False,
    **params: Any,
) -> Answer:
    """The whole answer, greedy and short unless told otherwise; checks what binds every answer."""
    given = msgspec.structs.replace(GREEDY, **params)
    pieces: list[TextPiece] = []
    end: GenerationEnd | None = None
    for item in model.stream(
        messages, given, abort or AbortFlag(), on_prompt=on_prompt, urgent=urgent
    ):
        assert end is None, "something came after the end"
        if isinstance(item, GenerationEnd):
            end = item
        else:
            pieces.append(item)
            if on_piece:
                on_piece(item)
    assert end is not None, "it ended without an end"
    counts = [piece.tokens for piece in pieces]
    assert counts == sorted(counts)
    assert not counts or counts[-1] <= end.usage.completion_tokens <= given.max_tokens
    scores = [score for piece in pieces for score in piece.scores]
    return Answer("".join(piece.text for piece in pieces), end, pieces, scores)


def in_threads(works: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Run all at the same time; their answers in the order of the works."""
    answers: list[Answer | BaseException | None] = [None] * len(works)
    together = threading.Barrier(len(works))

    def run(index: int) -> None:
        try:
            together.wait(30)
            answers[index] = works[index]()
        except BaseException as error:  # told in the thread of the test
            answers[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "an answer does not end"
    found = []
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
        assert answer is not None
        found.append(answer)
    return found


def assert_same(one: Answer, other: Answer) -> None:
    """Both say the same, or part only where two words were nearly equally likely."""
    if one.text == other.text:
        return
    assert one.scores, f"{one.text!r} is not {other.text!r}"
    assert other.scores, f"{one.text!r} is not {other.text!r}"
    for mine, theirs in zip(one.scores, other.scores, strict=False):
        if mine.text != theirs.text:
            first, second = mine.alternatives[:2]
            gap = first.logprob - second.logprob
            assert gap < NEARLY_EQUAL, f"{one.text!r} is not {other.text!r} ({gap=:.2f})"
            return
    raise AssertionError(f"{one.text!r} is not {other.text!r}, and nobody knows why")
