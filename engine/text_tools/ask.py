"""Questions about documents: quotes that are checked first, then the chat model's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.options import option
from engine.retrieval.naming import name_passage
from engine.text_tools.base import StepProgress, TextTool, TextToolResult, ToolContext
from engine.text_tools.results import AnswerResult
from engine.types import Document, Passage


@dataclass(frozen=True)
class AskOptions:
    question: str = option(
        "",
        "Question",
        "What do you want to know? The answer is looked for in the documents only.",
    )
    reader: str = option(
        "automatic",
        "Reader",
        "Quotes come from the built-in reader at once; the chat model then answers in its own words.",
        choices=(("automatic", "Quotes and the model’s words"), ("quotes", "Quotes only")),
    )


class Ask(TextTool):
    tool_id = "ask"
    title = "Questions"
    description = "An answer from the documents, with quotes that are checked word for word."
    Options = AskOptions
    Result = AnswerResult

    def run(
        self, context: ToolContext, documents: tuple[Document, ...], options: AskOptions
    ) -> Iterator[StepProgress | TextToolResult]:
        from engine.text_tools.ask_run import answer  # NumPy is not for the window

        yield from answer(context, documents, options.question, reader=options.reader)

    def to_markdown(self, result: AnswerResult, documents: tuple[Document, ...]) -> str:
        def place(passage: Passage | None) -> str:
            if passage is None:
                return "not found in the documents"
            document = documents[passage.document]
            name = name_passage(document, passage.start, passage.end)
            return f"{document.name}, {name}" if len(documents) > 1 else name

        lines = [f"## {result.question}", ""]
        if not result.found:
            return "\n".join([*lines, *(result.remarks or ("Not in the documents.",))]) + "\n"
        if result.short:
            lines += [f"**{' '.join(result.short.split())}** ({place(result.short_passage)})", ""]
        for quote in result.quotes:
            lines += [f"> {' '.join(quote.text.split())} ({place(quote.passage)})", ""]
        if result.answer:
            lines += [f"### In the words of {result.model_name}", "", result.answer, ""]
        if result.unsupported:
            lines += [f"Not found in what it was shown: {', '.join(result.unsupported)}.", ""]
        return "\n".join(lines)
