"""A summary of whole documents: quoted key sentences first, then the chat model's own words.

Key sentences need no chat model and come first. Then every part is read and noted, several at once; the
notes become points (see `summary_merging`), each linked to the passages nearest to it and checked for
numbers, names and quotes that its source does not contain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.options import option
from engine.retrieval.naming import name_passage
from engine.text_tools.base import StepProgress, TextTool, TextToolResult, ToolContext
from engine.text_tools.results import SummaryPoint, SummaryResult
from engine.text_tools.summary_plan import SECTIONS, SummaryPlan
from engine.types import Document, Passage

KEY_SENTENCES = "key sentences"


@dataclass(frozen=True)
class SummarizeOptions:
    length: str = option(
        "short",
        "Length",
        "How much it says.",
        choices=(("one line", "One line"), ("short", "Short"), ("detailed", "Detailed")),
    )
    form: str = option(
        "points",
        "Form",
        "Points one by one, flowing text, or points under the document's own headings.",
        choices=(("points", "Points"), ("paragraph", "Paragraph"), (SECTIONS, "Sections")),
    )
    focus: str = option(
        "", "Focus", "What you want to know about, such as cost. Empty: what matters most."
    )
    language: str = option(
        "", "Language", "Of the summary, such as German. Empty: that of the document."
    )
    reader: str = option(
        "automatic",
        "Reader",
        "Key sentences are chosen without a chat model, at once and in any language.",
        choices=(("automatic", "Key sentences and chat model"), (KEY_SENTENCES, "Key sentences")),
    )
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
        from engine.text_tools.summary_run import SummaryRun  # NumPy is not for the window

        plan = SummaryPlan(
            *(options.length, options.form, options.focus.strip(), options.language.strip()),
            options.points,
        )
        run = SummaryRun(context, documents, plan)
        yield from run.key_sentences()
        if options.reader == KEY_SENTENCES:
            yield run.result()
            return
        yield run.result(0)
        yield from run.notes()
        yield from run.together()
        yield run.result()

    def to_markdown(self, result: SummaryResult, documents: tuple[Document, ...]) -> str:
        def places(passages: tuple[Passage, ...]) -> str:
            names = (name_passage(documents[p.document], p.start, p.end) for p in passages)
            return "; ".join(dict.fromkeys(names))

        def line(point: SummaryPoint) -> str:
            doubt = f" [not found in the source: {', '.join(point.unsupported)}]"
            marked = point.text + (doubt if point.unsupported else "")
            return f"- {marked} ({places(point.passages)})"

        lines = ["## Key sentences", ""]
        for key in result.key_sentences:
            lines.append(f"> {' '.join(key.text.split())} ({places((key.passage,))})\n")
        if result.points:
            lines += [f"## In the words of {result.model_name}", ""]
        for one in result.each:
            lines += [f"### {documents[one.document].name}", ""]
            lines += [*map(line, one.points), ""]
        if result.each:
            lines += ["### All together", ""]
        titles = {heading.first: heading.title for heading in result.headings}
        for number, point in enumerate(result.points):
            if number in titles:
                lines += [*([""] if number else []), f"### {titles[number]}", ""]
            lines.append(line(point))
        read = result.coverage
        lines += ["", f"Read {read.parts_read} of {read.parts} parts."]
        lines += [f"Note: {remark}" for remark in result.remarks]
        return "\n".join(lines) + "\n"
