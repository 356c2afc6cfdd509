"""How fast a prompt is read, and how much of it need not be read again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.engine.bench import Bench
from benchmarks.engine.carrel import Carrel
from benchmarks.report import (
    Arm,
    Row,
    against,
    at_least,
    interleaved,
    median_ratio,
    plain,
    progress,
)
from engine.types import Message, Role

PREFILL_TOKENS = 2048
CONTEXT_TOKENS = 4096
ROUND_ROBIN_TOKENS = 2048
ROUND_ROBIN_CHATS = 8
DISK_MB = 4096
SAVING_SECONDS = 0.5  # nobody closes a window sooner after an answer


def prefill(bench: Bench) -> Iterator[Row]:
    yield from prefill_of(bench, bench.file, "")


def prefill_of(bench: Bench, file: Path, kind: str) -> Iterator[Row]:
    """Until the first text has come through the pipe, against reading alone."""
    tools = bench.tools()
    with bench.carrel(file) as carrel:
        arms: dict[str, Arm] = {
            "Carrel": partial(prompt_speed, bench, carrel),
            "llama-bench": lambda _: tools.reading_speed(file, PREFILL_TOKENS),
        }
        seen = interleaved(f"prefill{kind}", bench.rounds, arms)
    yield at_least(
        f"prompt tokens/s to the first text{kind}",
        median_ratio(*seen.values()),
        0.97,
        "x",
        f"llama-bench pp{PREFILL_TOKENS}",
        against("tokens/s", *seen.values()),
    )


def prompt_speed(bench: Bench, carrel: Carrel, number: int) -> float:
    """Tokens per second of a prompt that is new in each round, to the first text."""
    answer = carrel.answer(bench.vocabulary.chat(PREFILL_TOKENS, seed=f"prefill {number}"), 4)
    return (answer.usage.prompt_tokens - answer.usage.cached_tokens) / answer.first


def context(bench: Bench) -> Iterator[Row]:
    """First text of the next turn, and of the next turn after a restart, against reading it all."""
    cold: list[float] = []
    warm: list[float] = []
    restarted: list[float] = []
    cached: list[str] = []

    def one_round(number: int) -> tuple[float, float, float]:
        name = f"context {number}"
        first = bench.vocabulary.chat(CONTEXT_TOKENS, seed=name)
        with bench.carrel() as carrel:
            read = carrel.answer(first, 16, conversation=name, kv_disk_mb=DISK_MB)
            then = next_turn(first, read.text, "And what comes after that?")
            turn = carrel.answer(then, 16, conversation=name, kv_disk_mb=DISK_MB)
            time.sleep(SAVING_SECONDS)
        with bench.carrel(warm=False) as carrel:
            last = next_turn(then, turn.text, "And what is the end of it?")
            again = carrel.answer(last, 16, conversation=name, kv_disk_mb=DISK_MB)
        cached[:] = [
            f"{answer.usage.cached_tokens:,} of {answer.usage.prompt_tokens:,} tokens were there"
            for answer in (turn, again)
        ]
        return read.first, turn.first, again.first

    # The three come from one conversation, so they are not arms whose order could be turned round.
    for number in range(1, bench.rounds + 1):
        values = one_round(number)
        told = "cold {:.3g}, next turn {:.3g}, after a restart {:.3g} s".format(*values)
        progress(f"context {number}/{bench.rounds}: {told}")
        for seen, value in zip((cold, warm, restarted), values, strict=True):
            seen.append(value)
    rows = [
        ("first text of the next turn at 4k tokens", warm, 50.0),
        ("first text after a restart, state from disk", restarted, 25.0),
    ]
    for (name, seen, goal), note in zip(rows, cached, strict=True):
        yield at_least(
            f"{name}, times sooner",
            median_ratio(cold, seen),
            goal,
            "x",
            "reading it all",
            f"{against('s', cold, seen)}; {note}",
        )


def next_turn(messages: tuple[Message, ...], answer: str, question: str) -> tuple[Message, ...]:
    return (*messages, Message(Role.ASSISTANT, answer), Message(Role.USER, question))


def server_turn(bench: Bench) -> Iterator[Row]:
    """The same next turn of a 4k conversation, on Carrel and on llama-server, both warm."""
    first = bench.vocabulary.chat(CONTEXT_TOKENS, seed="server turn")
    with bench.carrel() as carrel, bench.server() as server:
        read = carrel.answer(first, 16, conversation="turn")
        server.complete(bench.vocabulary.prompt(first), 16)

        def turn(number: int) -> tuple[Message, ...]:
            return next_turn(first, read.text, f"And what is number {number} about?")

        def ours(number: int) -> float:
            return carrel.answer(turn(number), 16, conversation="turn").first

        def peer(number: int) -> float:
            return server.complete(bench.vocabulary.prompt(turn(number)), 16).first

        seen = interleaved("server turn", bench.rounds, {"Carrel": ours, "llama-server": peer})
    ours_seen, peers_seen = seen.values()
    yield at_least(
        "first text of a warm turn at 4k tokens, times sooner",
        median_ratio(peers_seen, ours_seen),
        1.0,
        "x",
        "llama-server with its cache",
        against("s (theirs against ours)", peers_seen, ours_seen),
    )


def round_robin(bench: Bench) -> Iterator[Row]:
    """A turn in each of eight chats, one chat after the other: seconds to the first texts, summed."""
    chats = ROUND_ROBIN_CHATS // 2 if bench.quick else ROUND_ROBIN_CHATS
    tokens = bench.size(ROUND_ROBIN_TOKENS)
    firsts = [bench.vocabulary.chat(tokens, seed=f"robin {chat}") for chat in range(chats)]
    with bench.carrel() as carrel, bench.llama() as llama:
        for chat, messages in enumerate(firsts):
            carrel.answer(messages, 4, conversation=f"robin {chat}")

        def turn(chat: int, number: int) -> tuple[Message, ...]:
            return next_turn(firsts[chat], "It is a note.", f"What is number {number} about?")

        def ours(number: int) -> float:
            return sum(
                carrel.answer(turn(chat, number), 4, conversation=f"robin {chat}").first
                for chat in range(chats)
            )

        def peer(number: int) -> float:
            # The warm-up is short: each of its turns costs seconds, and it has nothing to keep.
            return sum(
                llama.write(bench.vocabulary.prompt(turn(chat, number)), 4).first
                for chat in range(chats if number else 1)
            )

        seen = interleaved("round robin", bench.rounds, {"Carrel": ours, "Llama": peer})
    ours_seen, peers_seen = seen.values()
    name = f"first texts round robin, {chats} chats of {tokens:,} tokens, times sooner"
    note = against("s (theirs against ours)", peers_seen, ours_seen)
    ratio = median_ratio(peers_seen, ours_seen)
    if bench.quick:
        yield plain(name, ratio, "x", "llama_cpp.Llama, tuned", note)
    else:
        yield at_least(name, ratio, 20.0, "x", "llama_cpp.Llama, tuned", note)
