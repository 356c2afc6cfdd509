"""Sentiment by the chat model: the probability of each label for every sentence, and for the whole.

The probabilities are those of the labels as the model's next word after a few examples, divided by
what the model says of known, balanced sentences (contextual calibration, Zhao et al. 2021): a small
model prefers one label whatever it reads. They are not calibrated against data.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.fence import harmless
from engine.text_tools.judged import Judged
from engine.text_tools.readers import language_remarks
from engine.text_tools.reading import reading_parts
from engine.text_tools.results import SENTIMENT_LABELS, SentimentResult
from engine.types import Coverage, Document, Message, Role

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


def judged_by_model(
    context: ToolContext, documents: tuple[Document, ...]
) -> Iterator[StepProgress | SentimentResult]:
    parts = reading_parts(context, documents, PART_TOKENS)
    total = sum(len(part.part.sentences) for part in parts)
    sheet = Judged(context.model.info.name, language_remarks(context, documents))
    prior = [0.0] * len(SENTIMENT_LABELS)
    for sentence in _BALANCED:
        yield StepProgress("preparing", 0, total)
        for index, share in enumerate(_ask(context, sentence)):
            prior[index] += share / len(_BALANCED)
    for number, part in enumerate(parts, 1):
        text = documents[part.document].text
        for start, end in part.part.sentences:
            yield StepProgress("reading", len(sheet.spans), total)
            shares = _calibrated(_ask(context, text[start:end]), prior)
            sheet.add(part.document, start, text[start:end], shares)
        yield sheet.result(Coverage(number, len(parts)))


def _ask(context: ToolContext, sentence: str) -> list[float]:
    context.abort.raise_if_set()
    messages = [Message(Role.SYSTEM, _TASK)]
    for text, label in _EXAMPLES:
        messages += [Message(Role.USER, text), Message(Role.ASSISTANT, label)]
    messages.append(Message(Role.USER, harmless(" ".join(sentence.split()))))
    shares, usage = context.model.choose(messages, SENTIMENT_LABELS, context.abort)
    context.usage += usage
    return shares


def _calibrated(shares: list[float], prior: list[float]) -> list[float]:
    weights = [share / max(base, 1e-4) for share, base in zip(shares, prior, strict=True)]
    return [weight / sum(weights) for weight in weights]
