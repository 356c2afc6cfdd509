"""Results of the entities tool as the built-in reader gives them: forms, scores, alternatives, types
that the user named, and many names.
"""

from __future__ import annotations

import msgspec

from engine.text_tools.name_groups import group_names
from engine.text_tools.results import EntitiesResult
from engine.types import Coverage, Document, Span
from tests.gui.sample_results import TEXT, entities

READER = "Carrel reader (all-MiniLM-L6-v2)"
_SHARES = {
    "Skerryvore": {"LOC": 0.88, "ORG": 0.07, "": 0.03, "MISC": 0.02},
    "Alan": {"PER": 0.97, "": 0.03},
    "Hynish": {"LOC": 0.44, "PER": 0.31, "ORG": 0.16, "": 0.09},
    "November": {"": 0.48, "MISC": 0.41, "LOC": 0.11},
    "Stevenson": {"PER": 0.71, "ORG": 0.20, "": 0.09},
}


def read_entities() -> EntitiesResult:
    """The names of the sample text, grouped: "Alan Stevenson" is also "Alan"."""
    spans = []
    for span in entities().spans:
        shares = _SHARES.get(span.text, {span.label: 0.95, "": 0.05})
        spans.append(
            msgspec.structs.replace(span, score=shares[span.label], alternatives=dict(shares))
        )
    names, spans = group_names(spans)
    return EntitiesResult(
        coverage=Coverage(3, 3), model_name=READER, spans=tuple(spans), entities=names
    )


def own_types() -> EntitiesResult:
    """Types that the user named, without scores."""
    words = (("reef", "sea feature"), ("tower", "building"), ("timber barrack", "building"))
    words += (("storm", "weather"), ("rock", "sea feature"), ("masons", "trade"))
    spans = []
    for word, kind in words:
        at = TEXT.find(word)
        while at >= 0:
            spans.append(Span(at, at + len(word), word, kind))
            at = TEXT.find(word, at + 1)
    names, found = group_names(spans)
    return EntitiesResult(
        coverage=Coverage(3, 3), model_name="Qwen3 8B", spans=tuple(found), entities=names
    )


def many_entities(count: int) -> tuple[Document, EntitiesResult]:
    """`count` names, the first of them the most frequent."""
    labels, pieces, spans, at = ("PER", "ORG", "LOC", "MISC"), [], [], 0
    for number in range(count):
        name = f"Name{number} of House{number}"
        for _ in range(1 + 30 // (1 + number)):
            pieces.append(f"{name} came. ")
            label = labels[number % 4]
            spans.append(Span(at, at + len(name), name, label, 0.4 + 0.5 * (number % 7) / 7))
            at += len(pieces[-1])
    names, found = group_names(spans)
    result = EntitiesResult(
        coverage=Coverage(9, 9), model_name=READER, spans=tuple(found), entities=names
    )
    return Document("many.txt", "".join(pieces)), result
