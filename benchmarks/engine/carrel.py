"""Carrel as its window sees it: a client with a worker process, and the times at which text comes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import NamedTuple

from engine.client import EngineClient
from engine.protocol import (
    Abort,
    Chat,
    Event,
    Request,
    RequestFailed,
    RequestFinished,
    TerminalEvent,
    TextDelta,
    new_request_id,
)
from engine.types import GenerationParams, Message, ModelSpec, Role, Usage

PATIENCE = 300.0


class CarrelFailed(Exception):
    """A request that failed, or an answer of another length than was asked for."""


class Answer(NamedTuple):
    """Seconds are counted from sending; `deltas` are (seconds, tokens so far)."""

    first: float
    seconds: float
    usage: Usage
    text: str
    deltas: tuple[tuple[float, int], ...]

    def rate(self, until: int | None = None) -> float:
        """Tokens per second from the first delta to the end, or to the delta with token `until`."""
        start, before = self.deltas[0]
        end, count = self.seconds, self.usage.completion_tokens
        if until is not None and until < count:
            end, count = next(delta for delta in self.deltas if delta[1] >= until)
        return (count - before) / (end - start)


class Pending:
    """A request under way. `sent` is on the clock of `time.perf_counter`."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.sent = time.perf_counter()
        self.ended = 0.0
        self.terminal: Future[TerminalEvent] = Future()
        self._pieces: list[str] = []
        self._deltas: list[tuple[float, int]] = []

    def note(self, event: Event) -> None:
        now = time.perf_counter()
        if isinstance(event, TextDelta):
            self._pieces.append(event.text)
            self._deltas.append((now - self.sent, event.tokens))
        elif isinstance(event, (RequestFinished, RequestFailed)):
            self.ended = now
            self.terminal.set_result(event)

    def finished(self) -> RequestFinished:
        end = self.terminal.result(PATIENCE)
        if isinstance(end, RequestFailed):
            error = end.error
            last_line = error.detail.strip().rpartition("\n")[2]
            raise CarrelFailed(f"{error.code}: {error.message} {last_line}".strip())
        return end

    def answer(self, tokens: int | None = None) -> Answer:
        """The whole answer; `CarrelFailed` if it has not `tokens` tokens."""
        usage = self.finished().usage
        if tokens is not None and usage.completion_tokens != tokens:
            raise CarrelFailed(f"it wrote {usage.completion_tokens} tokens where {tokens} were due")
        if not self._deltas:
            raise CarrelFailed("it wrote no text")
        text = "".join(self._pieces)
        return Answer(self._deltas[0][0], self.ended - self.sent, usage, text, tuple(self._deltas))


class Carrel:
    """A worker with one model. Every answer is greedy and as long as was asked for."""

    def __init__(self, spec: ModelSpec, end_texts: Sequence[str]) -> None:
        self._spec = spec
        self._no_end = tuple((text, -1000.0) for text in end_texts)
        self._open: dict[str, Pending] = {}
        self._client = EngineClient()
        self._client.set_listener(self._note)
        self._client.start()

    def _note(self, event: Event) -> None:
        pending = self._open.get(getattr(event, "request_id", ""))
        if pending:
            pending.note(event)

    def send(self, request: Request) -> Pending:
        pending = self._open[request.request_id] = Pending(request)
        self._client.send(request)
        return pending

    def finish(self, request: Request) -> RequestFinished:
        return self.send(request).finished()

    def abort(self, pending: Pending) -> None:
        self._client.send(Abort(pending.request.request_id))

    def start(
        self,
        messages: Sequence[Message],
        tokens: int,
        *,
        conversation: str = "",
        kv_disk_mb: int = 0,
        prompt_lookup: bool = False,
        repeat_penalty: float = 1.0,
    ) -> Pending:
        params = GenerationParams(
            max_tokens=tokens,
            temperature=0.0,
            repeat_penalty=repeat_penalty,
            logit_bias=self._no_end,
            prompt_lookup=prompt_lookup,
        )
        request = Chat(
            new_request_id(), self._spec, tuple(messages), params, conversation, kv_disk_mb
        )
        return self.send(request)

    def answer(
        self,
        messages: Sequence[Message],
        tokens: int,
        *,
        conversation: str = "",
        kv_disk_mb: int = 0,
    ) -> Answer:
        pending = self.start(messages, tokens, conversation=conversation, kv_disk_mb=kv_disk_mb)
        return pending.answer(tokens)

    def warm_up(self) -> None:
        self.start((Message(Role.USER, "Tell a story."),), 16).answer()

    def close(self) -> None:
        self._client.close()


def totals(answers: Sequence[Pending], tokens: int) -> tuple[float, list[Answer]]:
    """Seconds from the first one's sending to the last one's end, of answers at the same time."""
    done = [pending.answer(tokens) for pending in answers]
    return max(p.ended for p in answers) - min(p.sent for p in answers), done
