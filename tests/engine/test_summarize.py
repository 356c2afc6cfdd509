"""A summary says what its source says, marks what it does not, and gets as short as wanted."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from engine.contracts import AbortFlag
from engine.encoders.resident import ResidentEncoder
from engine.text_tools.base import ToolContext
from engine.text_tools.results import SummaryResult
from engine.text_tools.summarize import Summarize
from engine.text_tools.summary_plan import SummaryPlan
from engine.types import Document, FinishReason, Section
from tests.engine.fake_model import FakeModel, context_of, results_of

LARGE = 8_000_000_000
SOURCE = "The crane fell on Monday in Leeds. Two workers were hurt, and the street was closed."


def summaries(model: FakeModel, *texts: str, **options: Any) -> list[SummaryResult]:
    results = results_of(Summarize(), model, *texts, **options)
    assert all(isinstance(result, SummaryResult) for result in results)
    return results  # type: ignore[return-value]


def summary(model: FakeModel, *texts: str, **options: Any) -> SummaryResult:
    return summaries(model, *texts, **options)[-1]


def long_text(paragraphs: int) -> str:
    return "\n\n".join(
        f"In paragraph {n} a thing happened, and that was all." for n in range(paragraphs)
    )


def test_what_the_model_made_up_is_flagged_and_what_is_true_is_not() -> None:
    model = FakeModel(parameter_count=LARGE)
    model.enqueue("Two cranes fell in Paris. The street was closed.")
    model.enqueue("There were 9 attacks in Leeds. All in Paris and by Jack Brown.")
    result = summary(model, SOURCE)
    assert [point.unsupported for point in result.points] == [("Paris",), ()]
    assert all(point.passages for point in result.points)


def test_what_a_small_model_made_up_is_left_out() -> None:
    model = FakeModel()
    model.enqueue(*["Two cranes fell in Paris. The street was closed."] * 2)
    assert [point.text for point in summary(model, SOURCE).points] == ["The street was closed."]


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


def test_a_model_that_does_not_end_is_not_waited_for() -> None:
    model = FakeModel()
    said = "A crane fell in Leeds."
    model.enqueue(f"{said} Two workers were hurt. The street was closed." + " And on." * 400)
    context = context_of(model)
    (*_, result) = Summarize().run(
        context, (Document("x", SOURCE),), Summarize.Options(length="one line")
    )
    assert isinstance(result, SummaryResult)
    assert [point.text for point in result.points] == [said]
    assert context.usage.completion_tokens < 120


def test_a_small_model_is_asked_again_only_if_nothing_it_said_can_be_kept() -> None:
    model = FakeModel()
    model.enqueue("Two cranes fell in Paris. The street was closed.", "Two workers were hurt.")
    summary(model, SOURCE)
    assert len(model.asked) == 1
    large = FakeModel(parameter_count=LARGE)
    large.enqueue("Two cranes fell in Paris. The street was closed.", "Two workers were hurt.")
    summary(large, SOURCE)
    assert len(large.asked) == 2


def test_a_model_that_says_nothing_still_leaves_the_quotes() -> None:
    result = summary(FakeModel(), SOURCE)
    assert result.points == ()
    assert {key.text for key in result.key_sentences} <= set(SOURCE.replace(". ", ".|").split("|"))
    assert result.key_sentences


def test_many_notes_are_merged_until_no_more_are_left_than_wanted() -> None:
    for parameters in (0, LARGE):
        model = FakeModel(parameter_count=parameters)
        for number in range(200):
            model.enqueue(f"Thing {number} happened. It was good.")
        result = summary(model, long_text(400), points=4)
        assert 0 < len(result.points) <= 4
        assert len(result.key_sentences) == 4


def test_key_sentences_come_first_and_need_no_chat_model() -> None:
    model = FakeModel()
    first = summaries(model, SOURCE)[0]
    assert first.key_sentences
    assert first.points == ()
    assert first.coverage.parts_read == 0
    model.asked.clear()
    only = summary(model, SOURCE, reader="key sentences")
    assert (only.key_sentences, only.model_name, model.asked) == (first.key_sentences, "", [])
    assert only.coverage.parts_read == only.coverage.parts == 1
    chinese = "大语言模型需要很多数据才能训练好。" * 3 + "昨天里斯本下了一场很大的雨。"
    assert summary(model, chinese, reader="key sentences", points=2).key_sentences


def test_a_long_document_shows_key_sentences_before_all_of_it_is_looked_at() -> None:
    results = summaries(FakeModel(), long_text(1500), reader="key sentences")
    assert len(results) == 2
    assert results[0].key_sentences
    assert results[0].coverage.parts_read == 0


def test_all_parts_are_noted_and_the_coverage_grows() -> None:
    results = summaries(FakeModel(), long_text(400))
    read = [result.coverage.parts_read for result in results]
    assert read == sorted(read)
    assert results[-1].coverage.parts_read == results[-1].coverage.parts > 3


def test_a_changed_text_is_noted_again_only_where_it_changed() -> None:
    model, text = FakeModel(), long_text(600)
    for number in range(99):
        model.enqueue(f"Thing {number} happened in a paragraph.")
    before = summary(model, text)
    asked = len(model.asked)
    assert asked > 6
    model.asked.clear()
    same = summary(model, text, earlier=msgspec.to_builtins(before))
    assert model.asked == []
    assert same.points == before.points
    edited = text.replace("In paragraph 300 a thing", "In paragraph 300 another thing")
    after = summary(model, edited, earlier=msgspec.to_builtins(before))
    assert 1 <= len(model.asked) <= 3
    assert after.coverage == before.coverage
    model.asked.clear()
    summary(model, text, earlier=msgspec.to_builtins(before), focus="paragraph")
    assert len(model.asked) >= asked  # something else is asked for


@pytest.mark.model
def test_a_focus_that_nothing_is_about_is_an_honest_answer() -> None:
    encoder, model = ResidentEncoder(), FakeModel()
    documents = (Document("a", SOURCE),)

    def focused(focus: str) -> SummaryResult:
        context = ToolContext(lambda: model, lambda: encoder, AbortFlag())
        (*_, result) = Summarize().run(context, documents, Summarize.Options(focus=focus))
        assert isinstance(result, SummaryResult)
        return result

    result = focused("photosynthesis")
    assert (result.points, result.key_sentences, model.asked) == ((), (), [])
    assert result.remarks == ("Nothing in the text seems to be about “photosynthesis”.",)
    found = focused("workers")
    assert [key.text for key in found.key_sentences] == [SOURCE[35:]]
    assert "about workers" in model.asked[0][0].content


def test_language_and_length_are_asked_for() -> None:
    model = FakeModel(parameter_count=LARGE)
    model.enqueue(
        "The crane fell on Monday in Leeds, and then the whole street was closed for a week."
    )
    result = summary(model, SOURCE, language="German", length="one line")
    system = model.asked[0][0].content
    assert "Write in German." in system
    assert "one sentence" in system
    assert result.remarks == ("The model did not write in German; a larger one may.",)
    assert len(result.key_sentences) == 1


def test_points_stand_under_the_headings_of_their_passages() -> None:
    text = "Fall\n\nThe crane fell on Monday in Leeds.\n\nRoad\n\nThe street was closed for days."
    sections = (Section(0, 42, "Fall"), Section(42, len(text), "Road"))
    model = FakeModel()
    model.enqueue("The street was closed for days. The crane fell on Monday in Leeds.")
    options = Summarize.Options(form="sections")
    (*_, result) = Summarize().run(
        context_of(model), (Document("a", text, sections=sections),), options
    )
    assert isinstance(result, SummaryResult)
    assert [point.text[:9] for point in result.points] == ["The crane", "The stree"]
    assert [(heading.title, heading.first) for heading in result.headings] == [
        ("Fall", 0),
        ("Road", 1),
    ]
    markdown = Summarize().to_markdown(result, (Document("a", text, sections=sections),))
    assert "### Fall\n\n- The crane fell" in markdown


def test_several_documents_are_summed_up_one_by_one_and_together() -> None:
    model = FakeModel()
    model.enqueue("The crane fell on Monday in Leeds.", "The dog slept all day at home.")
    result = summary(model, SOURCE, "The dog slept all day at home, and nobody was hurt.")
    assert [(one.document, len(one.points)) for one in result.each] == [(0, 1), (1, 1)]
    assert {point.passages[0].document for point in result.points} == {0, 1}


def test_of_many_parts_only_as_much_is_written_as_there_is_to_choose_from() -> None:
    plan = SummaryPlan("short")
    said = [plan.sentences_of_part(parts) for parts in (1, 2, 3, 12, 23, 24, 400)]
    assert said == [3, 3, 2, 2, 2, 1, 1]
    assert SummaryPlan("detailed").sentences_of_part(18) == 3
    assert SummaryPlan("one line").sentences_of_part(1) == 1
    assert plan.tries_again(12)
    assert not plan.tries_again(13)
    assert SummaryPlan("short", form="sections").tries_again(100)
