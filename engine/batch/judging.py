"""Rows to the worker and back: in chunks to the built-in encoder, one by one to a chat model."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from engine.batch.answers import Answer
from engine.batch.tables import Row
from engine.call import CallError, Job
from engine.protocol import (
    Judgements,
    JudgeTexts,
    RunTextTool,
    TextJudgement,
    TextToolOutcome,
    new_request_id,
)
from engine.retrieval.parts import Part, split_parts
from engine.retrieval.sentences import split_sentences
from engine.text_tools.results import UNSURE
from engine.types import Document, ModelSpec, Span

CHUNK_ROWS = 256
CHUNK_CHARACTERS = 64 * 1024
# What the encoder sees of a text at once, with room for words that it has to take apart.
PART_PIECES = 200
_PIECE_CHARACTERS = 4  # of a text in Latin letters, about
# Errors that a row brings about itself; any other would meet the next row, too.
_OF_A_ROW = ("CONTEXT_OVERFLOW", "DOCUMENT_NO_TEXT", "LANGUAGE_NOT_COVERED", "TEXT_TOOL")
_LINE_END = re.compile("\r\n|\r")
_UNSENT = re.compile("[\x00\ud800-\udfff\ufdd0\ufdd1]")


def chunks(rows: Iterable[Row], most: int = CHUNK_ROWS) -> Iterator[list[Row]]:
    """Up to `most` rows or `CHUNK_CHARACTERS`, whichever is reached first; the same every time."""
    chunk: list[Row] = []
    size = 0
    for row in rows:
        if chunk and size + len(row.text) > CHUNK_CHARACTERS:
            yield chunk
            chunk, size = [], 0
        chunk.append(row)
        size += len(row.text)
        if len(chunk) == most:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def sendable(text: str) -> str:
    """The text as a worker takes it, each character in its place."""
    ends = _LINE_END.sub(lambda match: " " * (len(match[0]) - 1) + "\n", text)
    return _UNSENT.sub("\ufffd", ends)


def judged(task: str, chunk: Sequence[Row]) -> Job[list[Answer]]:
    """An answer for each row, by the built-in encoder."""
    asked = [row for row in chunk if not row.problem]
    if task == "embed":
        found = yield from embedded([row.text for row in asked])
    else:
        found = (yield from judge_texts(task, [sendable(row.text) for row in asked])).texts
    by_line = {row.line: one for row, one in zip(asked, found, strict=True)}
    return [
        Answer(problem=row.problem) if row.problem else Answer(by_line[row.line]) for row in chunk
    ]


def judge_texts(task: str, texts: Sequence[str]) -> Job[Judgements]:
    if not texts:
        return Judgements((), "")
    finished = yield JudgeTexts(new_request_id(), task, tuple(texts))
    return msgspec.convert(finished.result, Judgements)


def embedded(texts: Sequence[str]) -> Job[tuple[TextJudgement, ...]]:
    """A vector of each text: the mean of its parts', by length, scaled to unit length. None of a
    text without any characters but white space."""
    parts = [embedding_parts(sendable(text)) for text in texts]
    pieces = [
        text[one.start : one.end] for text, of in zip(texts, parts, strict=True) for one in of
    ]
    vectors = iter((yield from judge_texts("embed", [sendable(one) for one in pieces])).texts)
    found = []
    for of in parts:
        weighed = [(next(vectors).vector, one.end - one.start) for one in of]
        found.append(TextJudgement(vector=mean_vector(weighed)))
    return tuple(found)


def embedding_parts(text: str) -> list[Part]:
    """Whole sentences, up to what the encoder sees at once."""
    return split_parts(text, split_sentences(text), _pieces, PART_PIECES)


def _pieces(text: str) -> int:
    """About how many pieces the encoder makes of a text: one of each letter that is not Latin."""
    latin = sum(character < "\u0250" for character in text)
    return latin // _PIECE_CHARACTERS + len(text) - latin + 1


def mean_vector(weighed: Sequence[tuple[Sequence[float], int]]) -> tuple[float, ...]:
    if len(weighed) < 2:
        return tuple(weighed[0][0]) if weighed else ()
    sums = [0.0] * len(weighed[0][0])
    for vector, weight in weighed:
        for place, number in enumerate(vector):
            sums[place] += number * weight
    length = math.sqrt(sum(number * number for number in sums)) or 1.0
    return tuple(round(number / length, 7) for number in sums)


def judged_by_model(
    task: str, row: Row, spec: ModelSpec, options: dict[str, Any]
) -> Job[list[Answer]]:
    """The answer for one row, by the text tool and whatever model it uses."""
    if row.problem:
        return [Answer(problem=row.problem)]
    text = sendable(row.text)
    if not any(character.isalnum() for character in text):
        return [Answer(TextJudgement(UNSURE if task == "sentiment" else ""))]
    document = Document(f"line {row.line}", text, "paste")
    try:
        finished = yield RunTextTool(new_request_id(), spec, task, (document,), options)
    except CallError as error:
        if error.code not in _OF_A_ROW:
            raise
        return [Answer(TextJudgement(error=error.info()))]
    result = msgspec.convert(finished.result, TextToolOutcome).result
    if task == "entities":
        return [Answer(TextJudgement(spans=msgspec.convert(result["spans"], tuple[Span, ...])))]
    found = TextJudgement(result["label"], result["score"], result["probabilities"])
    return [Answer(found)]
