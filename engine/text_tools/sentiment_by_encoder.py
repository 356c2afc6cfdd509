"""Sentiment by the built-in encoder: calibrated shares of every sentence, and of the whole.

A short text is judged at once, a long one by its sentences; the names in it by the clauses that
mention them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.contracts import AbortFlag, TextEncoder
from engine.language import is_latin
from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.judged import Judged, mean_shares
from engine.text_tools.name_groups import group_names
from engine.text_tools.names_by_encoder import names_in
from engine.text_tools.readers import unread_remarks
from engine.text_tools.reading import ReadingPart, reading_chunks
from engine.text_tools.results import SentimentResult
from engine.text_tools.targets import target_sentiments
from engine.types import Coverage, Document, Span

CHUNK = 3_000  # characters of sentences that are judged in one step
AT_ONCE = 1_000  # characters that the encoder sees as one text, about what it was trained on
GROWTH = 1.15  # partial results come so much later each time: they carry all that was found


def has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def judge(encoder: TextEncoder, texts: Sequence[str], abort: AbortFlag) -> list[list[float]]:
    """The shares of each text, in the order of `SENTIMENT_LABELS`; none where it has no words.

    What is too long to be seen at once is cut, and its shares are the mean.
    """
    owner: list[int] = []
    pieces: list[str] = []
    for number, text in enumerate(texts):
        if has_words(text):
            cut = _cut(text)
            pieces += cut
            owner += [number] * len(cut)
    judged: list[list[tuple[Sequence[float], int]]] = [[] for _ in texts]
    if pieces:
        for number, piece, shares in zip(
            owner, pieces, encoder.sentiment(pieces, abort), strict=True
        ):
            judged[number].append((shares.tolist(), len(piece)))
    return [mean_shares(one) for one in judged]


def _cut(text: str) -> list[str]:
    """At white space where there is any."""
    pieces, start = [], 0
    while len(text) - start > AT_ONCE:
        space = max(text.rfind(mark, start + AT_ONCE // 2, start + AT_ONCE) for mark in " \n\t")
        end = space if space > 0 else start + AT_ONCE
        pieces.append(text[start:end])
        start = end
    pieces.append(text[start:])
    return [piece for piece in pieces if has_words(piece)]


def judged_by_encoder(
    context: ToolContext, documents: tuple[Document, ...]
) -> Iterator[StepProgress | SentimentResult]:
    parts = reading_chunks(context, documents, CHUNK)
    remarks = unread_remarks(documents, parts)
    encoder, sheet = context.encoder, Judged(context.encoder.name, remarks)
    names: list[Span] = []
    told = 0
    for number, part in enumerate(parts, 1):
        yield StepProgress("reading", number - 1, len(parts))
        _read(encoder, part, documents, sheet, context.abort)
        names += names_in(encoder, part, documents, context.abort)
        if number >= told * GROWTH and number < len(parts):
            told = number
            yield sheet.result(Coverage(number, len(parts)))
    whole = "\n\n".join(document.text for document in documents)
    if len(whole) <= AT_ONCE and sheet.spans and not remarks:
        sheet.whole = judge(encoder, [whole], context.abort)[0]
    groups, names = group_names(names)
    targets = target_sentiments(
        documents, sheet.spans, names, groups, lambda texts: judge(encoder, texts, context.abort)
    )
    yield sheet.result(Coverage(len(parts), len(parts)), targets)


def _read(
    encoder: TextEncoder,
    part: ReadingPart,
    documents: tuple[Document, ...],
    sheet: Judged,
    abort: AbortFlag,
) -> None:
    text = documents[part.document].text
    places = [(start, end) for start, end in part.part.sentences if is_latin(text[start:end])]
    judged = judge(encoder, [text[start:end] for start, end in places], abort)
    for (start, end), shares in zip(places, judged, strict=True):
        sheet.add(part.document, start, text[start:end], shares)
