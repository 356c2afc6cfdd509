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
from engine.text_tools.reading import ReadingPart
from engine.text_tools.results import KeySentence, SummaryPoint, SummaryResult
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

PART_TOKENS = 900  # the most a merge may show the model at once
NOTE_TOKENS = 160
ENCODE_AT_ONCE = 64
# The instruction that SmolLM2's own training data uses; larger models follow it as well.
_TASK = (
    "Provide a concise, objective summary of the input text in up to {count} sentences, focusing "
    "on key actions and intentions without using second or third person pronouns."
)
_COUNTS = {1: "one", 2: "two", 3: "three"}
# How a small model begins when it talks about the summary instead of giving it.
_PREAMBLES = ("here's", "here is", "here are", "sure", "certainly", "in this section, we provide")


class _Note(msgspec.Struct, frozen=True):
    """Sentences that the model wrote, and the parts that it wrote them from."""

    sentences: tuple[str, ...]
    parts: tuple[int, ...]


class SummaryRun:
    """One run: the sentences and their vectors, the notes so far, and the result made of them."""

    def __init__(
        self,
        context: ToolContext,
        documents: tuple[Document, ...],
        parts: list[ReadingPart],
        wanted: int,
    ) -> None:
        self._context, self._documents, self._wanted = context, documents, wanted
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
        self._keys: tuple[KeySentence, ...] = ()
        self._notes: list[_Note] = []
        self._points: dict[_Note, tuple[tuple[SummaryPoint, ...], int, int]] = {}

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
            for index in key_sentence_indexes(self._flat, self._vectors, self._wanted)
        )

    def note_part(self, number: int) -> Iterator[StepProgress]:
        text = self._parts[number].text(self._documents)
        yield from self._write(text, (number,), 3 if len(self._parts) < 3 else 2)

    def merge(self) -> Iterator[StepProgress]:
        """Put neighbouring notes together until there are no more sentences than wanted."""
        while sum(len(note.sentences) for note in self._notes) > self._wanted:
            notes, self._notes = self._notes, []
            per_group = max(2, -(-len(notes) // max(1, self._wanted // 2)))
            if len(notes) == 1:
                self._notes = [_Note(notes[0].sentences[: self._wanted], notes[0].parts)]
                return
            groups = [notes[i : i + per_group] for i in range(0, len(notes), per_group)]
            groups = [piece for group in groups for piece in self._fitting(group)]
            stuck = len(groups) >= len(notes)
            for done, group in enumerate(groups):
                yield StepProgress("merging", done, len(groups))
                if len(group) == 1 and not stuck:
                    self._notes.append(group[0])
                    continue
                text = " ".join(sentence for note in group for sentence in note.sentences)
                parts = tuple(part for note in group for part in note.parts)
                yield from self._write(text, parts, 1 if len(groups) * 2 > self._wanted else 2)
            if stuck:  # nothing got fewer: keep the first of each instead of going round for ever
                self._notes = [_Note(note.sentences[:1], note.parts) for note in self._notes]
                self._notes = self._notes[: self._wanted]
                return

    def _fitting(self, group: list[_Note]) -> list[list[_Note]]:
        """The group in as many pieces as each fit a prompt."""
        pieces: list[list[_Note]] = [[]]
        tokens = 0
        for note in group:
            count = self._context.model.count_tokens(" ".join(note.sentences))
            if pieces[-1] and tokens + count > PART_TOKENS:
                pieces.append([])
                tokens = 0
            pieces[-1].append(note)
            tokens += count
        return pieces

    def _write(self, text: str, parts: tuple[int, ...], sentences: int) -> Iterator[StepProgress]:
        """Let the model write a note; once more if the first one says what the source does not."""
        best: tuple[int, tuple[str, ...]] | None = None
        for temperature in (0.0, 0.6):
            written = self._generate(text, sentences, temperature)
            doubts = self._doubts(written, parts)
            if written and (best is None or doubts < best[0]):
                best = (doubts, written)
            if best is not None and best[0] == 0:
                break
            yield StepProgress("checking", 0, 0)
        self._notes.append(_Note(best[1] if best else (), parts))

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

    def _source_text(self, parts: tuple[int, ...]) -> str:
        return "\n".join(self._parts[number].text(self._documents) for number in parts)

    def _doubts(self, written: tuple[str, ...], parts: tuple[int, ...]) -> int:
        source = self._source_text(parts)
        return sum(len(check_claim(sentence, source).unsupported) for sentence in written)

    def _pointed(self, note: _Note) -> tuple[tuple[SummaryPoint, ...], int, int]:
        """A note's points with links and check, and the numbers and names found; made once."""
        if note not in self._points:
            self._points[note] = self._make_points(note)
        return self._points[note]

    def _make_points(self, note: _Note) -> tuple[tuple[SummaryPoint, ...], int, int]:
        if not note.sentences:
            return (), 0, 0
        rows = np.concatenate(
            [np.arange(self._firsts[part], self._firsts[part + 1]) for part in note.parts]
        )
        candidates = [self._flat[row] for row in rows]
        claims = self._context.encoder.encode(note.sentences, self._context.abort)
        source = self._source_text(note.parts)
        points, numbers, names = [], 0, 0
        for sentence, claim in zip(note.sentences, claims, strict=True):
            check = check_claim(sentence, source)
            numbers, names = numbers + check.numbers_found, names + check.names_found
            passages = supporting(claim, candidates, self._vectors[rows])
            points.append(SummaryPoint(sentence, passages, check.unsupported))
        return tuple(points), numbers, names

    def result(self, parts_read: int) -> SummaryResult:
        pointed = [self._pointed(note) for note in self._notes]
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
            key_sentences=self._keys,
            points=tuple(point for points, _, _ in pointed for point in points),
            checked_numbers=sum(numbers for _, numbers, _ in pointed),
            checked_names=sum(names for _, _, names in pointed),
        )
