"""Notes: what a chat model writes of a part of a document, checked against that part.

Every sentence is linked to the passages nearest to it by the encoder; one that nothing comes near to is
left out. Numbers, names and quotes that the part does not contain are listed. A note with faults is
written once more, and the better one kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from engine.contracts import AbortFlag, GenerationEnd, LanguageModel, TextEncoder
from engine.retrieval.sentences import split_sentences
from engine.text_tools import summary_prompts
from engine.text_tools.copied_marks import CopiedMarks
from engine.text_tools.evidence import check_claim, supporting
from engine.text_tools.key_sentences import SourceSentence, Vectors
from engine.text_tools.results import SummaryPoint
from engine.text_tools.terms import terms
from engine.types import FinishReason, GenerationParams, Usage

NOTE_TOKENS = 160
_MORE_TOKENS = 70  # for each sentence beyond the second
SHARED_AT_LEAST = 0.5  # of the words of what a small model says, those that its source has
GROUNDED_AT_LEAST = 0.25  # similarity to the nearest sentence; unrelated ones have about 0.1
_TEMPERATURES = (0.0, 0.6)
# How a small model begins when it talks about the summary instead of giving it.
_PREAMBLES = ("here's", "here is", "here are", "sure", "certainly", "in this section, we provide")


class Wish(msgspec.Struct, frozen=True):
    """What every note of a run is asked for. `names_known`: the encoder reads names in this language."""

    focus: str = ""
    language: str = ""
    names_known: bool = True


class Source(msgspec.Struct, frozen=True):
    """What a note is made from: the text that the model sees, and the sentences it must rest on."""

    text: str
    parts: tuple[int, ...]
    sentences: Sequence[SourceSentence]
    vectors: np.ndarray

    def words(self) -> str:
        return "\n".join(sentence.text for sentence in self.sentences)


class Note(msgspec.Struct, frozen=True):
    """Points that the model wrote from some parts, and what their check found."""

    points: tuple[SummaryPoint, ...]
    parts: tuple[int, ...]
    key: str = ""
    written: tuple[str, ...] = ()  # as they came, for a later run
    numbers_found: int = 0
    names_found: int = 0
    doubts: int = 0
    left_out: int = 0  # sentences that nothing in the parts comes near to
    usage: Usage = Usage()

    def text(self) -> str:
        return " ".join(point.text for point in self.points)

    def has_reliable_points(self) -> bool:
        return any(not point.unsupported for point in self.points)

    def shortened(self, count: int) -> Note:
        return msgspec.structs.replace(self, points=self.points[:count])


class NoteWriter:
    """`write` may be called from several threads at once."""

    def __init__(
        self,
        model: LanguageModel,
        encoder: TextEncoder,
        vectors_of: Vectors,
        wish: Wish,
        known: Mapping[str, tuple[str, ...]],
        abort: AbortFlag,
    ) -> None:
        self._model, self._encoder, self._abort = model, encoder, abort
        self._vectors_of, self._wish, self._known = vectors_of, wish, known
        # A small model's new words are rarely true. In another language than the source all are new.
        self._sticks_to_words = model.info.is_small() and wish.names_known

    def write(self, source: Source, sentences: int, *, tries_again: bool = True) -> Note:
        """The note of a source, known from an earlier run or written now.

        It is written again if there is a doubt; with a small model, whose doubtful sentences are left
        out anyway, only if nothing else is left of it and it `tries_again`.
        """
        key = self._key(source.text, sentences)
        if (written := self._known.get(key)) is not None:
            return self._checked(source, key, written, Usage())
        best: Note | None = None
        is_small = self._model.info.is_small()
        usage = Usage()
        for temperature in _TEMPERATURES:
            written, used = self._generate(source.text, sentences, temperature)
            usage += used
            note = self._checked(source, key, written, Usage())
            if best is None or note.doubts < best.doubts:
                best = note
            if best.doubts == 0:
                break
            if is_small and (best.has_reliable_points() or not tries_again):
                break
        assert best is not None
        return msgspec.structs.replace(best, usage=usage)

    def _key(self, text: str, sentences: int) -> str:
        info = self._model.info
        asked = [self._wish.focus, self._wish.language, sentences, info.sha256 or info.name]
        made = json.dumps([summary_prompts.VERSION, text, *asked])
        return hashlib.sha256(made.encode("utf-8", "replace")).hexdigest()[:32]

    def _generate(
        self, text: str, sentences: int, temperature: float
    ) -> tuple[tuple[str, ...], Usage]:
        wish = self._wish
        params = GenerationParams(
            max_tokens=NOTE_TOKENS + _MORE_TOKENS * max(0, sentences - 2),
            temperature=temperature,
            repeat_penalty=1.1,
            seed=1,
        )
        pieces, is_cut, usage = "", False, Usage()
        prompt = summary_prompts.messages(text, sentences, wish.focus, wish.language)
        marks = CopiedMarks(prompt)
        stream = self._model.stream(prompt, params, self._abort)
        for piece in stream:
            if isinstance(piece, GenerationEnd):
                is_cut, usage = piece.finish_reason is FinishReason.LENGTH, piece.usage
            elif not piece.reasoning:
                pieces += piece.text
                if pieces.count(".") + pieces.count("。") < sentences:
                    continue
                # A small model never ends by itself: what it goes on with is not waited for.
                if len(_sentences(marks.taken_out(pieces), is_cut=False)) > sentences:
                    used = self._model.count_prompt_tokens(prompt)
                    is_cut, usage = True, Usage(used, piece.tokens)
                    break
        del stream  # has the model stop
        self._abort.raise_if_set()
        written = marks.taken_out(pieces)
        if written.strip(" .!*\n").upper() == summary_prompts.NOTHING:
            return (), usage
        return _sentences(written, is_cut)[:sentences], usage

    def _checked(self, source: Source, key: str, written: tuple[str, ...], usage: Usage) -> Note:
        """What was written, with its passages and what its source does not contain."""
        if not written:
            return Note((), source.parts, key, doubts=0 if self._wish.focus else 1, usage=usage)
        claims = self._vectors_of.encode(written, self._abort)
        names = self._names(written)
        text = source.words()
        known = set(terms(text)) if self._sticks_to_words else None
        points, numbers_found, names_found, doubts, left_out = [], 0, 0, 0, 0
        for sentence, claim, named in zip(written, claims, names, strict=True):
            is_far = float((source.vectors @ claim).max()) < GROUNDED_AT_LEAST
            if is_far or (known is not None and _share(sentence, known) < SHARED_AT_LEAST):
                left_out, doubts = left_out + 1, doubts + 3
                continue
            check = check_claim(sentence, text, named)
            numbers_found += check.numbers_found
            names_found += check.names_found
            doubts += len(check.unsupported)
            passages = supporting(claim, source.sentences, source.vectors)
            points.append(SummaryPoint(sentence, passages, check.unsupported))
        return Note(
            *(tuple(points), source.parts, key, written, numbers_found, names_found),
            *(doubts, left_out, usage),
        )

    def _names(self, written: Sequence[str]) -> list[list[str]]:
        if not self._wish.names_known:
            return [[] for _ in written]
        found = self._encoder.names_of_each(written, self._abort)
        return [
            [text[name.start : name.end] for name in names]
            for text, names in zip(written, found, strict=True)
        ]


def _sentences(written: str, is_cut: bool) -> tuple[str, ...]:
    """What is said in it, each once; of a text that was cut off, without the last one."""
    text = " ".join(written.split())
    found = [text[start:end].lstrip("-*•# ") for start, end in split_sentences(text)]
    if is_cut and len(found) > 1:
        found.pop()
    said = [one for one in found if one and not one.lower().startswith(_PREAMBLES)]
    return tuple(dict.fromkeys(said))


def _share(sentence: str, known: set[str]) -> float:
    said = set(terms(sentence))
    return len(said & known) / len(said) if said else 1.0
