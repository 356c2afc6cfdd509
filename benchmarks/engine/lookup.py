"""Drafts out of the prompt: what they bring where an answer quotes, and cost where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.engine.bench import Bench
from benchmarks.engine.carrel import Carrel
from benchmarks.report import Row, against, at_least, interleaved, median_ratio
from engine.types import Message, Role

TOKENS = 256
AGAINST_LOOPS = 1.1  # repeat_penalty: what a small model says in circles would be quoted, too


def lookup(bench: Bench) -> Iterator[Row]:
    with bench.carrel() as carrel:
        yield compared(bench, carrel, "extractive work", quoting, 1.0, 1.2)
        yield compared(bench, carrel, "a free story", free, AGAINST_LOOPS, 0.98)


def compared(
    bench: Bench,
    carrel: Carrel,
    kind: str,
    task: Callable[[Bench, int], tuple[Message, ...]],
    repeat_penalty: float,
    goal: float,
) -> Row:
    """Tokens/s after the first text, with and without drafts, and whether the answers are the same."""
    tokens = bench.size(TOKENS)
    texts: dict[bool, list[str]] = {True: [], False: []}

    def rate(prompt_lookup: bool, number: int) -> float:
        started = carrel.start(
            task(bench, number),
            tokens,
            prompt_lookup=prompt_lookup,
            repeat_penalty=repeat_penalty,
        )
        answer = started.answer(tokens)
        texts[prompt_lookup].append(answer.text)
        return answer.rate()

    arms = {"with": partial(rate, True), "without": partial(rate, False)}
    ours, peers = interleaved(f"prompt lookup, {kind}", bench.rounds, arms).values()
    same = sum(on == off for on, off in zip(texts[True], texts[False], strict=True))
    return at_least(
        f"prompt lookup, {kind}, tokens/s",
        median_ratio(ours, peers),
        goal,
        "x",
        "the same without it",
        f"{against('tokens/s', ours, peers)}; {same} of {len(texts[True])} answers are the same "
        "(tokens read together round differently)",
    )


def quoting(bench: Bench, number: int) -> tuple[Message, ...]:
    """A text to be copied. A small model does so only after an example, which is the same text."""
    text = bench.vocabulary.prose(TOKENS + 50, seed=f"quote {number}")
    asked = Message(Role.USER, f"Copy this text:\n\n{text}")
    return asked, Message(Role.ASSISTANT, text), asked


def free(bench: Bench, number: int) -> tuple[Message, ...]:
    things = ("lighthouse", "train", "violin", "garden", "bridge", "kite", "clock", "well")
    thing = things[number % len(things)]
    return (Message(Role.USER, f"Write a long story about a {thing}, chapter {number}."),)
