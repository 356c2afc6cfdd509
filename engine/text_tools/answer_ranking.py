"""Which sentences are nearest to a question, and which few words in them answer it.

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
from engine.text_tools.answer_spans import AnswerSpan, answer_spans
from engine.text_tools.ask_find import WORDS_SHARE, WORDS_SHARE_OTHER
from engine.text_tools.ask_prompts import channel_choices, channel_messages
from engine.text_tools.base import ToolContext
from engine.text_tools.orders import is_order
from engine.text_tools.terms import shared_terms
from engine.types import Document

SENTENCES_LOOKED_INTO = 6
SPANS_READ = 24  # by the encoder: the answer is among the first so many in nine of ten cases
SPANS_ASKED_ABOUT = 16  # by the chat model
# What the best sentence must score for a question to be answered at all, by the question's language:
# chosen on half of XQuAD's articles, whose questions were put to paragraphs of other articles, too.
FOUND_AT_LEAST, FOUND_AT_LEAST_OTHER = 0.5, 0.9
_NEAR, _WORDS = 2.0, 0.75
_REPLACED = 0.5
_ORDER = (
    1.0  # taken from a sentence that gives orders to a model: it says nothing about anything else
)
# How likely the model asks this question about the words, less a part of how likely it picks them.
_CHANNEL, _PICKED = 0.05, 0.5
_QUESTION_WORD = re.compile(
    r"\b(?:(?:what|which)(?:\s+(?:years?|city|country|state|date|century|day|month))?|who|whom|whose|when"
    r"|where|why|how\s+(?:many|much|long|far|tall|big|large|old|high|often)|how)\b",
    re.IGNORECASE,
)


class Sentence(msgspec.Struct, frozen=True):
    """A sentence with how near it is to the question: `near` the cosine, `words` the shared terms."""

    document: int
    start: int
    end: int
    text: str
    near: float
    words: float
    score: float


class Candidate(msgspec.Struct, frozen=True):
    """A stretch of one of the sentences (`sentence` is its index), the higher `score` the better."""

    sentence: int
    span: AnswerSpan
    text: str
    score: float


def rank_sentences(
    encoder: TextEncoder,
    abort: AbortFlag,
    question: str,
    places: Sequence[tuple[int, int, int]],
    texts: Sequence[str],
) -> list[Sentence]:
    """The sentences at `places` (document, start, end), the nearest to the question first."""
    if not texts:
        return []
    vectors = encoder.encode([question, *texts], abort)
    near = vectors[1:] @ vectors[0]
    weight = WORDS_SHARE if is_latin(question) else WORDS_SHARE_OTHER
    ranked = [
        Sentence(
            *(*place, text, float(cosine), share),
            float(cosine) + weight * share - _ORDER * is_order(text),
        )
        for place, text, cosine, share in zip(
            places, texts, near, shared_terms(question, texts), strict=True
        )
    ]
    return sorted(ranked, key=lambda one: -one.score)


def is_answered(question: str, ranked: Sequence[Sentence]) -> bool:
    """Whether the nearest sentence is near enough to be about the question at all."""
    least = FOUND_AT_LEAST if is_latin(question) else FOUND_AT_LEAST_OTHER
    return bool(ranked) and ranked[0].score >= least


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
        base = _NEAR * one.near + _WORDS * one.words - _ORDER * is_order(one.text)
        for span, score in zip(spans, form.scores(text, one.start, one.end, spans), strict=True):
            if score is not None:
                words = text[span.start : span.end]
                found.append(Candidate(number, span, words, base + score))
    found.sort(key=lambda candidate: -candidate.score)
    return _read(encoder, abort, question, looked, found[:SPANS_READ])


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
