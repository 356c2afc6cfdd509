"""How well a stretch of a sentence fits a question, by its form and by the words around it.

Whether it is of the kind that is asked for, does not say what the question says itself, is whole (no
part of a name, nothing that begins with an adverb), and whether the question's words stand near it.
The weights are few and were chosen on half of XQuAD's English articles (the benchmark tells the figures
of the other half). It knows no encoder.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

from engine.text_tools.answer_spans import AnswerSpan
from engine.text_tools.question_types import (
    ANY,
    DATE,
    GROUP,
    MANNER,
    MEASURE,
    NUMBER,
    PERSON,
    PLACE,
    REASON,
    asked_noun,
    question_type,
)
from engine.text_tools.terms import placed_terms, terms

# Of each kind of question: how well each kind of stretch or of name fits; "" is any other.
_FITS = {
    PERSON: {"PER": 1.0, "ORG": 0.5, "name": 0.5, "LOC": 0.1, "chunk": 0.0, "": -0.5},
    DATE: {"date": 1.0, "number": 0.0, "": -0.5},
    NUMBER: {"number": 1.0, "date": 0.1, "": -0.5},
    MEASURE: {"number": 0.8, "date": 0.8, "": -0.3},
    PLACE: {"LOC": 1.0, "ORG": 0.5, "name": 0.5, "chunk": 0.0, "": -0.5},
    GROUP: {"ORG": 1.0, "name": 0.6, "LOC": 0.3, "chunk": 0.2, "": -0.4},
    REASON: {"clause": 0.5, "": -0.2},
    MANNER: {"clause": 0.3, "": 0.0},
    ANY: {
        "PER": 0.1, "name": 0.25, "LOC": 0.2, "ORG": 0.25, "MISC": 0.3, "quoted": 0.4, "chunk": 0.25,
        "number": -0.1, "date": -0.2, "piece": -0.05, "clause": -0.1, "": 0.0,
    },
}  # fmt: skip
_TYPED = frozenset((PERSON, DATE, NUMBER, MEASURE, PLACE, GROUP))
_FIT, _FIT_TYPED = 1.0, 1.5
_SAID, _AROUND, _AROUND_TYPED = 0.75, 0.2, 0.3
_NOUN, _COUNTED, _PART, _BAD_EDGE, _PIECE, _LENGTH = 1.0, 0.5, 0.3, 0.3, 0.2, 0.05
_USUAL_WORDS = 2.2
_NEAR_TERMS = 6  # to either side
_HOW_MANY = re.compile(r"how (?:many|much) (.+)", re.IGNORECASE)


class Form:
    """Scores the stretches of sentences for one question."""

    def __init__(self, question: str) -> None:
        self.kind = question_type(question)
        self._asked = frozenset(terms(question))
        self._noun = frozenset(terms(asked_noun(question)))
        counted = _HOW_MANY.search(question)
        self._counted = (terms(counted[1]) if counted else [])[:1]

    def scores(
        self, text: str, start: int, end: int, spans: Sequence[AnswerSpan]
    ) -> list[float | None]:
        """Of each of the stretches of the sentence `text[start:end]`; None for one without words."""
        placed = placed_terms(text, start, end)
        begins = [at for at, _, _ in placed]
        names = [(span.start, span.end) for span in spans if span.kind == "name"]
        return [self._score(text, placed, begins, names, span) for span in spans]

    def _score(
        self,
        text: str,
        placed: Sequence[tuple[int, int, str]],
        begins: Sequence[int],
        names: Sequence[tuple[int, int]],
        span: AnswerSpan,
    ) -> float | None:
        words = text[span.start : span.end].split()
        first, last = bisect.bisect_left(begins, span.start), bisect.bisect_left(begins, span.end)
        own = {term for _, _, term in placed[first:last]}
        if not own and not any(char.isalnum() for word in words for char in word):
            return None
        rest = own - self._noun
        said = len(rest & self._asked) / len(rest) if rest else 1.0
        before = [term for _, _, term in placed[max(0, first - _NEAR_TERMS) : first]][::-1]
        behind = [term for _, _, term in placed[last : last + _NEAR_TERMS]]
        near = sum(
            1 / (1 + distance)
            for side in (before, behind)
            for distance, term in enumerate(side)
            if term in self._asked
        )
        typed = self.kind in _TYPED
        inside = any(
            start <= span.start and span.end <= end and (start, end) != (span.start, span.end)
            for start, end in names
        )
        is_long = self.kind in (REASON, MANNER)
        return (
            (_FIT_TYPED if typed else _FIT) * self._fit(span)
            - _SAID * said
            + (_AROUND_TYPED if typed else _AROUND) * near
            + _NOUN * bool(self._noun & own)
            + _COUNTED * bool(self._counted and behind[:1] == self._counted)
            - _PART * inside
            - _BAD_EDGE * _has_bad_edge(words, span.kind)
            - _PIECE * (span.kind == "piece")
            - (0.0 if is_long else _LENGTH * abs(len(words) - _USUAL_WORDS))
        )

    def _fit(self, span: AnswerSpan) -> float:
        fits = _FITS[self.kind]
        known = (key for key in (span.label, span.kind) if key and key in fits)
        return fits[next(known, "")]


def _has_bad_edge(words: Sequence[str], kind: str) -> bool:
    """Begins or ends as a noun chunk of English does not: with an adverb, or a verb's form."""
    first, last = words[0].lower(), words[-1].lower()
    is_chunk = kind in ("chunk", "piece")
    return (
        first.endswith("ly")
        or last.endswith(("ly", "ed"))
        or (is_chunk and first.endswith("ed"))
        or (kind == "piece" and first.endswith("ing"))
    )
