"""One question about documents: the passages, the quotes, the few words that answer it, the model's own.

Used by the text tool and by the library, which brings the passages. Quotes are the source's own words
and come first. Whether anything answers the question at all is decided by how near the nearest sentence
is; a chat model that is not small may deny it too. Worker only (NumPy).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from engine.contracts import GenerationEnd
from engine.errors import BadRequestError
from engine.language import name_of
from engine.text_tools.answer_ranking import Candidate, weigh_spans, whole_answer
from engine.text_tools.answer_sentences import Sentence
from engine.text_tools.ask_find import nearest
from engine.text_tools.ask_look import MOST_QUOTES, best_quotes, look, nothing_found
from engine.text_tools.ask_prompts import messages, read_answer
from engine.text_tools.ask_shown import shown_prompt
from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.copied_marks import CopiedMarks
from engine.text_tools.evidence import check_claim
from engine.text_tools.orders import orders_remarks
from engine.text_tools.own_words import grounded
from engine.text_tools.quoting import find_quote, pieces_of
from engine.text_tools.readers import AUTOMATIC, knows, language_of_all, language_remarks
from engine.text_tools.results import AnswerResult, Quote
from engine.types import Coverage, Document, GenerationParams, Passage, Span

QUOTES = "quotes"  # a reader: the encoder alone, no chat model is loaded
LONGEST_QUESTION = 2_000  # characters
MOST_PASSAGES = 8
ANSWER_TOKENS = 220
_PROOF = 12  # characters of a quote that proves something: a word or two stand in any text
_MARGIN = 64
_UPDATE_EVERY = 6  # pieces of text between two partial results


def answer(
    context: ToolContext,
    documents: tuple[Document, ...],
    question: str,
    passages: Sequence[Passage] | None = None,
    *,
    reader: str = AUTOMATIC,
    written: bool = True,
) -> Iterator[StepProgress | AnswerResult]:
    """Yield what is found so far, the whole answer last.

    `passages` of these documents, the best first, are where to look; None looks for them everywhere.
    `written` False: the chat model judges which words answer, but writes none of its own.
    `BadRequestError` for an empty question, `DocumentNoTextError` for documents without any text.
    """
    asked = asked_question(question)
    if passages is None:
        for step in nearest(context, documents, asked, MOST_PASSAGES):
            if isinstance(step, StepProgress):
                yield step
            else:
                places = [place.passage for place in step.places]
                parts = step.parts
    else:
        places, parts = list(passages[:MOST_PASSAGES]), len(passages)
    run = _Run(context, documents, asked, tuple(places), parts)
    yield StepProgress("checking", 0, 0)
    run.look()
    yield run.result()
    if reader != QUOTES:
        if run.may_be_answered():
            yield from run.weigh()
            if written:
                yield from run.write()
        yield run.result()


def asked_question(question: str) -> str:
    """The question on one line; `BadRequestError` if there is none, or if it is no question's length."""
    asked = " ".join(question.split())
    if not asked:
        raise BadRequestError(
            "There is no question yet.", hint="Type what you want to know about the documents."
        )
    if len(asked) > LONGEST_QUESTION:
        raise BadRequestError(
            f"The question is {len(asked):,} characters long, more than {LONGEST_QUESTION:,}.",
            hint="Ask it in a few sentences; put long texts into a document.",
        )
    return asked


class _Run:
    """What is known so far. Called in this order: `look`, `write`; `result` at any time after `look`."""

    def __init__(
        self,
        context: ToolContext,
        documents: tuple[Document, ...],
        question: str,
        places: tuple[Passage, ...],
        parts: int,
    ) -> None:
        self._context, self._documents, self._question = context, documents, question
        self._places, self._parts = places, parts
        self._sentences: tuple[Sentence, ...] = ()
        self._ranked: list[Candidate] = []
        self._short: Candidate | None = None
        self._quotes: list[Quote] = []
        self._given: tuple[Passage, ...] = ()
        self._whole = self._wrote = False
        self._answer = ""
        self._unsupported: tuple[str, ...] = ()
        self._remarks: tuple[str, ...] = ()
        self.is_found = False

    def look(self) -> None:
        """The sentences that answer it best, and the few words in them that do."""
        found = look(self._context, self._documents, self._question, self._places)
        self._sentences, self._ranked = found.sentences, list(found.spans)
        self._short, self._quotes = found.short, list(found.quotes)
        self._remarks, self.is_found = found.remarks, found.is_found
        if self._quotes and not self._sentences:  # about all of it
            self._places = tuple(one.passage for one in self._quotes if one.passage is not None)

    def may_be_answered(self) -> bool:
        """Whether the chat model is asked. A large one may find, and prove by quotes, what the encoder
        does not find; a small one is not asked in a language that it does not know."""
        info = self._context.model.info
        if not info.is_small():
            return True
        if not self.is_found:
            return False
        language = language_of_all(self._documents)
        if not language or knows(info, language):
            return True
        self._remarks += (f"{info.name} does not know {name_of(language)}: it was not asked.",)
        return False

    # What the chat model adds.

    def weigh(self) -> Iterator[StepProgress | AnswerResult]:
        """Let a small chat model judge which words answer the question; a large one is asked itself."""
        if not self._context.model.info.is_small() or self._context.model.info.remote:
            return
        yield StepProgress("weighing", 0, 0)
        self._ranked = weigh_spans(self._context, self._question, self._sentences, self._ranked)
        if self._ranked and self._ranked[0] is not self._short:
            self._short = self._ranked[0]
            self._quotes = list(best_quotes(self._sentences, self._short))
            yield self.result()

    def write(self) -> Iterator[StepProgress | AnswerResult]:
        """Let the chat model answer in its own words, and check them."""
        model = self._context.model
        quoting = not model.info.is_small()
        nearest = [quote.text for quote in self._quotes]
        compose = functools.partial(messages, self._question, nearest=nearest, quoting=quoting)
        room = model.info.n_ctx - ANSWER_TOKENS - _MARGIN
        prompt = shown_prompt(model, self._documents, self._places, compose, room)
        self._given, self._whole = prompt.given, prompt.whole
        params = GenerationParams(max_tokens=ANSWER_TOKENS, temperature=0.0, seed=1)
        marks = CopiedMarks(prompt.messages)
        read = marks.taken_out if quoting else marks.before_first
        pieces: list[str] = []
        yield StepProgress("writing", 0, 0)
        stream = model.stream(prompt.messages, params, self._context.abort)
        for number, piece in enumerate(stream, 1):
            if isinstance(piece, GenerationEnd):
                self._context.usage += piece.usage
                continue
            if not piece.reasoning:
                pieces.append(piece.text)
            if number % _UPDATE_EVERY == 0:
                self._take(read("".join(pieces)), quoting)
                yield self.result()
        self._take(read("".join(pieces)), quoting, is_whole=True)
        self._context.abort.raise_if_set()

    def _take(self, text: str, quoting: bool, *, is_whole: bool = False) -> None:
        written = read_answer(text, self._question, quoting=quoting)
        self._wrote = True
        self._answer = written.answer
        if not is_whole:
            return
        if self.is_found and written.denies:
            self.is_found, self._short, self._quotes = False, None, []
            self._remarks = nothing_found(self._documents, self._question, self._sentences)
        if written.denies:
            return
        if not quoting:
            self._leave_out()
        shown = " ".join(self._documents[p.document].text[p.start : p.end] for p in self._given)
        checked = check_claim(self._answer, f"{shown}\n{self._question}")
        self._unsupported = checked.unsupported
        self._add_quotes(written.quotes)
        if not self.is_found:
            self._prove()
        if quoting:  # a model that may be believed more than the encoder
            said = " ".join(written.answer.casefold().split())
            in_it = (one for one in self._ranked if one.text.casefold() in said)
            self._short = next(in_it, self._short)

    def _leave_out(self) -> None:
        """What a small model says that is not near to anything that was found."""
        shown = [one.text for one in self._sentences] or [one.text for one in self._quotes]
        context = self._context
        self._answer, count = grounded(context.encoder, context.abort, self._answer, shown)
        if count:
            noun = "sentence" if count == 1 else "sentences"
            self._remarks += (f"{count} {noun} left out: nothing in the text comes near.",)

    def _prove(self) -> None:
        """An answer that the encoder found nothing for counts if one of its quotes does."""
        self.is_found = any(
            quote.passage is not None and len(quote.text) >= _PROOF for quote in self._quotes
        )
        if self.is_found:
            self._remarks = ()
        else:
            self._quotes = []

    def _add_quotes(self, quotes: Sequence[str]) -> None:
        """The model's quotes, each looked up: the source's own words, or a quote without a place."""
        found: list[Quote] = []
        for quote in (piece for line in quotes for piece in pieces_of(line)):
            place = find_quote(quote, self._documents, self._given)
            if place is None:
                found.append(Quote(quote, None))
            else:
                text = self._documents[place.document].text[place.start : place.end]
                found.append(Quote(text, place, 1.0))
        proven = [quote for quote in found if quote.passage is not None]
        failed = [quote for quote in found if quote.passage is None]
        others = [one for one in self._quotes if not any(_overlap(one, new) for new in proven)]
        self._quotes = [*proven, *others[: max(0, MOST_QUOTES - len(proven))], *failed]

    def result(self) -> AnswerResult:
        short, place = "", None
        if self._short is not None:
            number = self._sentences[self._short.sentence].document
            text = self._documents[number].text
            start, end = whole_answer(self._question, text, self._short.span)
            short, place = text[start:end], Passage(start, end, number)
        remarks = self._remarks
        model = self._context.used_model if self._wrote else None
        if model is not None:
            remarks += language_remarks(self._context, self._documents)
            remarks += orders_remarks(
                self._documents[one.document].text[one.start : one.end] for one in self._given
            )
        return AnswerResult(
            coverage=Coverage(self._parts, self._parts),
            spans=tuple(
                Span(
                    *(quote.passage.start, quote.passage.end, quote.text, "quote", quote.score),
                    quote.passage.document,
                )
                for quote in self._quotes
                if quote.passage is not None
            ),
            model_name=model.info.name if model is not None else "",
            remarks=remarks,
            question=self._question,
            found=self.is_found,
            answer=self._answer if self.is_found else "",
            short=short,
            short_passage=place,
            quotes=tuple(self._quotes),
            given=self._given,
            whole=self._whole,
            unsupported=self._unsupported,
        )


def _overlap(one: Quote, other: Quote) -> bool:
    a, b = one.passage, other.passage
    if a is None or b is None:
        return False
    return a.document == b.document and a.start < b.end and b.start < a.end
