"""A summary says what its source says, marks what it does not, and gets as short as wanted."""

from __future__ import annotations

from engine.text_tools.results import SummaryResult
from engine.text_tools.summarize import Summarize
from engine.types import FinishReason
from tests.engine.fake_model import FakeModel, results_of


def summary(model: FakeModel, *texts: str, **options: int) -> SummaryResult:
    result = results_of(Summarize(), model, *texts, **options)[-1]
    assert isinstance(result, SummaryResult)
    return result


SOURCE = "The crane fell on Monday in Leeds. Two workers were hurt, and the street was closed."


def test_what_the_model_made_up_is_flagged_and_what_is_true_is_not() -> None:
    model = FakeModel()
    model.enqueue("Two cranes fell in Paris. The street was closed.")
    model.enqueue("There were 9 attacks in Leeds. All in Paris and by Jack Brown.")
    result = summary(model, SOURCE)
    assert [point.unsupported for point in result.points] == [("Paris",), ()]
    assert all(point.passages for point in result.points)


def test_a_doubtful_note_is_written_once_more_and_the_better_one_kept() -> None:
    model = FakeModel()
    model.enqueue("A crane fell in Paris.", "A crane fell in Leeds.")
    result = summary(model, SOURCE)
    assert [point.text for point in result.points] == ["A crane fell in Leeds."]
    assert result.checked_names == 1


def test_a_sentence_that_was_cut_off_is_left_out() -> None:
    model = FakeModel()
    model.enqueue("A crane fell in Leeds. Two workers wer", finish_reason=FinishReason.LENGTH)
    assert [point.text for point in summary(model, SOURCE).points] == ["A crane fell in Leeds."]


def test_a_model_that_says_nothing_still_leaves_the_quotes() -> None:
    result = summary(FakeModel(), SOURCE)
    assert result.points == ()
    assert {key.text for key in result.key_sentences} <= set(SOURCE.replace(". ", ".|").split("|"))
    assert result.key_sentences


def test_many_notes_are_merged_until_no_more_are_left_than_wanted() -> None:
    model = FakeModel()
    for number in range(200):
        model.enqueue(f"Thing {number} happened. It was good.")
    text = "\n\n".join(f"In paragraph {n} a thing happened and that was all." for n in range(400))
    result = summary(model, text, points=4)
    assert 0 < len(result.points) <= 4
    assert len(result.key_sentences) == 4
