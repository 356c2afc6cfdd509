"""What the encoder finds for a question: sentences, the few words that answer it, quotes, or nothing.

No chat model has a part in it. A question about a document as a whole ("What is it about?") is answered
by its key sentences. Worker only (NumPy).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.language import is_latin, language_of, name_of
from engine.retrieval.naming import name_passage
from engine.retrieval.sentences import split_sentences
from engine.text_tools import key_sentences
from engine.text_tools.answer_ranking import Candidate, is_sure, rank_spans
from engine.text_tools.answer_sentences import Sentence, is_answered, rank_sentences
from engine.text_tools.base import ToolContext
from engine.text_tools.key_sentences import SourceSentence
from engine.text_tools.orders import is_order
from engine.text_tools.question_forms import is_about_all, is_yes_no
from engine.text_tools.readers import READS, language_of_all
from engine.text_tools.results import Quote
from engine.types import Document, Passage

MOST_QUOTES = 3
QUOTE_WITHIN = 0.25  # of the best sentence's score
NO_ANSWER = "Nothing in the documents answers this question."
_LOOKED_AT = 300  # sentences for a question about all of a document


class Found(msgspec.Struct, frozen=True):
    """`is_found` False: nothing answers the question, and `remarks` say so. `sentences` are ranked,
    `spans` too; `short` is the best of the spans, None where no few words are an answer."""

    is_found: bool
    sentences: tuple[Sentence, ...] = ()
    spans: tuple[Candidate, ...] = ()
    short: Candidate | None = None
    quotes: tuple[Quote, ...] = ()
    remarks: tuple[str, ...] = ()


def look(
    context: ToolContext,
    documents: tuple[Document, ...],
    question: str,
    places: Sequence[Passage],
) -> Found:
    """What is in the passages `places` of the documents; of all of them if the question is about all."""
    if is_about_all(question) and (quotes := _key_sentences(context, documents)):
        return Found(True, quotes=quotes)
    sentences = dict.fromkeys(  # passages that the library brings may overlap
        (place.document, place.start + start, place.start + end)
        for place in places
        for start, end in split_sentences(documents[place.document].text[place.start : place.end])
    )
    encoder, abort = context.encoder, context.abort
    ranked = rank_sentences(encoder, abort, question, documents, list(sentences))
    passages = [documents[one.document].text[one.start : one.end] for one in places]
    if not is_answered(encoder, abort, question, ranked, passages):
        return Found(False, tuple(ranked), remarks=nothing_found(documents, question, ranked))
    spans: list[Candidate] = []
    if not is_yes_no(question):
        spans = rank_spans(encoder, abort, question, documents, ranked)
        spans = spans if is_sure(question, spans) else []
    short = spans[0] if spans else None
    quotes = best_quotes(ranked, short)
    return Found(True, tuple(ranked), tuple(spans), short, quotes)


def best_quotes(sentences: Sequence[Sentence], short: Candidate | None) -> tuple[Quote, ...]:
    """The sentence of the short answer first, then others that are nearly as near."""
    order = list(sentences[:MOST_QUOTES])
    if short is not None:
        holder = sentences[short.sentence]
        order = [holder, *(one for one in order if one is not holder)]
    least = sentences[0].score - QUOTE_WITHIN
    chosen = [one for number, one in enumerate(order) if number == 0 or one.score >= least]
    quotes = {
        " ".join(one.text.split()): Quote(
            one.text, Passage(one.start, one.end, one.document), round(one.score, 4)
        )
        for one in reversed(chosen[:MOST_QUOTES])
    }
    return tuple(reversed(quotes.values()))  # the same sentence on two pages is one quote


def nothing_found(
    documents: tuple[Document, ...], question: str, sentences: Sequence[Sentence]
) -> tuple[str, ...]:
    """What is told where nothing answers: the nearest passage, and what language might help."""
    if not sentences:
        return (NO_ANSWER,)
    best = sentences[0]
    document = documents[best.document]
    place = name_passage(document, best.start, best.end)
    remarks = [f"{NO_ANSWER} The nearest passage is {document.name}, {place}."]
    language = language_of_all(documents)
    is_plain = language in READS and is_latin(question)
    if language and not is_plain and language_of(question) != language:
        name = name_of(language)
        remarks.append(f"The text is in {name}: a question in {name} finds more.")
    return tuple(remarks)


def _key_sentences(context: ToolContext, documents: tuple[Document, ...]) -> tuple[Quote, ...]:
    sentences = [
        SourceSentence(Passage(start, end, number), text)
        for number, document in enumerate(documents)
        for start, end in split_sentences(document.text)
        if not is_order(text := document.text[start:end])
    ]
    if len(sentences) > _LOOKED_AT:  # the beginning of each document, and some from everywhere
        each = _LOOKED_AT // (2 * len(documents)) or 1
        step = 2 * len(sentences) // _LOOKED_AT
        seen: dict[int, int] = {}
        kept = []
        for number, one in enumerate(sentences):
            place = seen[one.passage.document] = seen.get(one.passage.document, 0) + 1
            if place <= each or number % step == 0:
                kept.append(one)
        sentences = kept
    if not sentences:
        return ()
    vectors = context.encoder.encode([one.text for one in sentences], context.abort)
    worth = key_sentences.worths(sentences, vectors)
    picked = key_sentences.chosen(worth, vectors, MOST_QUOTES)
    return tuple(
        Quote(sentences[at].text, sentences[at].passage, round(float(worth[at]), 4))
        for at in picked
    )
