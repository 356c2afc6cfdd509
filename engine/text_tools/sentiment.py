"""Sentiment by the chat model: the probability of each label for every sentence, and for the whole.

The probabilities are those of the labels as the model's next word after a few examples, divided by
what the model says of known, balanced sentences (contextual calibration, Zhao et al. 2021): a small
model prefers one label whatever it reads. They are not calibrated against data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.text_tools.base import StepProgress, TextTool, TextToolResult, ToolContext
from engine.text_tools.reading import language_remarks, reading_parts
from engine.text_tools.results import SENTIMENT_LABELS, SentimentResult
from engine.types import Coverage, Document, Message, Role, Span

PART_TOKENS = 256

_TASK = "Say whether the text is positive, negative or neutral. Answer with one word."
_EXAMPLES = (
    ("The food was wonderful and the staff were kind.", "positive"),
    ("The meeting is on Tuesday at ten o'clock.", "neutral"),
    ("It broke after two days and nobody answered my letters.", "negative"),
    ("What a dull, lifeless evening.", "negative"),
    ("She thanked them warmly; it had gone better than she hoped.", "positive"),
    ("The report has forty pages and three tables.", "neutral"),
)
_BALANCED = (
    "An excellent result that made everyone proud.",
    "Thank you, this is exactly what I needed.",
    "The train leaves from platform four.",
    "The shop sells bread, milk and paper.",
    "I am very disappointed and want my money back.",
    "The storm destroyed the village.",
)


@dataclass(frozen=True)
class SentimentOptions:
    """Nothing to choose yet."""


class Sentiment(TextTool):
    tool_id = "sentiment"
    title = "Sentiment"
    description = "Negative, neutral or positive: the whole, and sentence by sentence."
    Options = SentimentOptions
    Result = SentimentResult

    def run(
        self, context: ToolContext, documents: tuple[Document, ...], options: SentimentOptions
    ) -> Iterator[StepProgress | TextToolResult]:
        parts = reading_parts(context, documents, PART_TOKENS)
        total = sum(len(part.part.sentences) for part in parts)
        remarks = language_remarks(context, documents)
        prior = [0.0] * len(SENTIMENT_LABELS)
        for sentence in _BALANCED:
            yield StepProgress("preparing", 0, total)
            for index, share in enumerate(_ask(context, sentence)):
                prior[index] += share / len(_BALANCED)
        spans: list[Span] = []
        judged: list[tuple[list[float], int]] = []
        for number, part in enumerate(parts, 1):
            text = documents[part.document].text
            for start, end in part.part.sentences:
                yield StepProgress("reading", len(judged), total)
                shares = _calibrated(_ask(context, text[start:end]), prior)
                judged.append((shares, end - start))
                best = max(range(len(shares)), key=shares.__getitem__)
                spans.append(
                    Span(
                        start,
                        end,
                        text[start:end],
                        SENTIMENT_LABELS[best],
                        round(shares[best], 4),
                        part.document,
                    )
                )
            yield _result(context, judged, spans, Coverage(number, len(parts)), remarks)

    def to_markdown(self, result: SentimentResult, documents: tuple[Document, ...]) -> str:
        lines = [f"**{result.label.capitalize()}** ({result.score:.0%})", ""]
        for label in SENTIMENT_LABELS:
            share, count = result.probabilities.get(label, 0.0), result.counts.get(label, 0)
            lines.append(f"- {label}: {share:.0%}, {count} sentences")
        strongest = sorted(
            (span for span in result.spans if span.label != "neutral"),
            key=lambda span: -(span.score or 0.0),
        )[:5]
        if strongest:
            lines += ["", "Strongest sentences:", ""]
            lines += [
                f"- {span.label} ({span.score:.0%}): {' '.join(span.text.split())}"
                for span in strongest
            ]
        lines += [f"\nNote: {remark}" for remark in result.remarks]
        return "\n".join(lines) + "\n"


def _ask(context: ToolContext, sentence: str) -> list[float]:
    context.abort.raise_if_set()
    messages = [Message(Role.SYSTEM, _TASK)]
    for text, label in _EXAMPLES:
        messages += [Message(Role.USER, text), Message(Role.ASSISTANT, label)]
    messages.append(Message(Role.USER, " ".join(sentence.split())))
    shares, usage = context.model.choose(messages, SENTIMENT_LABELS, context.abort)
    context.usage += usage
    return shares


def _calibrated(shares: list[float], prior: list[float]) -> list[float]:
    weights = [share / max(base, 1e-4) for share, base in zip(shares, prior, strict=True)]
    return [weight / sum(weights) for weight in weights]


def _result(
    context: ToolContext,
    judged: list[tuple[list[float], int]],
    spans: list[Span],
    read: Coverage,
    remarks: tuple[str, ...],
) -> SentimentResult:
    """The whole is the mean over its sentences, longer ones counting for more."""
    weight = sum(length for _, length in judged)
    means = {
        label: round(sum(shares[index] * length for shares, length in judged) / weight, 4)
        for index, label in enumerate(SENTIMENT_LABELS)
    }
    label = max(means, key=means.__getitem__)
    return SentimentResult(
        coverage=read,
        spans=tuple(spans),
        model_name=context.model.info.name,
        remarks=remarks,
        label=label,
        score=means[label],
        probabilities=means,
        counts={name: sum(span.label == name for span in spans) for name in SENTIMENT_LABELS},
    )
