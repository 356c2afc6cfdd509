"""A `LanguageModel` that says what a test has put into its queue, and keeps what it was asked."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from engine.backends.echo_backend import EchoBackend, EchoEncoder
from engine.contracts import AbortFlag, GenerationEnd, TextPiece
from engine.text_tools.base import TextTool, TextToolResult, ToolContext
from engine.types import (
    Document,
    FinishReason,
    GenerationParams,
    Message,
    ModelInfo,
    ModelSpec,
    Usage,
)


class FakeModel:
    """`enqueue` answers for `stream`; `judge` decides the shares for `choose` (all equal if None)."""

    def __init__(self, n_ctx: int = 4096, parameter_count: int = 0) -> None:
        echo = EchoBackend().load(ModelSpec(n_ctx=n_ctx), AbortFlag(), lambda *_: None)
        self.info: ModelInfo = msgspec.structs.replace(echo.info, parameter_count=parameter_count)
        self.asked: list[Sequence[Message]] = []
        self.judge: Callable[[str, Sequence[str]], list[float]] | None = None
        self._answers: collections.deque[tuple[str, FinishReason]] = collections.deque()

    def enqueue(self, *answers: str, finish_reason: FinishReason = FinishReason.STOP) -> None:
        self._answers.extend((answer, finish_reason) for answer in answers)

    def count_tokens(self, text: str) -> int:
        return len(text) // 4 + 1

    def count_prompt_tokens(self, messages: Sequence[Message]) -> int:
        return sum(self.count_tokens(message.content) for message in messages)

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
        abort.raise_if_set()
        self.asked.append(messages)
        answer, reason = self._answers.popleft() if self._answers else ("", FinishReason.STOP)
        for count, char in enumerate(answer, 1):
            yield TextPiece(char, count)
        yield GenerationEnd(reason, Usage(1, len(answer)), 0)

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], abort: AbortFlag
    ) -> tuple[list[float], Usage]:
        abort.raise_if_set()
        self.asked.append(messages)
        weights = self.judge(messages[-1].content, choices) if self.judge else [1.0] * len(choices)
        return [weight / sum(weights) for weight in weights], Usage(1, 1)

    def close(self) -> None:
        pass


def context_of(model: FakeModel, earlier: dict[str, Any] | None = None) -> ToolContext:
    return ToolContext(lambda: model, EchoEncoder, AbortFlag(), earlier)


def results_of(
    tool: TextTool,
    model: FakeModel,
    *texts: str,
    earlier: dict[str, Any] | None = None,
    **options: Any,
) -> list[TextToolResult]:
    """Every result that the tool yields for these texts, the last of them whole."""
    documents = tuple(Document(f"text {number}", text) for number, text in enumerate(texts, 1))
    steps = tool.run(context_of(model, earlier), documents, tool.Options(**options))
    return [step for step in steps if isinstance(step, TextToolResult)]
