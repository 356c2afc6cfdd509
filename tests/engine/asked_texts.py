"""What the tests of questions share: a text, a larger model, and how a question is put to both."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.text_tools.ask import Ask
from engine.text_tools.results import AnswerResult
from tests.engine.fake_model import FakeModel, results_of

TEXT = (
    "The bridge over the river Alm was opened in 1931. It was designed by the engineer Ruth Holm. "
    "It cost 4.2 million crowns.\n\nIn the town there is a market on Fridays. The baker sells bread. "
    "Nobody knows why the bells ring at noon."
)
FILLER = "Nothing of note was said that day, and the meeting ended early without a vote."


def large() -> FakeModel:
    """A model of a size that may be asked to quote."""
    model = FakeModel()
    model.info = msgspec.structs.replace(model.info, parameter_count=7_000_000_000)
    return model


def asked(model: FakeModel, question: str, *texts: str, **options: Any) -> list[AnswerResult]:
    results = results_of(Ask(), model, *texts, question=question, **options)
    assert all(isinstance(result, AnswerResult) for result in results)
    return results  # type: ignore[return-value]
