"""Eight requests at the same time: with a prompt in common, and each with its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.engine.bench import Bench
from benchmarks.engine.carrel import Answer, totals
from benchmarks.report import Row, against, at_least, interleaved, median_ratio, plain
from engine.types import Message, Role

CHATS = 8
SHARED_TOKENS = 1024
OWN_TOKENS = 128
TOKENS = 128


def shared(bench: Bench) -> Iterator[Row]:
    yield from shared_of(bench, bench.file, "")


def shared_of(bench: Bench, file: Path, kind: str) -> Iterator[Row]:
    """Tokens/s from sending to the last end; the prompt in common is new and has to be read.

    `Llama` reads it once too, as the one prompt begins like the one before.
    """
    bench.need_scheduler()
    tools = bench.tools()
    tokens = bench.size(TOKENS)
    written = CHATS * tokens
    together: dict[str, list[float]] = {"Carrel": [], "llama-batched-bench": []}
    cached = ""
    with bench.carrel(file) as carrel, bench.llama(file) as llama:

        def questions(number: int) -> list[tuple[Message, ...]]:
            system, user = bench.vocabulary.chat(SHARED_TOKENS, seed=f"shared {number}")
            words = user.content
            return [(system, Message(Role.USER, f"{words} Part {chat}")) for chat in range(CHATS)]

        def ours(number: int) -> float:
            nonlocal cached
            started = [carrel.start(messages, tokens) for messages in questions(number)]
            seconds, answers = totals(started, tokens)
            read = sum(a.usage.prompt_tokens - a.usage.cached_tokens for a in answers)
            cached = f"{read:,} of {sum(a.usage.prompt_tokens for a in answers):,} tokens read"
            if number:
                together["Carrel"].append(together_rate(answers))
            return written / seconds

        def serial(number: int) -> float:
            prompts = [bench.vocabulary.prompt(messages) for messages in questions(number)]
            return written / sum(llama.write(prompt, tokens).seconds for prompt in prompts)

        def batched(number: int) -> float:
            result = tools.batched(file, SHARED_TOKENS, tokens, CHATS)
            if number:
                together["llama-batched-bench"].append(result.writing_speed)
            return written / (result.prompt_seconds + result.writing_seconds)

        arms = {"Carrel": ours, "Llama": serial, "llama-batched-bench": batched}
        seen = interleaved(f"shared prompt{kind}", bench.rounds, arms)
    name = f"tokens/s of {CHATS} requests that share {SHARED_TOKENS:,} tokens{kind}"
    mine = seen["Carrel"]
    for peer, arm, goal in (
        ("llama_cpp.Llama, tuned, one after the other", "Llama", 1.6),
        ("llama-batched-bench -pps", "llama-batched-bench", 0.93),
    ):
        note = f"{against('tokens/s', mine, seen[arm])}; {cached}"
        yield at_least(name, median_ratio(mine, seen[arm]), goal, "x", peer, note)
    both = together.values()
    yield plain(
        f"the same while all {CHATS} write{kind}",
        median_ratio(*both),
        "x",
        "llama-batched-bench -pps",
        against("tokens/s", *both),
    )


def together_rate(answers: list[Answer]) -> float:
    """Tokens per second from the time when the last has begun until the first has ended.

    All were sent at nearly the same time, so their clocks are taken for one.
    """
    start = max(answer.first for answer in answers)
    end = min(answer.deltas[-1][0] for answer in answers)

    def tokens(answer: Answer, at: float) -> int:
        return max((count for seconds, count in answer.deltas if seconds <= at), default=0)

    return sum(tokens(a, end) - tokens(a, start) for a in answers) / (end - start)


def server_parallel(bench: Bench) -> Iterator[Row]:
    """Eight different prompts sent at once; tokens/s from sending to the last end."""
    bench.need_scheduler()
    tokens = bench.size(TOKENS)
    written = CHATS * tokens
    with bench.carrel() as carrel, bench.server() as server:

        def chats(number: int) -> list[tuple[Message, ...]]:
            return [
                bench.vocabulary.chat(OWN_TOKENS, seed=f"own {number} {chat}")
                for chat in range(CHATS)
            ]

        def ours(number: int) -> float:
            started = [carrel.start(messages, tokens) for messages in chats(number)]
            return written / totals(started, tokens)[0]

        def peer(number: int) -> float:
            prompts = [bench.vocabulary.prompt(messages) for messages in chats(number)]
            return written / server.complete_all(prompts, tokens)

        seen = interleaved("parallel", bench.rounds, {"Carrel": ours, "llama-server": peer})
    yield at_least(
        f"tokens/s of {CHATS} requests at the same time",
        median_ratio(*seen.values()),
        1.0,
        "x",
        f"llama-server -np {CHATS} -kvu",
        against("tokens/s", *seen.values()),
    )
