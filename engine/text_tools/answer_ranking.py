"""Which few words of some sentences answer a question.

By the encoder and by form; then, if there is a chat model, by how likely that would ask this question
about these words: the "noisy channel" (Min et al. 2022, "Noisy Channel Language Model Prompting for
Few-Shot Text Classification"). A small model knows what a question is about far better than what its
answer is. Worker only (NumPy).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import msgspec

from engine.contracts import AbortFlag, TextEncoder
from engine.language import is_latin
from engine.text_tools.answer_form import Form
from engine.text_tools.answer_sentences import Sentence
from engine.text_tools.answer_spans import AnswerSpan, answer_spans
from engine.text_tools.ask_prompts import channel_choices, channel_messages
from engine.text_tools.base import ToolContext
from engine.text_tools.names import candidate_names
from engine.text_tools.question_types import PERSON, question_type
from engine.types import Document

SENTENCES_LOOKED_INTO = 6
SPANS_READ = 24  # by the encoder: the answer is among the first so many in nine of ten cases
SPANS_ASKED_ABOUT = 16  # by the chat model
# What the best stretch must score to be shown. Set by hand within the lowest tenth of the scores on half
# of XQuAD's questions, of all articles, where token F1 was 0.16. The sentences stay.
_SURE_ENOUGH = 1.9
_NEAR, _WORDS = 2.0, 0.75
_EXTRA = 2.5
_REPLACED = 0.5
# How likely the model asks this question about the words, less a part of how likely it picks them.
_CHANNEL, _PICKED = 0.05, 0.5
_QUESTION_WORD = re.compile(
    r"\b(?:(?:what|which)(?:\s+(?:years?|city|country|state|date|century|day|month))?|who|whom|whose|when"
    r"|where|why|how\s+(?:many|much|long|far|tall|big|large|old|high|often)|how)\b",
    re.IGNORECASE,
)

_COMPANION = re.compile(r",? (?:and|&|und|et) |, ")
_NOTE_MARK = re.compile(r"[.,;:\s]*\[\d*\]?$")  # of a footnote: "lymphoma.[26"
_LONGEST_NAME = 80  # characters


class Candidate(msgspec.Struct, frozen=True):
    """A stretch of one of the sentences (`sentence` is its index), the higher `score` the better."""

    sentence: int
    span: AnswerSpan
    text: str
    score: float


def rank_spans(
    encoder: TextEncoder,
    abort: AbortFlag,
    question: str,
    documents: Sequence[Document],
    sentences: Sequence[Sentence],
) -> list[Candidate]:
    """What may be the answer in the first few of `sentences`, the best first; at most `SPANS_READ`."""
    form = Form(question)
    found: list[Candidate] = []
    looked = sentences[:SENTENCES_LOOKED_INTO]
    names = encoder.names_of_each([one.text for one in looked], abort)
    for number, (one, inside) in enumerate(zip(looked, names, strict=True)):
        known = [(one.start + name.start, one.start + name.end, name.label) for name in inside]
        text = documents[one.document].text
        spans = answer_spans(text, one.start, one.end, known)
        base = _NEAR * one.near + _WORDS * one.words + _EXTRA * one.extra
        for span, score in zip(spans, form.scores(text, one.start, one.end, spans), strict=True):
            if score is not None:
                words = text[span.start : span.end]
                found.append(Candidate(number, span, words, base + score))
    found.sort(key=lambda candidate: -candidate.score)
    return _read(encoder, abort, question, looked, found[:SPANS_READ])


def is_sure(question: str, ranked: Sequence[Candidate]) -> bool:
    """Whether the best of what `rank_spans` gave is worth showing by itself."""
    return bool(ranked) and (not is_latin(question) or ranked[0].score >= _SURE_ENOUGH)


def whole_answer(question: str, text: str, span: AnswerSpan) -> tuple[int, int]:
    """Where `span` and what belongs to it begin and end: "Ann Lee and Bo Marsh" of "Who founded it?"."""
    end = span.end
    if span.kind == "name" and question_type(question) == PERSON:
        while match := _COMPANION.match(text, end):
            names = candidate_names(text[match.end() : match.end() + _LONGEST_NAME])
            if not names or names[0][0] or " " not in text[match.end() :][: names[0][1]]:
                break
            end = match.end() + names[0][1]
    note = _NOTE_MARK.search(text[span.start : end])
    return span.start, span.start + note.start() if note and note.start() else end


def _read(
    encoder: TextEncoder,
    abort: AbortFlag,
    question: str,
    sentences: Sequence[Sentence],
    candidates: Sequence[Candidate],
) -> list[Candidate]:
    """With what the encoder makes of the question with each candidate in its question word's place."""
    if not candidates:
        return []
    bare = question.rstrip("?？ ")
    match = _QUESTION_WORD.search(bare)
    before, after = (bare[: match.start()], bare[match.end() :]) if match else (bare + " ", "")
    used = sorted({candidate.sentence for candidate in candidates})
    statements = [f"{before}{candidate.text}{after}" for candidate in candidates]
    vectors = encoder.encode([*(sentences[at].text for at in used), *statements], abort)
    rows = {number: vectors[at] for at, number in enumerate(used)}
    said = vectors[len(used) :]
    read = [
        msgspec.structs.replace(
            candidate,
            score=candidate.score + _REPLACED * float(said[at] @ rows[candidate.sentence]),
        )
        for at, candidate in enumerate(candidates)
    ]
    return sorted(read, key=lambda candidate: -candidate.score)


def weigh_spans(
    context: ToolContext,
    question: str,
    sentences: Sequence[Sentence],
    candidates: Sequence[Candidate],
) -> list[Candidate]:
    """The candidates with what the chat model would ask about each; the rest of them come last."""
    asked = candidates[:SPANS_ASKED_ABOUT]
    if len(asked) < 2:
        return list(candidates)
    used = sorted({candidate.sentence for candidate in asked})
    order = sorted(used, key=lambda at: (sentences[at].document, sentences[at].start))
    prompt = channel_messages(" ".join(sentences[at].text for at in order))
    texts = [candidate.text for candidate in asked]
    together = _logarithms(context, prompt, channel_choices(texts, question))
    alone = _logarithms(context, prompt, channel_choices(texts, ""))
    weighed = [
        msgspec.structs.replace(
            candidate, score=candidate.score + _CHANNEL * (joint - _PICKED * prior)
        )
        for candidate, joint, prior in zip(asked, together, alone, strict=True)
    ]
    weighed.sort(key=lambda candidate: -candidate.score)
    return [*weighed, *candidates[len(asked) :]]


def _logarithms(context: ToolContext, prompt: Sequence, choices: Sequence[str]) -> list[float]:  # type: ignore[type-arg]
    # The same choice twice makes the model read every choice to its end, not only as far as is needed
    # to tell them apart.
    shares, usage = context.model.choose(prompt, [*choices, choices[0]], context.abort)
    context.usage += usage
    return [math.log(max(share, 1e-300)) for share in shares[:-1]]
