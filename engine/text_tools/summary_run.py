"""One run of `summarize`: key sentences, notes of all parts side by side, and the result made of them.

Worker only: it needs NumPy, which the window does without.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from functools import partial

import msgspec
import numpy as np

from engine.retrieval.sentences import split_sentences
from engine.text_tools import key_sentences
from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.key_sentences import LetterPairs, SourceSentence, Vectors
from engine.text_tools.orders import orders_remarks
from engine.text_tools.readers import READS, language_of_all, language_remarks
from engine.text_tools.reading import ReadingPart, reading_chunks, reading_parts
from engine.text_tools.results import (
    DocumentSummary,
    KeySentence,
    PartNote,
    SummaryPoint,
    SummaryResult,
)
from engine.text_tools.side_by_side import side_by_side
from engine.text_tools.summary_form import headings_of, language_remark
from engine.text_tools.summary_merging import merged, selected
from engine.text_tools.summary_notes import Note, NoteWriter, Source, Wish
from engine.text_tools.summary_plan import SummaryPlan
from engine.types import Coverage, Document, Passage, Span

PART_TOKENS = 900  # the most that one prompt shows the model
_PART_CHARACTERS = 4 * PART_TOKENS
_FIRST_LOOK = 300  # sentences that are looked at before all of a long document are
FOCUS_AT_LEAST = 0.3  # similarity of a sentence to what is asked about


class SummaryRun:
    """Called in this order: key sentences, notes, together. `result` is what is there so far."""

    def __init__(
        self, context: ToolContext, documents: tuple[Document, ...], plan: SummaryPlan
    ) -> None:
        self._context, self._documents, self._plan = context, documents, plan
        self._language = language_of_all(documents)
        self._parts = reading_chunks(context, documents, _PART_CHARACTERS)
        self._sentences = [
            SourceSentence(Passage(start, end, number), document.text[start:end])
            for number, document in enumerate(documents)
            for start, end in split_sentences(document.text)
        ]
        self._starts = [(s.passage.document, s.passage.start) for s in self._sentences]
        self._vectors: np.ndarray = np.zeros((0, 0), np.float32)
        self._vectors_of: Vectors = (
            context.encoder
            if self._language in READS
            else LetterPairs([sentence.text for sentence in self._sentences])
        )
        self._keys: tuple[KeySentence, ...] = ()
        self._notes: list[Note | None] = []
        self._points: tuple[SummaryPoint, ...] = ()
        self._each: tuple[DocumentSummary, ...] = ()
        self._kept: dict[str, tuple[str, ...]] = {}
        self._left_out = 0
        self._remarks: list[str] = []

    def key_sentences(self) -> Iterator[StepProgress | SummaryResult]:
        yield StepProgress("opening", 0, 0)
        many = len(self._sentences)
        if many > 2 * _FIRST_LOOK:
            places = _looked_at_first(self._sentences, self._documents)
            yield from self._choose([self._sentences[place] for place in places], shown=False)
            yield self.result(0)
        yield from self._choose(self._sentences, shown=True)

    def _choose(
        self, sentences: list[SourceSentence], shown: bool
    ) -> Iterator[StepProgress | SummaryResult]:
        abort, rows = self._context.abort, []
        for first in range(0, len(sentences), key_sentences.ENCODE_AT_ONCE):
            texts = [s.text for s in sentences[first : first + key_sentences.ENCODE_AT_ONCE]]
            rows.append(self._vectors_of.encode(texts, abort))
            if shown:
                yield StepProgress("scanning", first + len(texts), len(sentences))
        vectors = np.concatenate(rows)
        focus = None
        if self._plan.focus:
            focus = self._vectors_of.encode([self._plan.focus], abort)[0]
        worth = key_sentences.worths(sentences, vectors, focus)
        if focus is not None:
            worth[~self._about(sentences, vectors, focus)] = -np.inf
        usable = int(np.isfinite(worth).sum())
        # Of a short text, quoting most of it would be no summary.
        count = self._plan.points or min(self._plan.quotes, max(1, -(-len(sentences) // 4)))
        picked = key_sentences.chosen(worth, vectors, min(count, usable))
        self._keys = tuple(
            KeySentence(sentences[i].text, sentences[i].passage, round(float(worth[i]), 4))
            for i in picked
        )
        if shown:
            self._vectors, self._worth = vectors, worth

    def _about(
        self, sentences: Sequence[SourceSentence], vectors: np.ndarray, focus: np.ndarray
    ) -> np.ndarray:
        """Which sentences speak of what the user asks about: by meaning, or by its words."""
        words = [word for word in self._plan.focus.casefold().split() if len(word) > 3]
        named = [any(word in s.text.casefold() for word in words) for s in sentences]
        return np.asarray((vectors @ focus >= FOCUS_AT_LEAST) | np.array(named, bool))

    def notes(self) -> Iterator[StepProgress | SummaryResult]:
        """A note of each part, several at once; each is shown as it comes."""
        context, plan = self._context, self._plan
        if plan.focus and not self._keys:
            self._remarks.append(f"Nothing in the text seems to be about “{plan.focus}”.")
            return
        self._parts = reading_parts(context, self._documents, PART_TOKENS, stable=True)
        self._remarks += language_remarks(context, self._documents)
        self._remarks += orders_remarks(one.text for one in self._documents)
        self._notes = [None] * len(self._parts)
        writer = self._writer()
        sentences = plan.sentences_of_part(len(self._parts))
        todo = [(n, self._source(n)) for n in range(len(self._parts))]
        reads = [(n, source) for n, source in todo if self._is_wanted(source)]
        for number in set(range(len(todo))) - {n for n, _ in reads}:
            self._notes[number] = Note((), (number,))
        yield StepProgress("reading", 0, len(self._parts))
        tries_again = plan.tries_again(len(self._parts))
        work = (partial(writer.write, one, sentences, tries_again=tries_again) for _, one in reads)
        for place, note in side_by_side(work, plan.width(context.model.info), context.abort):
            self._notes[reads[place][0]] = note
            context.usage += note.usage
            self._keep(note)
            self._left_out += note.left_out
            self._points = self._selected()
            done = sum(one is not None for one in self._notes)
            yield StepProgress("reading", done, len(self._parts))
            yield self.result(done)

    def together(self) -> Iterator[StepProgress | SummaryResult]:
        """Each document by itself, then all of them; a larger model puts the notes into new words."""
        notes = [note for note in self._notes if note is not None and note.points]
        if len(self._documents) > 1:
            self._each = tuple(
                DocumentSummary(number, selected(own, self._plan.each, self._vectors_of))
                for number in range(len(self._documents))
                if (own := [n for n in notes if self._parts[n.parts[0]].document == number])
            )
            yield self.result(len(self._parts))
        if self._context.model.info.is_small() or self._plan.by_sections:
            self._points = self._selected()
        else:
            steps = merged(
                *(notes, self._plan, self._writer(), self._source_of, self._context),
            )
            for step in steps:
                if isinstance(step, StepProgress):
                    yield step
                else:
                    notes = step
            for note in notes:
                self._keep(note)
            self._points = tuple(point for note in notes for point in note.points)
        self._remarks += language_remark(self._points, self._plan.language)

    def result(self, parts_read: int | None = None) -> SummaryResult:
        """`parts_read` None: the encoder alone has read all of it."""
        notes = [note for note in self._notes if note is not None]
        remarks = list(self._remarks)
        if self._left_out:
            noun = "sentence" if self._left_out == 1 else "sentences"
            remarks.append(f"{self._left_out} {noun} left out: nothing in the text comes near.")
        points, headings = headings_of(self._points, self._documents, self._plan.by_sections)
        return SummaryResult(
            coverage=Coverage(
                len(self._parts) if parts_read is None else parts_read, len(self._parts)
            ),
            spans=tuple(
                Span(k.passage.start, k.passage.end, k.text, "key", k.score, k.passage.document)
                for k in self._keys
            ),
            model_name=self._context.model.info.name if notes else "",
            remarks=tuple(dict.fromkeys(remarks)),
            key_sentences=self._keys,
            points=points,
            checked_numbers=sum(note.numbers_found for note in notes),
            checked_names=sum(note.names_found for note in notes),
            headings=headings,
            each=self._each,
            notes=tuple(PartNote(key, written) for key, written in self._kept.items()),
        )

    def _writer(self) -> NoteWriter:
        context = self._context
        names_known = self._language in READS and not self._plan.language
        wish = Wish(self._plan.focus, self._plan.language, names_known)
        known = {note.key: note.sentences for note in _earlier_notes(context.earlier)}
        return NoteWriter(
            *(context.model, context.encoder, self._vectors_of, wish, known, context.abort)
        )

    def _keep(self, note: Note) -> None:
        if note.key:
            self._kept[note.key] = note.written

    def _source(self, number: int) -> Source:
        return self._source_of((number,), self._parts[number].text(self._documents))

    def _source_of(self, parts: tuple[int, ...], text: str) -> Source:
        """The sentences of these parts, for what is written from `text`."""
        rows = np.concatenate([self._rows(self._parts[number]) for number in parts])
        sentences = [self._sentences[row] for row in rows]
        return Source(text, parts, sentences, self._vectors[rows])

    def _rows(self, part: ReadingPart) -> np.ndarray:
        """A sentence that was cut between two parts belongs to both."""
        first = bisect.bisect_right(self._starts, (part.document, part.part.start)) - 1
        last = bisect.bisect_left(self._starts, (part.document, part.part.end))
        return np.arange(max(first, 0), max(last, first + 1))

    def _is_wanted(self, source: Source) -> bool:
        """With a focus, only parts that speak of it are shown to the model."""
        if not self._plan.focus:
            return True
        places = [s.passage for s in source.sentences]
        start = bisect.bisect_left(self._starts, (places[0].document, places[0].start))
        return bool(np.isfinite(self._worth[start : start + len(places)]).any())

    def _selected(self) -> tuple[SummaryPoint, ...]:
        notes = [note for note in self._notes if note is not None and note.points]
        trusted = self._context.model.info.is_small()
        return selected(notes, self._plan.wanted, self._vectors_of, only_supported=trusted)


def _earlier_notes(earlier: dict[str, object] | None) -> tuple[PartNote, ...]:
    try:
        return msgspec.convert((earlier or {}).get("notes", ()), tuple[PartNote, ...])
    except msgspec.ValidationError:  # of an older Carrel
        return ()


def _looked_at_first(
    sentences: Sequence[SourceSentence], documents: tuple[Document, ...]
) -> list[int]:
    """The beginnings of documents and of what stands under headings, and a few from everywhere."""
    third = _FIRST_LOOK // 3
    starts = {(s.passage.document, s.passage.start): i for i, s in enumerate(sentences)}
    places = set(range(min(third, len(sentences))))
    heads = [
        starts[number, section.start]
        for number, document in enumerate(documents)
        for section in document.sections
        if section.kind == "heading" and (number, section.start) in starts
    ]
    for head in heads[: third // 2]:
        places.update(range(head, min(head + 3, len(sentences))))
    places.update(range(0, len(sentences), max(1, len(sentences) // third)))
    return sorted(places)
