"""A document of 30,000 tokens: how soon it is summarized, and how soon again after an edit.

The peer is llama-cpp-python's `Llama`, which is given the same file, the same parts and the same
requests, one part after the other. It checks nothing and writes each note once; Carrel's time is that
of the whole tool: key sentences, notes, their check against the source, and second attempts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec

from benchmarks.documents.bench import NEVER, Bench
from benchmarks.report import Row, against, at_least, interleaved, median_ratio, plain, progress
from engine.backends.llama.library import choose_threads
from engine.contracts import LanguageModel
from engine.text_tools import summary_prompts
from engine.text_tools.base import StepProgress, TextToolResult, ToolContext
from engine.text_tools.reading import reading_parts
from engine.text_tools.results import SummaryResult
from engine.text_tools.summarize import Summarize
from engine.text_tools.summary_notes import NOTE_TOKENS
from engine.text_tools.summary_plan import SummaryPlan
from engine.text_tools.summary_run import PART_TOKENS
from engine.types import Document, Message

TOKENS, QUICK_TOKENS = 30_000, 8_000
ROUNDS, QUICK_ROUNDS = 3, 2
PEER = "llama_cpp.Llama, one part after the other"
LLAMA_CONTEXT = 2048


def rows(bench: Bench) -> Iterator[Row]:
    from benchmarks.engine.prompts import silence_llama

    model = bench.model
    tokens = QUICK_TOKENS if bench.quick else TOKENS
    documents: dict[int, Document] = {}
    firsts: dict[int, SummaryResult] = {}
    written: dict[str, list[int]] = {"Carrel": [], "Llama": []}
    seen_first: list[float] = []
    silence_llama()
    llama = _Llama(bench)

    def document(number: int) -> Document:
        """Another one in every round: nothing of it may be known from before."""
        if number not in documents:
            documents[number] = _of_length(bench, model, number, tokens)
        return documents[number]

    def ours(number: int) -> float:
        text = document(number)
        began = time.perf_counter()
        result, first, used = _summarized(bench, text, None)
        seconds = time.perf_counter() - began
        firsts[number] = result
        if number:
            written["Carrel"].append(used)
            seen_first.append(first)
        return seconds

    def serial(number: int) -> float:
        text = document(number)
        began = time.perf_counter()
        used = llama.notes(bench, text)
        seconds = time.perf_counter() - began
        if number:
            written["Llama"].append(used)
        return seconds

    def edited(number: int) -> float:
        """That of the round before, as the arms take turns in going first."""
        text = _edited(document(number - 1))
        if number - 1 not in firsts:
            firsts[number - 1] = _summarized(bench, document(number - 1), None)[0]
        earlier = msgspec.to_builtins(firsts[number - 1])
        began = time.perf_counter()
        _summarized(bench, text, earlier)
        return time.perf_counter() - began

    arms = {"Carrel": ours, "Llama": serial, "edited": edited}
    try:
        seen = interleaved("long summary", QUICK_ROUNDS if bench.quick else ROUNDS, arms)
    finally:
        llama.close()
    told = "; ".join(f"{name} wrote {sum(n) / len(n):,.0f} tokens" for name, n in written.items())
    note = f"{against('s', seen['Carrel'], seen['Llama'])}; {told}"
    name = f"summary of {tokens:,} tokens"
    yield at_least(name, median_ratio(seen["Llama"], seen["Carrel"]), 1.5, "x sooner", PEER, note)
    note = against("s", seen["edited"], seen["Llama"])
    ratio = median_ratio(seen["Llama"], seen["edited"])
    yield at_least(f"{name} after an edit", ratio, 5, "x sooner", PEER, note)
    own = median_ratio(seen["Carrel"], seen["edited"])
    yield plain(f"{name} after an edit", own, "x sooner", "its first run")
    share = median_ratio(seen_first, seen["Carrel"])
    yield plain(f"{name}: first key sentences, share of the time", share, "", "its whole run")


class _Llama:
    """As a script would do it, with the options that are fastest on a processor."""

    def __init__(self, bench: Bench) -> None:
        import llama_cpp

        path = bench.model.info.path
        threads = choose_threads(0)
        self._llama = llama_cpp.Llama(
            str(path),
            n_ctx=LLAMA_CONTEXT,
            n_threads=threads,
            n_threads_batch=threads,
            flash_attn=True,
            verbose=False,
        )

    def notes(self, bench: Bench, document: Document) -> int:
        """Writes all; how many tokens were written."""
        context = ToolContext(lambda: bench.model, lambda: bench.encoder, NEVER, None)
        parts = reading_parts(context, (document,), PART_TOKENS, stable=True)
        sentences = SummaryPlan().sentences_of_part(len(parts))
        written = 0
        for part in parts:
            asked = summary_prompts.messages(part.text((document,)), sentences, "", "")
            answer = self._llama.create_chat_completion(
                [_as_dict(message) for message in asked],  # type: ignore[arg-type]
                max_tokens=NOTE_TOKENS,
                temperature=0.0,
                repeat_penalty=1.1,
            )
            written += answer["usage"]["completion_tokens"]  # type: ignore[index]
        return written

    def close(self) -> None:
        self._llama.close()


def _as_dict(message: Message) -> dict[str, str]:
    return {"role": str(message.role), "content": message.content}


def _summarized(
    bench: Bench, document: Document, earlier: dict[str, object] | None
) -> tuple[SummaryResult, float, int]:
    """The result, seconds to the first key sentences, and the tokens that were written."""
    began = time.perf_counter()
    context = ToolContext(lambda: bench.model, lambda: bench.encoder, NEVER, earlier)
    tool, first = Summarize(), 0.0
    result: TextToolResult | None = None
    for step in tool.run(context, (document,), tool.Options()):
        if isinstance(step, StepProgress):
            continue
        result = step
        first = first or time.perf_counter() - began
    assert isinstance(result, SummaryResult)
    assert result.coverage.parts_read == result.coverage.parts
    return result, first, context.usage.completion_tokens


def _of_length(bench: Bench, model: LanguageModel, number: int, tokens: int) -> Document:
    """Documents in a row, beginning with another one each time."""
    texts = [record["text"] for record in bench.gum]
    at = number * len(texts) // 5 % len(texts)
    taken: list[str] = []
    count = 0
    for text in texts[at:] + texts[:at]:
        taken.append(text)
        count += model.count_tokens(text)
        if count >= tokens:
            break
    progress(f"document {number}: {len(taken)} texts, {count:,} tokens")
    return Document(f"document {number}", "\n\n".join(taken))


def _edited(document: Document) -> Document:
    """A sentence more in the middle."""
    middle = document.text.find("\n\n", len(document.text) // 2)
    head, tail = document.text[:middle], document.text[middle:]
    return Document(document.name, f"{head} This sentence was added by the editor in May.{tail}")
