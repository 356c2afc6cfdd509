"""llama-bench, llama-batched-bench and llama-perplexity: running them and reading what they print."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
from pathlib import Path
from typing import NamedTuple

from benchmarks.peers import Peers

PATIENCE = 600.0


class ToolFailed(Exception):
    """A program that ended badly or printed something else than expected."""


class Batched(NamedTuple):
    """Seconds of reading and of writing, and tokens per second while writing."""

    prompt_seconds: float
    writing_seconds: float
    writing_speed: float


def bench_speed(output: str) -> float:
    """Tokens per second out of llama-bench's JSON list of one test."""
    try:
        (test,) = json.loads(output)
        return statistics.median(test["samples_ts"])
    except (ValueError, KeyError, TypeError) as error:
        raise ToolFailed(f"llama-bench printed {output[:200]!r}") from error


def batched_result(output: str) -> Batched:
    """Out of llama-batched-bench's one line of JSON among other lines."""
    for line in output.splitlines():
        if line.startswith("{"):
            data = json.loads(line)
            return Batched(data["t_pp"], data["t_tg"], data["speed_tg"])
    raise ToolFailed(f"llama-batched-bench printed {output[-200:]!r}")


def final_perplexity(output: str) -> float:
    found = re.search(r"Final estimate: PPL = ([0-9.]+)", output)
    if not found:
        raise ToolFailed(f"llama-perplexity printed {output[-200:]!r}")
    return float(found[1])


class Tools:
    def __init__(self, peers: Peers, threads: int) -> None:
        self._peers, self._threads = peers, str(threads)

    def reading_speed(self, file: Path, tokens: int) -> float:
        """llama-bench pp: tokens per second of a prompt of so many tokens, without tokenizing."""
        return self._bench(file, "-p", str(tokens), "-n", "0", "-fa", "on")

    def writing_speed(self, file: Path, tokens: int) -> float:
        """llama-bench tg: tokens per second after an empty context, without sampling."""
        # Up to a thousand tokens a processor writes faster without flash attention.
        return self._bench(file, "-p", "0", "-n", str(tokens), "-fa", "off")

    def _bench(self, file: Path, *test: str) -> float:
        options = ["-r", "1", "-ngl", "0", "-o", "json", "-t", self._threads]
        return bench_speed(self._run("llama-bench", file, *options, *test))

    def batched(self, file: Path, prompt: int, tokens: int, chats: int) -> Batched:
        """llama-batched-bench: so many chats that share a prompt, each writing `tokens` tokens."""
        room = str(prompt + chats * tokens)
        options = ["-t", self._threads, "-fa", "on", "-ngl", "0", "-kvu", "-pps", "-c", room]
        test = ["-npp", str(prompt), "-ntg", str(tokens), "-npl", str(chats)]
        form = ["--output-format", "jsonl"]
        return batched_result(self._run("llama-batched-bench", file, *options, *test, *form))

    def perplexity(self, file: Path, text: Path) -> float:
        """llama-perplexity over `text` in windows of 512 tokens; needs 1,024 tokens at least."""
        options = ["-f", str(text), "-c", "512", "-t", self._threads, "-fa", "on", "-ngl", "0"]
        return final_perplexity(self._run("llama-perplexity", file, *options))

    def _run(self, program: str, file: Path, *options: str) -> str:
        done = subprocess.run(
            [self._peers.program(program), "-m", str(file), *options],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
        )
        if done.returncode:
            raise ToolFailed(f"{program} ended with {done.returncode}: {done.stderr[-300:]}")
        # Which stream the results are on differs from program to program.
        return done.stdout if program == "llama-bench" else done.stdout + done.stderr
