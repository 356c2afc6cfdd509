"""Names that mean the same: "Ada Lovelace" and "Lovelace", "United Nations" and "UN", "the U.S.".

By spelling alone and only where it is not ambiguous: a surname that two people of a text share stays
by itself. What a mention is called in doubt, the other mentions of its name decide.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from engine.text_tools.results import Entity
from engine.types import Span

DOUBTFUL = 0.7  # a mention below takes the type that its name has elsewhere
_ENDINGS = re.compile(r"(?:['’]s?|,? (?:inc|corp|ltd|llc|plc|co|gmbh|ag)\.?)$", re.IGNORECASE)
_LEADING = re.compile(r"^(?:the |@|#|(?:mr|mrs|ms|dr|prof|sir|president)\.? )", re.IGNORECASE)
_SMALL = frozenset(("of", "and", "the", "for", "de", "la", "&", "in"))


def group_names(spans: Sequence[Span]) -> tuple[tuple[Entity, ...], list[Span]]:
    """The names by count, and the mentions in the order of the text, doubtful types decided."""
    mentions = sorted(spans, key=lambda span: (span.document, span.start, span.end))
    mentions = _decided(mentions)
    keys = [(key_of(span.text), span.label) for span in mentions]
    leader = _leaders(Counter(keys))
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        groups[leader.get(key, key)].append(at)
    entities = [
        _entity([mentions[at] for at in places], tuple(places), label)
        for (_, label), places in groups.items()
    ]
    entities.sort(key=lambda entity: (-entity.count, entity.mentions))
    return tuple(entities), mentions


def key_of(name: str) -> str:
    """What two spellings of a name have in common: no case, dots, article, title or ending."""
    name = " ".join(name.split())
    while (shorter := _ENDINGS.sub("", _LEADING.sub("", name))) != name and shorter:
        name = shorter
    return name.replace(".", "").casefold() or name.casefold()


def _decided(mentions: Sequence[Span]) -> list[Span]:
    weight: dict[str, Counter[str]] = defaultdict(Counter)
    for span in mentions:
        weight[key_of(span.text)][span.label] += span.score or 0.0  # type: ignore[assignment]
    found = []
    for span in mentions:
        label = weight[key_of(span.text)].most_common(1)[0][0]
        if label != span.label and (span.score or 0.0) < DOUBTFUL:
            score = span.alternatives.get(label, span.score)
            span = msgspec.structs.replace(span, label=label, score=score)
        found.append(span)
    return found


def _leaders(counts: Counter[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """For each short form the one longer name that it can stand for."""
    longer: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, label in counts:
        words = name.split()
        if len(words) < 2:
            continue
        for short in _short_forms(words, label):
            longer[short, label].add(name)
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for key, names in longer.items():
        # "Ada King" and "Ada Lovelace King" are one: the longest name counts.
        longest = max(names, key=len)
        if key in counts and all(set(name.split()) <= set(longest.split()) for name in names):
            found[key] = (longest, key[1])
    return {key: found.get(leader, leader) for key, leader in found.items()}


def _short_forms(words: Sequence[str], label: str) -> Iterable[str]:
    if label == "PER":
        yield from (words[-1], words[0], f"{words[0]} {words[-1]}")
    else:
        letters = "".join(word[0] for word in words if word not in _SMALL)
        if len(letters) > 1:
            yield letters


def _entity(spans: Sequence[Span], places: tuple[int, ...], label: str) -> Entity:
    forms = Counter(" ".join(span.text.split()) for span in spans)
    # The fullest form names it; of equally full ones the most frequent.
    name = max(forms, key=lambda form: (len(key_of(form).split()), forms[form], len(form)))
    others = tuple(form for form, _ in forms.most_common() if form != name)
    return Entity(name, label, len(spans), places, others)
