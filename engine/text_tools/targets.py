"""How a text speaks of its names: the sentiment of the clauses that mention them.

No model of "towards whom" is behind this: where a clause praises one and names another, it errs. So it
is said of a name where the text mentions it, not of what the text thinks of it.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Sequence

from engine.text_tools.judged import mean_shares, verdict
from engine.text_tools.results import SENTIMENT_LABELS, Entity, TargetSentiment
from engine.types import Document, Span

MOST = 60  # names, the most frequent
_CLAUSE = re.compile(
    r"[;:—–]\s+|,?\s+(?:but|while|whereas|although|though|however|yet)\s+", re.IGNORECASE
)

Judge = Callable[[Sequence[str]], list[list[float]]]


def target_sentiments(
    documents: tuple[Document, ...],
    sentences: Sequence[Span],
    mentions: Sequence[Span],
    names: Sequence[Entity],
    judge: Judge,
) -> tuple[TargetSentiment, ...]:
    """`mentions` are what `names` index; `judge` gives the shares of clauses."""
    starts = [(span.document, span.start) for span in sentences]
    places: dict[int, int] = {}
    named: dict[int, set[int]] = {}
    for number, name in enumerate(names):
        for at in name.mentions:
            mention = mentions[at]
            place = bisect.bisect_right(starts, (mention.document, mention.start)) - 1
            if place >= 0 and mention.end <= sentences[place].end:
                places[at] = place
                named.setdefault(place, set()).add(number)
    clauses: dict[str, list[float]] = {}
    wanted: dict[int, str] = {}
    for name in names[:MOST]:
        for at in name.mentions:
            if at in places and len(named[places[at]]) > 1:
                clause = _clause(sentences[places[at]], mentions[at])
                if clause != sentences[places[at]].text:
                    wanted[at] = clause
    texts = sorted(set(wanted.values()))
    clauses.update(zip(texts, judge(texts), strict=True))
    found = []
    for name in names[:MOST]:
        heard = []
        for at in name.mentions:
            if at in places:
                own = sentences[places[at]].alternatives
                shares = clauses.get(wanted.get(at, ""), [own[label] for label in SENTIMENT_LABELS])
                if shares:
                    heard.append((shares, 1))
        if heard:
            label, score, by_label = verdict(mean_shares(heard))
            seen = tuple(sorted({places[at] for at in name.mentions if at in places}))
            found.append(
                TargetSentiment(name.text, name.label, label, score, by_label, name.count, seen)
            )
    return tuple(found)


def _clause(sentence: Span, mention: Span) -> str:
    """The part of the sentence around the mention, up to where another thought begins."""
    start, end = mention.start - sentence.start, mention.end - sentence.start
    first, last = 0, len(sentence.text)
    for match in _CLAUSE.finditer(sentence.text):
        if match.end() <= start:
            first = match.end()
        elif match.start() >= end:
            last = match.start()
            break
    return sentence.text[first:last].strip()
