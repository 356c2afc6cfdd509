"""One text tool on one document, or on several together: what is known of it now, and as plain data
for storage.

Pure: no Qt, no threads.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec

from engine.errors import BadRequestError, ErrorInfo
from engine.options import filled
from engine.protocol import TextToolOutcome
from engine.storage.records import StoredRun
from engine.text_tools import TEXT_TOOLS
from engine.text_tools.base import TextTool, TextToolResult
from engine.types import Coverage, Usage

Subject = tuple[int, ...]  # ids of the documents that are read together, in their order


@dataclasses.dataclass
class RunState:
    """`result` is the last whole or partial one; `outcome` what export needs, once it has ended.

    `run_id` is the stored run that is shown, None while there is none.
    """

    options: dict[str, Any] = dataclasses.field(default_factory=dict)
    is_known: bool = False  # storage has been asked
    is_running: bool = False
    stage: str = ""
    share: float | None = None
    result: TextToolResult | None = None
    outcome: TextToolOutcome | None = None
    usage: Usage = dataclasses.field(default_factory=Usage)
    error: ErrorInfo | None = None
    run_id: int | None = None

    def is_whole(self) -> bool:
        """Whether every part of the document was read."""
        if self.result is None or self.is_running:
            return False
        return self.result.coverage.parts_read >= self.result.coverage.parts


def text_tool(tool_id: str) -> TextTool:
    return next(tool for tool in TEXT_TOOLS if tool.tool_id == tool_id)


def typed_result(tool_id: str, result: dict[str, Any]) -> TextToolResult:
    """`msgspec.ValidationError` if an older version stored something else."""
    return msgspec.convert(result, text_tool(tool_id).Result)


def made_by(outcome: TextToolOutcome, usage: Usage) -> dict[str, Any]:
    """What is stored of the maker: the model, and what it did."""
    return {**(outcome.model or {}), "usage": msgspec.to_builtins(usage)}


def reads_more(state: RunState, result: dict[str, Any]) -> bool:
    """Whether an earlier result covers more of the document than one that was cut short, which may
    lack its end although it has read everything. What answers another question covers nothing."""
    if state.result is None or state.options.get("question") != result.get("question"):
        return False
    if state.is_whole():
        return True
    before, now = state.result.coverage, msgspec.convert(result["coverage"], Coverage)
    return before.parts_read * max(1, now.parts) > now.parts_read * max(1, before.parts)


def goes_on_from(
    run: StoredRun | None, document_id: int, tool_id: str, options: dict[str, Any]
) -> dict[str, Any] | None:
    """What a new run may go on from: a result over an older text, with other options or cut short.

    Who has a text read in the same way again wants it read anew.
    """
    if run is None:
        return None
    try:
        coverage = msgspec.convert(run.result["coverage"], Coverage)
    except (KeyError, msgspec.ValidationError):
        return None
    is_whole = coverage.parts_read >= coverage.parts
    same = run.document_id == document_id and all_options(tool_id, run.options) == all_options(
        tool_id, options
    )
    return None if same and is_whole else run.result


def all_options(tool_id: str, options: dict[str, Any]) -> dict[str, Any]:
    """With the defaults of those that are not named; unknown or wrong ones of an older version
    are left out."""
    kind, known = text_tool(tool_id).Options, {}
    for name, value in options.items():
        try:
            filled(kind, {name: value})
        except BadRequestError:
            continue
        known[name] = value
    return dataclasses.asdict(kind(**known))


def state_from(run: StoredRun | None) -> RunState:
    """A stored run; as if there were none when it cannot be understood."""
    state = RunState(is_known=True)
    if run is None:
        return state
    model = dict(run.model or {})
    usage = model.pop("usage", {})
    try:
        state.result = typed_result(run.text_tool, run.result)
        state.usage = msgspec.convert(usage, Usage)
    except msgspec.ValidationError:
        return RunState(is_known=True)
    state.options, state.run_id = run.options, run.id
    state.outcome = TextToolOutcome(run.text_tool, run.result, model or None, run.seconds)
    return state
