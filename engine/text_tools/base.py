"""What a text tool is: one file with a declaration and a `run`, and one line in `TEXT_TOOLS`.

The page, the options form, export and the command line all come from the declaration.
A text tool knows no backend and no storage: it sees a `ToolContext`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import msgspec

from engine.contracts import AbortFlag, LanguageModel, TextEncoder
from engine.types import Coverage, Document, Span, Usage


class TextToolResult(msgspec.Struct, frozen=True, kw_only=True):
    """What every text tool's `Result` has.

    `model_name` says who wrote it, "" if no chat model did; `remarks` what the reader should know.
    """

    coverage: Coverage
    spans: tuple[Span, ...] = ()
    model_name: str = ""
    remarks: tuple[str, ...] = ()


class StepProgress(msgspec.Struct, frozen=True):
    """`done` of `total` parts; `stage` is a verb in -ing form: reading, writing, checking."""

    stage: str
    done: float
    total: float


class ToolContext:
    """What a text tool may use while it runs. `usage` adds up what the chat model did.

    The chat model and the encoder are loaded when they are first asked for. `earlier` is the result of
    an earlier run of the same tool as plain data, if there is one.
    """

    def __init__(
        self,
        load_model: Callable[[], LanguageModel],
        load_encoder: Callable[[], TextEncoder],
        abort: AbortFlag,
        earlier: dict[str, Any] | None = None,
    ) -> None:
        self.abort = abort
        self.earlier = earlier
        self.usage = Usage()
        self._load_model, self._load_encoder = load_model, load_encoder
        self._model: LanguageModel | None = None

    @property
    def model(self) -> LanguageModel:
        if self._model is None:
            self._model = self._load_model()
        return self._model

    @property
    def used_model(self) -> LanguageModel | None:
        """The chat model if it had a part in the result."""
        return self._model

    @property
    def encoder(self) -> TextEncoder:
        return self._load_encoder()


class TextTool:
    """Base of all text tools. `run` yields `StepProgress` and partial `Result`s, the last is whole.

    Between two yields at most one generation happens: a chat that waits is served there.
    """

    tool_id: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    Options: ClassVar[type]
    Result: ClassVar[type[TextToolResult]]

    def run(
        self, context: ToolContext, documents: tuple[Document, ...], options: Any
    ) -> Iterator[StepProgress | TextToolResult]:
        raise NotImplementedError

    def to_markdown(self, result: Any, documents: tuple[Document, ...]) -> str:
        """The result as a person would want to paste it."""
        raise NotImplementedError
