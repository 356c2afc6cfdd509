"""A streamed answer read event by event: its text, thoughts, scores, usage and end.

It knows the form of a `chat.completion.chunk` and the dialects of it; no network.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from engine.backends.reasoning import ReasoningSplitter
from engine.backends.remote.events import DONE, WholeCharacters
from engine.contracts import TextPiece
from engine.types import FinishReason, TokenChoice, TokenScore, Usage

_REASONS = {"length": FinishReason.LENGTH, "abort": FinishReason.ABORT}


class AnswerReader:
    """`take` each event, then `finish`. `finish_reason` is "" until the server has told one."""

    def __init__(self, on_prompt: Callable[[int, int], None] | None = None) -> None:
        self._on_prompt = on_prompt
        self._started = time.monotonic()
        self._first = 0.0
        self._usage: dict[str, Any] = {}
        self._timings: dict[str, Any] = {}
        self._characters = {True: WholeCharacters(), False: WholeCharacters()}
        self._splitter = ReasoningSplitter()
        self.finish_reason = ""
        self.prompt = ""  # as the model saw it, if the server shows it
        self.tokens = 0

    def take(self, event: dict[str, Any]) -> Iterator[TextPiece]:
        self._usage = _object(event.get("usage")) or self._usage
        self._timings = _object(event.get("timings")) or self._timings
        if (progress := _object(event.get("prompt_progress"))) and self._on_prompt:
            self._on_prompt(_count(progress.get("processed")), _count(progress.get("total")))
        self.prompt = _text(event.get("prompt_text")) or self.prompt
        choices = event.get("choices")
        choice = _object(choices[0]) if isinstance(choices, list) and choices else {}
        delta = _object(choice.get("delta"))
        scores = token_scores(choice)
        thought = _text(delta.get("reasoning_content")) or _text(delta.get("reasoning"))
        said = _text(delta.get("content"))
        if thought or said:
            self._first = self._first or time.monotonic()
            self.tokens += len(scores) or 1
        if thought:
            yield from self._pieces(self._characters[True].take(thought), True, scores)
        if said:
            text = self._characters[False].take(said)
            split = self._splitter.feed(text)
            for number, (is_thought, part) in enumerate(split):
                last = number == len(split) - 1
                yield from self._pieces(part, is_thought, scores if last else ())
            if not split and scores:
                yield TextPiece("", self.tokens, False, scores)
        self.finish_reason = _text(choice.get("finish_reason")) or self.finish_reason
        if event is DONE:
            self.finish_reason = self.finish_reason or "stop"

    def finish(self) -> Iterator[TextPiece]:
        """What was held back while it might still have become a mark."""
        for is_thought, part in self._splitter.finish():
            yield from self._pieces(part, is_thought, ())

    def reason(self) -> FinishReason:
        return _REASONS.get(self.finish_reason, FinishReason.STOP)

    def usage(self, prompt_tokens: int) -> Usage:
        """As the server counted, and measured here; `prompt_tokens` if the server did not count."""
        now = time.monotonic()
        first = self._first or now
        details = _object(self._usage.get("prompt_tokens_details"))
        return Usage(
            prompt_tokens=_count(self._usage.get("prompt_tokens")) or prompt_tokens,
            completion_tokens=_count(self._usage.get("completion_tokens")) or self.tokens,
            cached_tokens=_count(details.get("cached_tokens")),
            prompt_seconds=_seconds(self._timings.get("prompt_ms")) or first - self._started,
            generation_seconds=_seconds(self._timings.get("predicted_ms")) or now - first,
        )

    def _pieces(
        self, text: str, is_thought: bool, scores: tuple[TokenScore, ...]
    ) -> Iterator[TextPiece]:
        if text or scores:
            yield TextPiece(text, self.tokens, is_thought, scores)


def token_scores(choice: dict[str, Any]) -> tuple[TokenScore, ...]:
    """`logprobs.content` of a choice; nothing if the server gives none."""
    content = _object(choice.get("logprobs")).get("content")
    if not isinstance(content, list):
        return ()
    return tuple(
        TokenScore(
            token_text(entry),
            _logprob(entry),
            tuple(
                TokenChoice(token_text(other), _logprob(other))
                for other in _list(entry.get("top_logprobs"))
                if isinstance(other, dict)
            ),
        )
        for entry in content
        if isinstance(entry, dict)
    )


def token_text(entry: dict[str, Any]) -> str:
    """A token's text; a part of a character is shown as the replacement character."""
    found = _text(entry.get("token"))
    return found.encode("utf-8", "replace").decode("utf-8")


def usage_of(answer: dict[str, Any]) -> Usage:
    """The usage of an answer that came as a whole."""
    told = _object(answer.get("usage"))
    details = _object(told.get("prompt_tokens_details"))
    return Usage(
        _count(told.get("prompt_tokens")),
        _count(told.get("completion_tokens")),
        _count(details.get("cached_tokens")),
    )


def first_choice(answer: dict[str, Any]) -> dict[str, Any]:
    choices = _list(answer.get("choices"))
    return _object(choices[0]) if choices else {}


def answer_text(answer: dict[str, Any]) -> str:
    return _text(_object(first_choice(answer).get("message")).get("content"))


def _object(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _text(found: Any) -> str:
    return found if isinstance(found, str) else ""


def _count(found: Any) -> int:
    return found if type(found) is int and 0 <= found < 2**53 else 0


def _seconds(milliseconds: Any) -> float:
    return milliseconds / 1000 if isinstance(milliseconds, (int, float)) else 0.0


def _logprob(entry: dict[str, Any]) -> float:
    """Natural; a token that cannot be is given as -9999 by some and as null by others."""
    found = entry.get("logprob")
    return float(found) if isinstance(found, (int, float)) else -9999.0
