"""The log-probabilities of an answer's tokens, as compact JSON: `[["word",-0.1,[["other",-2.4]]]]`.

Four decimals are more than a percentage shows. The text of a token is exact.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from engine.storage import values
from engine.storage.database import Database
from engine.types import TokenChoice, TokenScore

_FLOOR = -1e4  # instead of minus infinity, which JSON cannot hold


def keep_scores(database: Database, message_id: int, scores: Sequence[TokenScore]) -> None:
    """Keep them, once; inside a transaction."""
    database.write(
        "INSERT INTO scores (message_id, tokens) VALUES (?, ?)",
        *(message_id, _dumps(scores)),
    )


def scores_of(database: Database, message_id: int) -> tuple[TokenScore, ...]:
    """Those that were kept, in the order of the answer; none if there are none."""
    row = database.row("SELECT tokens FROM scores WHERE message_id = ?", message_id)
    try:
        rows = msgspec.convert(
            values.from_json(row[0] if row else None),
            list[tuple[str, float, list[tuple[str, float]]]],
        )
    except msgspec.ValidationError:  # none, or damaged
        return ()
    return tuple(
        TokenScore(text, logprob, tuple(TokenChoice(*other) for other in others))
        for text, logprob, others in rows
    )


def _dumps(scores: Sequence[TokenScore]) -> str:
    rows = [
        [
            score.text,
            _number(score.logprob),
            [[a.text, _number(a.logprob)] for a in score.alternatives],
        ]
        for score in scores
    ]
    return json.dumps(rows, separators=(",", ":"))  # in ASCII, see `values.to_json`


def _number(logprob: float) -> float:
    return round(max(logprob, _FLOOR), 4) if logprob == logprob else _FLOOR
