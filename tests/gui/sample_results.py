"""A short text with results as the text tools would give them, offsets and all."""

from __future__ import annotations

import re

from engine.text_tools.results import (
    AnswerResult,
    EntitiesResult,
    Entity,
    KeySentence,
    Quote,
    SentimentResult,
    SummaryPoint,
    SummaryResult,
)
from engine.types import Coverage, Document, Passage, Section, Span

TITLE = "The lighthouse keepers of Skerryvore"
TEXT = f"""{TITLE}

Alan Stevenson was thirty when the Northern Lighthouse Board sent him to Skerryvore, a reef twelve \
miles off Tiree that had taken more than thirty ships in forty years. He called it a splendid \
place for a tower and a dreadful one for men.

The first winter was a disaster. In November 1838 a storm tore the timber barrack from the rock and \
carried it away in a single night; nobody was in it. Stevenson wrote to Edinburgh that the loss was \
bitter, that no one had been hurt, and that he would need another 4,000 pounds.

Stone came from Mull by sea, cut to within two millimetres and numbered. The masons of Hynish \
worked through seven summers, in fine spirits most of the time, and sang on the rock. When the \
lantern was lit on 1 February 1844 the tower stood 48 metres high and had cost 86,977 pounds.

Walter Scott, who had seen the reef from the deck of a yacht, had thought the plan hopeless. He did \
not live to see it done. The keepers who came after praised the tower warmly, and Robert Louis \
Stevenson, Alan's nephew, called it the noblest of all extant deep-sea lights.
"""
DOCUMENT = Document(
    name="skerryvore.html",
    text=TEXT,
    format="html",
    path="/home/me/texts/skerryvore.html",
    sections=(Section(0, len(TEXT), TITLE),),
)
MODEL = {
    "name": "Qwen3 8B",
    "quantization": "Q4_K_M",
    "parameter_count": 8_190_000_000,
    "device": {"kind": "cuda", "name": "NVIDIA GeForce RTX 4070", "gpu_layers": 36, "layers": 36},
}
SMALL_MODEL = {
    "name": "SmolLM2 135M Instruct",
    "quantization": "Q4_1",
    "parameter_count": 134_515_008,
    "device": {"kind": "cpu", "name": "CPU", "gpu_layers": 0, "layers": 30},
}
_NAMES = {
    "PER": ("Alan Stevenson", "Walter Scott", "Robert Louis Stevenson", "Stevenson", "Alan"),
    "ORG": ("Northern Lighthouse Board",),
    "LOC": ("Skerryvore", "Tiree", "Edinburgh", "Mull", "Hynish"),
    "MISC": ("November", "February"),
}
_MOODS = (
    ("He called it a splendid", "men.", "negative", 0.61),
    ("The first winter", "disaster.", "negative", 0.97),
    ("In November 1838", "in it.", "negative", 0.84),
    ("Stevenson wrote", "pounds.", "negative", 0.66),
    ("Stone came", "numbered.", "neutral", 0.9),
    ("The masons", "rock.", "positive", 0.88),
    ("When the lantern", "pounds.", "neutral", 0.71),
    ("Walter Scott", "hopeless.", "negative", 0.79),
    ("He did not", "done.", "negative", 0.55),
    ("The keepers who", "lights.", "positive", 0.96),
)


def passage(first: str, last: str, text: str = TEXT) -> Passage:
    """From the words `first` to the end of the next `last`."""
    start = text.index(first)
    return Passage(start, text.index(last, start) + len(last))


def summary() -> SummaryResult:
    keys = (
        passage("Alan Stevenson was thirty", "forty years."),
        passage("In November 1838", "nobody was in it."),
        passage("When the lantern", "86,977 pounds."),
    )
    points = (
        SummaryPoint(
            "Alan Stevenson built the Skerryvore light on a reef that had wrecked over thirty ships.",
            (keys[0],),
        ),
        SummaryPoint(
            "A storm in November 1838 took the barrack and drowned Captain Hughes.",
            (keys[1],),
            ("Captain Hughes",),
        ),
        SummaryPoint(
            "It was lit on 1 February 1844, 48 metres high, at a cost of 86,977 pounds.",
            (keys[2], passage("Stone came", "numbered.")),
        ),
    )
    return SummaryResult(
        coverage=Coverage(7, 7),
        model_name="Qwen3 8B",
        spans=tuple(Span(k.start, k.end, TEXT[k.start : k.end], "key") for k in keys),
        key_sentences=tuple(KeySentence(TEXT[k.start : k.end], k, 0.8) for k in keys),
        points=points,
        checked_numbers=6,
        checked_names=9,
    )


QUESTION = "How much money did Stevenson ask for after the storm?"


def answer() -> AnswerResult:
    """One quote that stands in the text, one that does not, and a name that was made up."""
    letter = passage("Stevenson wrote", "4,000 pounds.")
    storm = passage("In November 1838", "nobody was in it.")
    quotes = (
        Quote(TEXT[letter.start : letter.end], letter, 0.9),
        Quote(TEXT[storm.start : storm.end], storm, 0.5),
        Quote("He asked for it in tears.", None),
    )
    found = [quote.passage for quote in quotes if quote.passage is not None]
    return AnswerResult(
        coverage=Coverage(1, 1),
        model_name="Qwen3 8B",
        question=QUESTION,
        found=True,
        answer="After the storm he asked Lord Dundas in Edinburgh for another 4,000 pounds.",
        short="another 4,000 pounds",
        short_passage=passage("another 4,000", "pounds"),
        quotes=quotes,
        given=(letter, storm, passage("Stone came", "numbered.")),
        unsupported=("Lord Dundas",),
        spans=tuple(Span(p.start, p.end, TEXT[p.start : p.end], "quote") for p in found),
    )


def no_answer() -> AnswerResult:
    return AnswerResult(
        coverage=Coverage(1, 1),
        model_name="Qwen3 8B",
        question="Who painted the tower?",
        given=(passage("Stone came", "numbered."), passage("When the lantern", "pounds.")),
    )


def sentiment() -> SentimentResult:
    spans = []
    for first, last, label, score in _MOODS:
        found = passage(first, last)
        text = TEXT[found.start : found.end]
        spans.append(Span(found.start, found.end, text, label, score))
    counts = {k: sum(s.label == k for s in spans) for k in ("negative", "neutral", "positive")}
    return SentimentResult(
        coverage=Coverage(3, 3),
        model_name="Qwen3 8B",
        spans=tuple(spans),
        label="negative",
        score=0.58,
        probabilities={"negative": 0.58, "neutral": 0.18, "positive": 0.24},
        counts=counts,
    )


def entities() -> EntitiesResult:
    found: list[tuple[int, int, str, str]] = []
    for label, names in _NAMES.items():
        for name in names:
            for match in re.finditer(name, TEXT):
                if all(match.end() <= start or match.start() >= end for start, end, *_ in found):
                    found.append((match.start(), match.end(), name, label))
    found.sort()
    spans = tuple(Span(start, end, name, label, 0.9) for start, end, name, label in found)
    groups: dict[tuple[str, str], list[int]] = {}
    for number, span in enumerate(spans):
        groups.setdefault((span.text, span.label), []).append(number)
    rows = [Entity(text, kind, len(at), tuple(at)) for (text, kind), at in groups.items()]
    rows.sort(key=lambda entity: (-entity.count, entity.mentions))
    return EntitiesResult(
        coverage=Coverage(3, 3), model_name="Qwen3 8B", spans=spans, entities=tuple(rows)
    )
