"""What is written beside a row: the columns of each task, and their values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from engine.protocol import TextJudgement
from engine.text_tools.results import SENTIMENT_LABELS

# `error` is the last: an output's line tells by its end whether its row went well.
COLUMNS = {
    "sentiment": ("label", "score", *SENTIMENT_LABELS, "error"),
    "entities": ("names", "names_count", "error"),
    "embed": ("vector", "error"),
}


class Answer(msgspec.Struct, frozen=True):
    """What was found in one row's text, or why nothing could be."""

    judgement: TextJudgement = TextJudgement()
    problem: str = ""


def values(task: str, answer: Answer, text: str) -> tuple[Any, ...]:
    """As plain data, in the order of `COLUMNS`; None where there is nothing to say."""
    found, problem = answer.judgement, answer.problem
    if not problem and found.error is not None:
        problem = found.error.one_line()
    if problem:
        return (*[None] * (len(COLUMNS[task]) - 1), problem)
    if task == "sentiment":
        shares = [found.probabilities.get(label) for label in SENTIMENT_LABELS]
        score = None if found.score is None else round(found.score, 4)
        return (found.label, score, *shares, None)
    if task == "embed":
        return (list(found.vector), None)
    names = [
        {
            "start": span.start,
            "end": span.end,
            "text": text[span.start : span.end],
            "label": span.label,
            "score": None if span.score is None else round(span.score, 4),
        }
        for span in found.spans
    ]
    return (names, len(names), None)


def free_names(task: str, taken: Iterable[str]) -> tuple[str, ...]:
    """The task's columns, with a suffix where the table has such a column already."""
    used = set(taken)
    names = []
    for column in COLUMNS[task]:
        name, number = column, 1
        while name in used:
            name = f"{column}_carrel" + (f"_{number}" if number > 1 else "")
            number += 1
        used.add(name)
        names.append(name)
    return tuple(names)
