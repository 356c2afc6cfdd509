"""One result as one row of plain data: what `--json` prints and the window exports."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.protocol import ChatResult, TextToolOutcome
from engine.types import Document, Usage


def text_tool_row(
    document: Document, outcome: TextToolOutcome, usage: Usage, with_text: bool
) -> dict[str, Any]:
    """`spans` are character offsets into `source_text`, which `with_text` adds."""
    result = dict(outcome.result)
    result.pop("notes", None)  # what a later run goes on from, and nobody reads
    row = {
        "input": document.path or document.name,
        "text_tool": outcome.text_tool,
        "spans": [
            {name: span[name] for name in ("start", "end", "text", "label", "score")}
            for span in result.pop("spans")
        ],
        "coverage": result.pop("coverage"),
        "result": result,
        **_made_by(outcome.model or {"name": result["model_name"]}),
        "usage": msgspec.to_builtins(usage),
        "seconds": round(outcome.seconds, 3),
    }
    return row | ({"source_text": document.text} if with_text else {})


def chat_row(prompt: str, result: ChatResult, usage: Usage) -> dict[str, Any]:
    """`reasoning` and `logprobs` are there if there are any."""
    row = {
        "input": prompt,
        "text_tool": "chat",
        "reply": result.text,
        "spans": [],
        "coverage": {"parts_read": 1, "parts": 1},
        **_made_by(result.model),
        "seed": result.seed,
        "usage": msgspec.to_builtins(usage),
        "seconds": round(usage.prompt_seconds + usage.generation_seconds, 3),
    }
    if result.reasoning:
        row["reasoning"] = result.reasoning
    if result.scores:
        row["logprobs"] = msgspec.to_builtins(result.scores)
    return row


def _made_by(model: dict[str, Any] | None) -> dict[str, Any]:
    model = dict(model or {})
    return {"device": model.pop("device", None), "model": model or None}
