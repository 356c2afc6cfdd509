"""One run of `summarize`: the sentences and their vectors, the notes so far, the result made of them.

Worker only: it needs NumPy, which the window does without.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from engine.contracts import GenerationEnd
from engine.retrieval.sentences import split_sentences
from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.evidence import (
    SourceSentence,
    check_claim,
    key_sentence_indexes,
    supporting,
)
from engine.text_tools.readers import language_remarks
from engine.text_tools.reading import ReadingPart
from engine.text_tools.results import KeySentence, SummaryPoint, SummaryResult
from engine.text_tools.summarize import PART_TOKENS
from engine.types import (
    Coverage,
    Document,
    FinishReason,
    GenerationParams,
    Message,
    Passage,
    Role,
    Span,
)

NOTE_TOKENS = 160
ENCODE_AT_ONCE = 64
AUTOMATIC_POINTS = 6
GROUNDED_AT_LEAST = 0.25  # similarity to the nearest sentence; unrelated ones have about 0.1
# The instruction that SmolLM2's own training data uses; larger models follow it as well.
_TASK = (
    "Provide a concise, objective summary of the input text in up to {count} sentences, focusing "
    "on key actions and intentions without using second or third person pronouns."
)
_COUNTS = {1: "one", 2: "two", 3: "three"}
# How a small model begins when it talks about the summary instead of giving it.
_PREAMBLES = ("here's", "here is", "here are", "sure", "certainly", "in this section, we provide")


class _Note(msgspec.Struct, frozen=True):
    """Points that the model wrote from some parts, and what their check found."""

    points: tuple[SummaryPoint, ...]
    parts: tuple[int, ...]
    numbers_found: int = 0
    names_found: int = 0
    doubts: int = 0
    left_out: int = 0  # sentences that nothing in the parts comes near to

    def text(self) -> str:
        return " ".join(point.text for point in self.points)

    def shortened(self, count: int) -> _Note:
        return msgspec.structs.replace(self, points=self.points[:count])


class SummaryRun:
    """One run: the sentences and their vectors, the notes so far, and the result made of them."""

    def __init__(
        self,
        context: ToolContext,
        documents: tuple[Document, ...],
        parts: list[ReadingPart],
        points: int,
    ) -> None:
        self._context, self._documents = context, documents
        self._wanted = points or AUTOMATIC_POINTS
        self._parts = parts
        self._sources: list[list[SourceSentence]] = [
            [
                SourceSentence(Passage(start, end, part.document), text)
                for (start, end), text in zip(
                    part.part.sentences, part.sentence_texts(documents), strict=True
                )
            ]
            for part in parts
        ]
        self._firsts = [0]
        for sources in self._sources:
            self._firsts.append(self._firsts[-1] + len(sources))
        self._flat = [sentence for sources in self._sources for sentence in sources]
        # Of a short text, quoting most of it would be no summary.
        few = max(1, -(-len(self._flat) // 4))
        self._quotes = points or min(AUTOMATIC_POINTS, few)
        self._keys: tuple[KeySentence, ...] = ()
        self._notes: list[_Note] = []
        self._left_out = 0
        self._remarks = language_remarks(context, documents)

    # Called in this order by `Summarize.run`: key sentences, a note for each part, merge.

    def choose_key_sentences(self) -> Iterator[StepProgress]:
        yield StepProgress("opening", 0, 0)
        encoder, rows = self._context.encoder, []
        for first in range(0, len(self._flat), ENCODE_AT_ONCE):
            texts = [s.text for s in self._flat[first : first + ENCODE_AT_ONCE]]
            rows.append(encoder.encode(texts, self._context.abort))
            yield StepProgress("scanning", first + len(texts), len(self._flat))
        self._vectors = np.concatenate(rows)
        centre = self._vectors.mean(axis=0)
        self._keys = tuple(
            KeySentence(
                self._flat[index].text,
                self._flat[index].passage,
                round(float(self._vectors[index] @ centre), 4),
            )
            for index in key_sentence_indexes(self._flat, self._vectors, self._quotes)
        )

    def note_part(self, number: int) -> Iterator[StepProgress]:
        text = self._parts[number].text(self._documents)
        yield from self._write(text, (number,), 3 if len(self._parts) < 3 else 2)

    def merge(self) -> Iterator[StepProgress]:
        """Put neighbouring notes together until there are no more points than wanted."""
        while sum(len(note.points) for note in self._notes) > self._wanted:
            notes, self._notes = self._notes, []
            if len(notes) == 1:
                self._notes = [notes[0].shortened(self._wanted)]
                return
            per_group = max(2, -(-len(notes) // max(1, self._wanted // 2)))
            groups = [notes[i : i + per_group] for i in range(0, len(notes), per_group)]
            groups = [piece for group in groups for piece in self._fitting(group)]
            if len(groups) == len(notes):  # nothing can get fewer: the first point of each
                self._notes = [note.shortened(1) for note in notes][: self._wanted]
                return
            sentences = 1 if len(groups) * 2 > self._wanted else 2
            for done, group in enumerate(groups):
                yield StepProgress("merging", done, len(groups))
                if len(group) == 1:
                    self._notes.append(group[0])
                    continue
                text = " ".join(note.text() for note in group)
                yield from self._write(text, tuple(p for n in group for p in n.parts), sentences)

    def _fitting(self, group: list[_Note]) -> list[list[_Note]]:
        """The group in as many pieces as each fit a prompt."""
        limit = min(PART_TOKENS, self._context.model.info.n_ctx // 2)
        pieces: list[list[_Note]] = [[]]
        tokens = 0
        for note in group:
            count = self._context.model.count_tokens(note.text())
            if pieces[-1] and tokens + count > limit:
                pieces.append([])
                tokens = 0
            pieces[-1].append(note)
            tokens += count
        return pieces

    def _write(self, text: str, parts: tuple[int, ...], sentences: int) -> Iterator[StepProgress]:
        """Let the model write a note; once more if the first one says what the source does not."""
        best = _Note((), parts, doubts=1000)
        for temperature in (0.0, 0.6):
            note = self._grounded(self._generate(text, sentences, temperature), parts)
            if note.doubts < best.doubts:
                best = note
            if best.doubts == 0:
                break
            yield StepProgress("checking", 0, 0)
        self._left_out += best.left_out
        self._notes.append(best)

    def _generate(self, text: str, sentences: int, temperature: float) -> tuple[str, ...]:
        messages = [
            Message(Role.SYSTEM, _TASK.format(count=_COUNTS[sentences])),
            Message(Role.USER, text),
        ]
        params = GenerationParams(
            max_tokens=NOTE_TOKENS, temperature=temperature, repeat_penalty=1.1, seed=1
        )
        pieces, reason = [], FinishReason.STOP
        for piece in self._context.model.stream(messages, params, self._context.abort):
            if isinstance(piece, GenerationEnd):
                self._context.usage += piece.usage
                reason = piece.finish_reason
            else:
                pieces.append(piece.text)
        self._context.abort.raise_if_set()
        written = " ".join("".join(pieces).split())
        found = [written[start:end].lstrip("-*• ") for start, end in split_sentences(written)]
        if reason is FinishReason.LENGTH and len(found) > 1:
            found.pop()  # cut off in mid-sentence
        said = [text for text in found if not text.lower().startswith(_PREAMBLES)]
        return tuple(dict.fromkeys(said))[:sentences]

    def _grounded(self, written: tuple[str, ...], parts: tuple[int, ...]) -> _Note:
        """What was written, with its passages and what its source does not contain."""
        if not written:
            return _Note((), parts, doubts=1)
        rows = np.concatenate(
            [np.arange(self._firsts[part], self._firsts[part + 1]) for part in parts]
        )
        candidates = [self._flat[row] for row in rows]
        source = "\n".join(self._parts[number].text(self._documents) for number in parts)
        claims = self._context.encoder.encode(written, self._context.abort)
        points, numbers, names, doubts, left_out = [], 0, 0, 0, 0
        for sentence, claim in zip(written, claims, strict=True):
            if float((self._vectors[rows] @ claim).max()) < GROUNDED_AT_LEAST:
                left_out, doubts = left_out + 1, doubts + 3
                continue
            check = check_claim(sentence, source)
            numbers, names = numbers + check.numbers_found, names + check.names_found
            doubts += len(check.unsupported)
            passages = supporting(claim, candidates, self._vectors[rows])
            points.append(SummaryPoint(sentence, passages, check.unsupported))
        return _Note(tuple(points), parts, numbers, names, doubts, left_out)

    def result(self, parts_read: int) -> SummaryResult:
        remarks = self._remarks
        if self._left_out:
            noun = "sentence" if self._left_out == 1 else "sentences"
            remarks += (f"{self._left_out} {noun} left out: nothing in the text comes near.",)
        return SummaryResult(
            coverage=Coverage(parts_read, len(self._parts)),
            spans=tuple(
                Span(
                    key.passage.start,
                    key.passage.end,
                    key.text,
                    "key",
                    key.score,
                    key.passage.document,
                )
                for key in self._keys
            ),
            model_name=self._context.model.info.name if self._notes else "",
            remarks=remarks,
            key_sentences=self._keys,
            points=tuple(point for note in self._notes for point in note.points),
            checked_numbers=sum(note.numbers_found for note in self._notes),
            checked_names=sum(note.names_found for note in self._notes),
        )
