"""What all measures share: the folders, the embedded models, and where the peers are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.documents.peers import PEERS
from engine.backends.llama_cpp_backend import LlamaCppBackend
from engine.contracts import AbortFlag, LanguageModel
from engine.encoders.resident import ResidentEncoder
from engine.text_tools.base import StepProgress, TextTool, TextToolResult, ToolContext
from engine.types import Document, ModelSpec

NEVER = AbortFlag()  # nobody stops a benchmark


class Bench:
    """One run over the folders `data` and `documents`."""

    def __init__(
        self, data: Path, documents: Path, home: Path, *, quick: bool, peers: Path | None
    ) -> None:
        self.data, self.documents, self.home, self.quick = data, documents, home, quick
        self.rounds = 3 if quick else 7
        self._peers = peers

    def need_peers(self) -> None:
        PEERS.use(self._peers)

    def few(self, items: list[Any], number: int) -> list[Any]:
        """All in a full run, `number` of them from everywhere in a quick one."""
        return items[:: max(1, len(items) // number)][:number] if self.quick else items

    @cached_property
    def encoder(self) -> ResidentEncoder:
        return ResidentEncoder()

    @cached_property
    def model(self) -> LanguageModel:
        """The embedded one, as it is loaded for a user."""
        self._backend = LlamaCppBackend()
        return self._backend.load(ModelSpec(), NEVER, lambda *_: None)

    def run(
        self,
        tool: TextTool,
        documents: tuple[Document, ...],
        earlier: dict[str, Any] | None = None,
        **options: Any,
    ) -> Iterator[StepProgress | TextToolResult]:
        context = ToolContext(lambda: self.model, lambda: self.encoder, NEVER, earlier)
        return tool.run(context, documents, tool.Options(**options))

    def result(self, tool: TextTool, documents: tuple[Document, ...], **options: Any) -> Any:
        """The whole result."""
        results = [s for s in self.run(tool, documents, **options) if isinstance(s, TextToolResult)]
        return results[-1]

    @cached_property
    def gum(self) -> list[dict[str, Any]]:
        """Documents with `title`, `text` and up to five `summaries`."""
        path = self.data / "summaries" / "gum_documents.dev.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    def close(self) -> None:
        if "model" in self.__dict__:
            self.model.close()


def halves(scores: np.ndarray) -> str:
    """The means of the even half, on which knobs were chosen, and of the odd one; rows are documents."""

    def told(rows: np.ndarray) -> str:
        return "/".join(f"{value:.3f}" for value in np.atleast_1d(rows.mean(axis=0)))

    return f"even half {told(scores[::2])}, odd half {told(scores[1::2])}"
