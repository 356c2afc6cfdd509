"""Summaries of the GUM documents, against lead-3, TextRank, and the model alone.

Extracts are as long as lead-3 (the first three lines or sentences of a document), word for word: as
many whole sentences as fit in so many words. Carrel's begin with the document's title where it has one,
as lead-3 does. Written summaries are the points that the window shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.documents.bench import NEVER, Bench, halves
from benchmarks.documents.rouge import KINDS, Rouge
from benchmarks.report import Row, ahead, at_most, plain, progress
from engine.contracts import GenerationEnd
from engine.retrieval.sentences import split_sentences
from engine.text_tools.evidence import check_claim
from engine.text_tools.key_sentences import (
    SourceSentence,
    chosen,
    title_place,
    usable_places,
    worths,
)
from engine.text_tools.summarize import Summarize
from engine.types import Document, GenerationParams, Message, Passage, Role

LEAD = 3
ANSWER_TOKENS = 200


class Text:
    """A document in its sentences, each on one line."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record
        self.sentences = [
            SourceSentence(Passage(start, end), " ".join(record["text"][start:end].split()))
            for start, end in split_sentences(record["text"])
        ]
        self.lengths = [len(sentence.text.split()) for sentence in self.sentences]
        self.room = sum(self.lengths[:LEAD])

    def joined(self, places: Sequence[int]) -> str:
        return "\n".join(self.sentences[place].text for place in sorted(places))

    def filled(self, order: Sequence[int]) -> list[int]:
        """The first ones that fit into the room, at least one."""
        taken: list[int] = []
        for place in order:
            if not taken or sum(self.lengths[t] for t in [*taken, place]) <= self.room:
                taken.append(place)
        return taken


def extracts(bench: Bench) -> Iterator[Row]:
    bench.need_peers()
    rouge = Rouge()
    texts = [Text(record) for record in bench.few(bench.gum, 24)]
    arms: dict[str, Callable[[Text], list[int]]] = {
        "Carrel": lambda text: _carrel(bench, text),
        "lead-3": lambda text: list(range(len(text.sentences)))[:LEAD],
        "TextRank": _textrank,
    }
    scores = {name: np.zeros((len(texts), 3)) for name in arms}
    words = dict.fromkeys(arms, 0)
    for number, text in enumerate(texts):
        progress(f"extract {number + 1} of {len(texts)}")
        for name, choose in arms.items():
            places = choose(text)
            scores[name][number] = rouge.best(text.joined(places), text.record["summaries"])
            words[name] += sum(text.lengths[place] for place in places)
    for column, kind in enumerate(KINDS):
        means = {name: float(found[:, column].mean()) for name, found in scores.items()}
        row = ahead(f"extracts, {kind}", means.pop("Carrel"), means)
        yield _noted(row, halves(scores["Carrel"][:, column : column + 1]))
        for peer, mean in means.items():
            ratio = float(scores["Carrel"][:, column].mean()) / mean
            yield plain(f"extracts, {kind}, ratio", ratio, "x", peer)
    told = ", ".join(f"{name} {count / len(texts):.0f}" for name, count in words.items())
    yield plain("extracts, documents", len(texts), "", note=f"words: {told}")


def _carrel(bench: Bench, text: Text) -> list[int]:
    vectors = bench.encoder.encode([sentence.text for sentence in text.sentences], NEVER)
    title = title_place(text.sentences)
    room = text.room - (text.lengths[title] if title is not None else 0)
    worth = worths(text.sentences, vectors)
    picked = chosen(worth, vectors, len(worth), text.lengths, room)
    return picked if title is None else [title, *picked]


class _Words:
    """A tokenizer for sumy that needs no download."""

    def to_words(self, sentence: str) -> list[str]:
        return re.findall(r"\w+", sentence)


def _textrank(text: Text) -> list[int]:
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.summarizers.text_rank import TextRankSummarizer

    places = usable_places(text.sentences)
    model = ObjectDocumentModel(
        [Paragraph([Sentence(text.sentences[place].text, _Words()) for place in places])]
    )
    rated = TextRankSummarizer().rate_sentences(model)
    rates = [rated[sentence] for sentence in model.sentences]
    return text.filled([places[i] for i in np.argsort(-np.array(rates), kind="stable")])


def written(bench: Bench) -> Iterator[Row]:
    """Against the same model that gets as much of the document as fits, and an ordinary request."""
    bench.need_peers()
    rouge = Rouge()
    records = bench.few(bench.gum, 12)
    ours, alone = np.zeros((len(records), 3)), np.zeros((len(records), 3))
    invented = np.zeros((len(records), 2))
    empty = 0
    for number, record in enumerate(records):
        progress(f"written summary {number + 1} of {len(records)}")
        document = Document("document", record["text"])
        result = bench.result(Summarize(), (document,))
        mine = "\n".join(point.text for point in result.points)
        if not mine:  # the window then shows the quotes alone
            empty += 1
            mine = "\n".join(key.text for key in result.key_sentences[:LEAD])
        theirs = _alone(bench, record["text"])
        for scores, summary in ((ours, mine), (alone, theirs)):
            scores[number] = rouge.best(summary, record["summaries"])
        for column, summary in enumerate((mine, theirs)):
            invented[number, column] = len(_invented(bench, summary, record["text"]))
    row = ahead(
        "written, ROUGE-L", float(ours[:, 2].mean()), {"the model alone": float(alone[:, 2].mean())}
    )
    yield _noted(row, f"{halves(ours[:, 2:])}; without any point: {empty} of {len(records)}")
    yield plain(
        "written, ROUGE-L, ratio",
        float(ours[:, 2].mean() / max(alone[:, 2].mean(), 1e-9)),
        "x",
        "the model alone",
    )
    mine_per, theirs_per = invented.mean(axis=0)
    yield at_most(
        "written, invented numbers and names, ratio",
        float(mine_per / max(theirs_per, 1e-9)),
        0.5,
        "x",
        "the model alone",
        f"{mine_per:.2f} against {theirs_per:.2f} per summary",
    )


def _alone(bench: Bench, text: str) -> str:
    model = bench.model
    request = "Summarize this document in a few sentences:\n\n"
    most = model.info.n_ctx - ANSWER_TOKENS - 100
    while model.count_tokens(text) > most:
        text = text[: len(text) * most // max(model.count_tokens(text), most + 1)]
    params = GenerationParams(max_tokens=ANSWER_TOKENS, temperature=0.0, seed=1)
    pieces = model.stream([Message(Role.USER, request + text)], params, NEVER)
    return "".join(piece.text for piece in pieces if not isinstance(piece, GenerationEnd))


def _invented(bench: Bench, summary: str, source: str) -> tuple[str, ...]:
    """Numbers, names and quotes that the document does not contain, by the same check for both."""
    names = bench.encoder.names(summary, NEVER)
    found = [summary[name.start : name.end] for name in names]
    return check_claim(summary, source, found).unsupported


def _noted(row: Row, more: str) -> Row:
    return Row(*(row.name, row.value, row.unit, row.goal, row.met, row.peer), f"{row.note}; {more}")
