"""Sentiment: of the whole, of every sentence, and towards the names that a text speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.text_tools.base import StepProgress, TextTool, TextToolResult, ToolContext
from engine.text_tools.readers import reader_option, reads_with_model
from engine.text_tools.results import SENTIMENT_LABELS, UNSURE, SentimentResult
from engine.text_tools.sentiment_by_encoder import judged_by_encoder
from engine.text_tools.sentiment_by_model import judged_by_model
from engine.types import Document

STRONGEST, TARGETS = 5, 10  # that are listed


@dataclass(frozen=True)
class SentimentOptions:
    reader: str = reader_option()


class Sentiment(TextTool):
    tool_id = "sentiment"
    title = "Sentiment"
    description = "Negative, neutral or positive: the whole, and sentence by sentence."
    Options = SentimentOptions
    Result = SentimentResult

    def run(
        self, context: ToolContext, documents: tuple[Document, ...], options: SentimentOptions
    ) -> Iterator[StepProgress | TextToolResult]:
        if reads_with_model(context, documents, options.reader):
            yield from judged_by_model(context, documents)
        else:
            yield from judged_by_encoder(context, documents)

    def to_markdown(self, result: SentimentResult, documents: tuple[Document, ...]) -> str:
        sure = f" ({result.score:.0%})" if result.probabilities else ""
        lines = [f"**{_title(result.label)}**{sure}", ""]
        for label in SENTIMENT_LABELS:
            share, count = result.probabilities.get(label, 0.0), result.counts.get(label, 0)
            lines.append(f"- {label}: {share:.0%}, {count} sentences")
        if unsure := result.counts.get(UNSURE):
            lines.append(f"- not sure: {unsure} sentences")
        strongest = sorted(
            (span for span in result.spans if span.label in ("negative", "positive")),
            key=lambda span: -(span.score or 0.0),
        )[:STRONGEST]
        if strongest:
            lines += ["", "Strongest sentences:", ""]
            lines += [
                f"- {span.label} ({span.score:.0%}): {' '.join(span.text.split())}"
                for span in strongest
            ]
        if result.targets:
            lines += ["", "Where names are mentioned:", ""]
            lines += [
                f"- {target.text} ({target.count}): {_title(target.label).lower()}"
                for target in result.targets[:TARGETS]
            ]
        lines += [f"\nNote: {remark}" for remark in result.remarks]
        return "\n".join(lines) + "\n"


def _title(label: str) -> str:
    return "Not sure" if label == UNSURE else label.capitalize()
