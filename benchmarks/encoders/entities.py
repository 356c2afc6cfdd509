"""How many of the names on dev are found: exact spans, right types, through the shipped encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.encoders.bench import NEVER, TYPES, Bench, Marked
from benchmarks.report import Row, ahead, at_least, at_most, plain
from engine.contracts import NameSpan
from engine.encoders.entity_tags import TAGS, tags_of
from engine.text_tools.names import candidate_names
from engine.training.calibration import bins_of, expected_error
from engine.training.corpora import Span

F1_GOALS = {"UNER-EWT": 0.82, "Broad Twitter": 0.76, "WNUT17": 0.62}
ERROR_GOAL = 0.03
SPELLING = "names by spelling"


def quality(bench: Bench) -> Iterator[Row]:
    said = {name: find(bench, texts) for name, texts in bench.names.items()}
    for name, texts in bench.names.items():
        found = [spans_of(spans) for spans in said[name]]
        value = f1(found, [one.names for one in texts])
        yield at_least(f"entities, span F1, {name} dev", value, F1_GOALS[name], "", "")
    yield from _against_spelling(bench, said)
    pooled: list[tuple[float, bool]] = []
    for name, texts in bench.names.items():
        judged = judgements(said[name], [one.names for one in texts])
        pooled += judged
        error = expected_error(bins_of(*zip(*judged, strict=True)))
        yield plain(f"entities, calibration error, {name} dev", error, "", "", _told(judged))
    error = expected_error(bins_of(*zip(*pooled, strict=True)))
    note = f"of whole names, over the three sets; {_told(pooled)}"
    yield at_most("entities, expected calibration error", error, ERROR_GOAL, "", "", note)
    words = [pair for texts in bench.names.values() for pair in _words(bench, texts)]
    error = expected_error(bins_of(*zip(*words, strict=True)))
    note = f"of the tag of each word, over the three sets; {_told(words)}"
    yield plain("entities, calibration error of words", error, "", "", note)


def find(bench: Bench, texts: Sequence[Marked]) -> list[list[NameSpan]]:
    """A sign before a name is one of its own: Broad Twitter marks "@" so, which nobody wants to see."""
    sentences = [one.sentences for one in texts]
    return bench.encoder.marked_names([one.text for one in texts], NEVER, sentences)


def spans_of(names: Sequence[NameSpan]) -> set[Span]:
    return {(one.start, one.end, one.label) for one in names if one.label in TYPES}


def f1(found: Sequence[set[Span]], wanted: Sequence[frozenset[Span]]) -> float:
    hits = sum(len(mine & theirs) for mine, theirs in zip(found, wanted, strict=True))
    return 2 * hits / max(1, sum(map(len, found)) + sum(map(len, wanted)))


def judgements(
    said: Sequence[Sequence[NameSpan]], wanted: Sequence[frozenset[Span]]
) -> list[tuple[float, bool]]:
    """How sure each name was, and whether it is one, with its type."""
    return [
        (name.score, (name.start, name.end, name.label) in right)
        for spans, right in zip(said, wanted, strict=True)
        for name in spans
        if name.label in TYPES
    ]


def _told(judged: Sequence[tuple[float, bool]]) -> str:
    sure = sum(score for score, _ in judged) / max(1, len(judged))
    right = sum(is_right for _, is_right in judged) / max(1, len(judged))
    return f"{len(judged):,} answers, {sure:.1%} sure on average, {right:.1%} right"


def _against_spelling(bench: Bench, said: dict[str, list[list[NameSpan]]]) -> Iterator[Row]:
    """Spelling knows no types, so none are asked for here."""
    for name, texts in bench.names.items():
        wanted = [frozenset((a, b, "") for a, b, _ in one.names) for one in texts]
        ours = [{(a, b, "") for a, b, _ in spans_of(spans)} for spans in said[name]]
        peers = [{(a, b, "") for a, b in candidate_names(one.text)} for one in texts]
        mine, theirs = f1(ours, wanted), f1(peers, wanted)
        yield ahead(f"entities without types, F1, ahead on {name} dev", mine, {SPELLING: theirs})


def _words(bench: Bench, texts: Sequence[Marked]) -> Iterator[tuple[float, bool]]:
    """How sure the likeliest tag of each word is, and whether it is right; MISC counts as no name."""
    for text, wanted, _ in texts:
        (words,) = bench.encoder.tokenizer.words([text])
        (shares,) = bench.encoder.word_probabilities("entities", [words], NEVER)
        misc = [at for at, tag in enumerate(TAGS) if tag.endswith("MISC")]
        shares[:, 0] += shares[:, misc].sum(axis=1)
        shares[:, misc] = 0.0
        right = tags_of(words.starts, words.ends, wanted)
        for row, tag in zip(shares, right, strict=True):
            yield float(row.max()), int(row.argmax()) == tag
