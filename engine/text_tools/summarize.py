"""A summary of whole documents: quoted key sentences first, then the chat model's own words.

Every part is read and noted, notes are merged until few enough are left (map and merge), and each
resulting sentence is linked to the passages nearest to it and checked for numbers and names that its
source does not contain. A note that fails the check is written once more, and the better one kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.options import option
from engine.retrieval.naming import name_passage
from engine.text_tools.base import StepProgress, TextTool, TextToolResult, ToolContext
from engine.text_tools.reading import reading_parts
from engine.text_tools.results import SummaryResult
from engine.types import (
    Document,
    Passage,
)

PART_TOKENS = 900  # the most that one prompt shows the model


@dataclass(frozen=True)
class SummarizeOptions:
    points: int = option(
        0,
        "Points at most",
        "How many sentences of summary, and as many key sentences.",
        minimum=0,
        maximum=30,
        step=1,
        special="automatic",
    )


class Summarize(TextTool):
    tool_id = "summarize"
    title = "Summary"
    description = "The whole document in a few sentences, each linked to its passages."
    Options = SummarizeOptions
    Result = SummaryResult

    def run(
        self, context: ToolContext, documents: tuple[Document, ...], options: SummarizeOptions
    ) -> Iterator[StepProgress | TextToolResult]:
        parts = reading_parts(context, documents, PART_TOKENS)
        from engine.text_tools.summary_run import SummaryRun  # NumPy is not for the window

        run = SummaryRun(context, documents, parts, options.points)
        yield from run.choose_key_sentences()
        yield run.result(0)
        for number in range(len(parts)):
            yield StepProgress("reading", number, len(parts))
            yield from run.note_part(number)
            yield run.result(number + 1)
        yield from run.merge()
        yield run.result(len(parts))

    def to_markdown(self, result: SummaryResult, documents: tuple[Document, ...]) -> str:
        def places(passages: tuple[Passage, ...]) -> str:
            names = (name_passage(documents[p.document], p.start, p.end) for p in passages)
            return "; ".join(dict.fromkeys(names))

        lines = ["## Key sentences", ""]
        for key in result.key_sentences:
            lines.append(f"> {' '.join(key.text.split())} ({places((key.passage,))})\n")
        if result.points:
            lines += [f"## In the words of {result.model_name}", ""]
        for point in result.points:
            doubt = f" [not found in the source: {', '.join(point.unsupported)}]"
            marked = point.text + (doubt if point.unsupported else "")
            lines.append(f"- {marked} ({places(point.passages)})")
        read = result.coverage
        lines += ["", f"Read {read.parts_read} of {read.parts} parts."]
        lines += [f"Note: {remark}" for remark in result.remarks]
        return "\n".join(lines) + "\n"
