"""Many short texts at once, each by itself, and why a text was judged as it was; by the encoder."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.contracts import AbortFlag, NameSpan, TextEncoder
from engine.errors import BadRequestError
from engine.language import language_of
from engine.protocol import Explanation, TextJudgement, WordWeight
from engine.text_tools.judged import verdict
from engine.text_tools.readers import READS, not_covered
from engine.text_tools.results import SENTIMENT_LABELS
from engine.text_tools.sentiment_by_encoder import has_words, judge
from engine.types import Span

TASKS = ("sentiment", "entities", "embed")
LONGEST, MOST_WORDS = 4_000, 400  # of a text that is explained
_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]+")


def judge_texts(
    encoder: TextEncoder, task: str, texts: Sequence[str], abort: AbortFlag
) -> list[TextJudgement]:
    if task not in TASKS:
        raise BadRequestError(f"task must be one of {', '.join(TASKS)}, not {task!r}.")
    if task == "embed":
        return [
            TextJudgement(vector=tuple(round(float(x), 7) for x in vector))
            for vector in encoder.encode(texts, abort)
        ]
    languages = [language_of(text) for text in texts]
    readable = [at for at, language in enumerate(languages) if language in READS]
    found = [
        TextJudgement(error=None if language in READS else not_covered(language).info())
        for language in languages
    ]
    if task == "sentiment":
        for at, shares in zip(
            readable, judge(encoder, [texts[at] for at in readable], abort), strict=True
        ):
            label, score, by_label = verdict(shares)
            found[at] = TextJudgement(label, score if by_label else None, by_label)
    else:
        names = encoder.names_of_each([texts[at] for at in readable], abort)
        for at, spans in zip(readable, names, strict=True):
            found[at] = TextJudgement(spans=tuple(_span(texts[at], name) for name in spans))
    return found


def _span(text: str, name: NameSpan) -> Span:
    return Span(
        *(name.start, name.end, text[name.start : name.end], name.label, name.score),
        alternatives=name.alternatives,
    )


def explain(encoder: TextEncoder, text: str, label: str, abort: AbortFlag) -> Explanation:
    """What each word adds to the label: its share, less its share when the word is left out.

    Li, Monroe and Jurafsky, "Understanding Neural Networks through Representation Erasure" (2016).
    """
    words = [match.span() for match in _WORD.finditer(text)]
    if len(text) > LONGEST or len(words) > MOST_WORDS:
        raise BadRequestError(
            "The text is too long to be explained word by word.", hint="Choose one sentence of it."
        )
    if not has_words(text):
        return Explanation(label, 0.0, ())
    without = [text[:start] + text[end:] for start, end in words]
    whole, *others = judge(encoder, [text, *without], abort)
    if label not in SENTIMENT_LABELS:  # what was not sure leaned to one of them all the same
        label = SENTIMENT_LABELS[max(range(len(whole)), key=whole.__getitem__)]
    at = SENTIMENT_LABELS.index(label)
    weights = [
        WordWeight(start, end, round(whole[at] - (shares[at] if shares else 0.0), 4))
        for (start, end), shares in zip(words, others, strict=True)
    ]
    return Explanation(label, round(whole[at], 4), tuple(weights))
