"""XQuAD's questions, and SQuAD's measures of an answer.

Normalisation, exact match and token F1 are those of the official evaluation of SQuAD v1.1 (Rajpurkar et
al. 2016): lower case, no punctuation, no articles. XQuAD: Artetxe, Ruder and Yogatama 2020.
"""

from __future__ import annotations

import collections
import json
import re
import string
from pathlib import Path
from typing import NamedTuple

_PUNCTUATION = frozenset(string.punctuation)


class Asked(NamedTuple):
    """A question with its paragraph; `article` is the number of the article that it is from."""

    article: int
    paragraph: str
    question: str
    answers: tuple[str, ...]


def read_questions(file: Path) -> list[Asked]:
    data = json.loads(file.read_text("utf-8"))["data"]
    return [
        Asked(
            number,
            paragraph["context"],
            asked["question"],
            tuple(answer["text"] for answer in asked["answers"]),
        )
        for number, article in enumerate(data)
        for paragraph in article["paragraphs"]
        for asked in paragraph["qas"]
    ]


def normalized(text: str) -> str:
    bare = "".join(char for char in text.lower() if char not in _PUNCTUATION)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def f1(said: str, answer: str) -> float:
    ours, gold = normalized(said).split(), normalized(answer).split()
    if not ours or not gold:
        return float(ours == gold)
    same = sum((collections.Counter(ours) & collections.Counter(gold)).values())
    if not same:
        return 0.0
    precision, recall = same / len(ours), same / len(gold)
    return 2 * precision * recall / (precision + recall)


def best_f1(said: str, answers: tuple[str, ...]) -> float:
    return max(f1(said, answer) for answer in answers)


def exact(said: str, answers: tuple[str, ...]) -> float:
    return max(float(normalized(said) == normalized(answer)) for answer in answers)
