"""Named entities, judged by the chat model: people, organizations, places and other named things.

Where the script has capitals, candidates are found by spelling and the model says what each one is:
every answer that the JSON form allows is scored, and the probabilities are divided by what the model
says of known, balanced names (contextual calibration, Zhao et al. 2021). Even a very small model can
do that, while asked to list names freely it mostly invents. In other scripts it lists them under a
JSON schema, and only what really stands in the text is kept; there, spans carry no score.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.entity_prompts import (
    BALANCED_NAMES,
    JUDGE_TASK,
    JUDGED_EXAMPLES,
    LIST_TASK,
    LISTED_EXAMPLES,
)
from engine.text_tools.fence import harmless
from engine.text_tools.listing import free_places, listed_names
from engine.text_tools.name_groups import group_names
from engine.text_tools.names import candidate_names, has_capitals
from engine.text_tools.readers import language_remarks
from engine.text_tools.reading import reading_parts
from engine.text_tools.results import EntitiesResult
from engine.types import Coverage, Document, Message, Role, Span

PART_TOKENS = 256
KNOWN_AFTER = 3  # a name judged so often is not asked about again

LABELS = {"person": "PER", "organization": "ORG", "place": "LOC", "other": "MISC"}
KINDS = (*LABELS, "none")


def found_by_model(
    context: ToolContext, documents: tuple[Document, ...]
) -> Iterator[StepProgress | EntitiesResult]:
    parts = reading_parts(context, documents, PART_TOKENS)
    judge = _Judge(context, language_remarks(context, documents))
    total = sum(len(part.part.sentences) for part in parts)
    for _ in judge.calibrate():
        yield StepProgress("preparing", 0, total)
    done = 0
    for number, part in enumerate(parts, 1):
        text = documents[part.document].text
        for start, end in part.part.sentences:
            context.abort.raise_if_set()
            for _ in judge.read(part.document, start, text[start:end]):
                yield StepProgress("reading", done, total)
            done += 1
        yield judge.result(Coverage(number, len(parts)))


class _Judge:
    """Collects the mentions with the model's verdicts. A name gets the verdict it got most often."""

    def __init__(self, context: ToolContext, remarks: tuple[str, ...]) -> None:
        self._context, self._remarks = context, remarks
        self._mentions: list[tuple[int, int, int, str]] = []  # document, start, end, text
        self._verdicts: dict[str, _Votes] = {}
        self._prior: list[float] = []

    def calibrate(self) -> Iterator[None]:
        """Learn which answers this model prefers whatever it reads."""
        shares = []
        for sentence, name in BALANCED_NAMES:
            shares.append(self._shares(sentence, name))
            yield
        self._prior = [sum(column) / len(shares) for column in zip(*shares, strict=True)]

    def read(self, document: int, offset: int, sentence: str) -> Iterator[None]:
        """Judge the names of a sentence; yields after each answer of the model."""
        if not has_capitals(sentence):
            self._read_freely(document, offset, sentence)
            yield
            return
        found = candidate_names(sentence)
        for name in dict.fromkeys(sentence[start:end] for start, end in found):
            if not self._is_known(name):
                self._judge(sentence, name)
                yield
        for start, end in found:
            self._mentions.append((document, offset + start, offset + end, sentence[start:end]))

    def _is_known(self, name: str) -> bool:
        votes = self._verdicts.get(name)
        return votes is not None and votes.count >= KNOWN_AFTER

    def _judge(self, sentence: str, name: str) -> None:
        shares = self._shares(sentence, name)
        weights = [share / max(base, 1e-4) for share, base in zip(shares, self._prior, strict=True)]
        self._verdicts.setdefault(name, _Votes()).add([w / sum(weights) for w in weights])

    def _shares(self, sentence: str, name: str) -> list[float]:
        """The probability of each kind as the model's answer about `name`."""
        self._context.abort.raise_if_set()
        messages = [Message(Role.SYSTEM, JUDGE_TASK)]
        for text, verdicts in JUDGED_EXAMPLES:
            messages.append(Message(Role.USER, text))
            messages.append(Message(Role.ASSISTANT, _json(verdicts)))
        messages.append(Message(Role.USER, harmless(" ".join(sentence.split()))))
        answers = [_json({name: kind}) for kind in KINDS]
        shares, usage = self._context.model.choose(messages, answers, self._context.abort)
        self._context.usage += usage
        return shares

    def _read_freely(self, document: int, offset: int, sentence: str) -> None:
        if not any(char.isalpha() for char in sentence):
            return
        messages = [Message(Role.SYSTEM, LIST_TASK)]
        for text, names in LISTED_EXAMPLES:
            listed = {"names": [{"text": name, "kind": kind} for name, kind in names]}
            messages.append(Message(Role.USER, text))
            messages.append(Message(Role.ASSISTANT, json.dumps(listed, ensure_ascii=False)))
        answer = listed_names(
            self._context, [*messages, Message(Role.USER, harmless(sentence))], LABELS
        )
        taken: list[tuple[int, int]] = []
        for entry in answer:
            name = entry.text.strip()
            for start, end in free_places(sentence, name, taken):
                self._mentions.append((document, offset + start, offset + end, name))
            if name:
                certain = [float(kind == entry.kind) for kind in KINDS]
                self._verdicts.setdefault(name, _Votes(scored=False)).add(certain)

    def result(self, coverage: Coverage) -> EntitiesResult:
        spans: list[Span] = []
        for document, start, end, name in sorted(self._mentions):
            votes = self._verdicts.get(name)
            kind, score = votes.verdict() if votes else ("none", None)
            if label := LABELS.get(kind, ""):
                spans.append(Span(start, end, name, label, score, document))
        entities, spans = group_names(spans)
        return EntitiesResult(
            coverage=coverage,
            spans=tuple(spans),
            model_name=self._context.model.info.name,
            remarks=self._remarks,
            entities=entities,
        )


class _Votes:
    """The shares of each kind over all that was asked about one name."""

    def __init__(self, *, scored: bool = True) -> None:
        self.count = 0
        self._scored = scored
        self._sums = [0.0] * len(KINDS)

    def add(self, shares: Sequence[float]) -> None:
        self.count += 1
        self._sums = [total + share for total, share in zip(self._sums, shares, strict=True)]

    def verdict(self) -> tuple[str, float | None]:
        best = max(range(len(KINDS)), key=self._sums.__getitem__)
        return KINDS[best], round(self._sums[best] / self.count, 4) if self._scored else None


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
