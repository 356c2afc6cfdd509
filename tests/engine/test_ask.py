"""Questions about documents, with an encoder that counts words and a model that says what it is told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from engine.backends.echo_backend import EchoEncoder
from engine.contracts import AbortFlag, LanguageModel
from engine.errors import BadRequestError
from engine.text_tools.ask import Ask
from engine.text_tools.ask_run import answer
from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.results import AnswerResult
from engine.types import Document, Passage
from tests.engine.fake_model import FakeModel, context_of, results_of

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


def nobody() -> LanguageModel:
    raise AssertionError("no chat model is wanted")


def test_a_question_is_answered_in_the_source_s_own_words() -> None:
    result = asked(FakeModel(), "When was the bridge over the river Alm opened?", TEXT)[-1]
    assert result.found
    assert result.short == "1931"
    assert result.short_passage is not None
    assert TEXT[result.short_passage.start : result.short_passage.end] == "1931"
    assert result.quotes[0].text == "The bridge over the river Alm was opened in 1931."
    for quote in result.quotes:
        assert quote.passage is not None
        assert TEXT[quote.passage.start : quote.passage.end] == quote.text
    assert [span.text for span in result.spans] == [quote.text for quote in result.quotes]


def test_quotes_come_before_the_model_is_asked_and_without_one() -> None:
    context = ToolContext(nobody, EchoEncoder, AbortFlag())
    steps = answer(context, (Document("a", TEXT),), "Who designed the bridge?", reader="quotes")
    results = [step for step in steps if isinstance(step, AnswerResult)]
    assert results[-1].quotes
    assert results[-1].model_name == ""
    assert context.used_model is None
    model = FakeModel()
    model.enqueue("Ruth Holm designed it.")
    first, *_, last = asked(model, "Who designed the bridge?", TEXT)
    assert first.quotes
    assert first.answer == first.model_name == ""
    assert last.answer == "Ruth Holm designed it."
    assert last.model_name == model.info.name


def test_what_is_not_in_the_documents_is_said_not_to_be() -> None:
    model = FakeModel()
    result = asked(model, "Which submarine sank beside Antarctica yesterday?", TEXT)[-1]
    assert not result.found
    assert (result.answer, result.short, result.quotes, result.spans) == ("", "", (), ())
    assert "text 1" in result.remarks[0]
    assert not model.asked  # nothing to write about


def test_words_come_as_they_are_written() -> None:
    model = FakeModel()
    model.enqueue("It was designed by the engineer Ruth Holm in 1931.")
    answers = [result.answer for result in asked(model, "Who designed the bridge?", TEXT)]
    written = [text for text in answers if text]
    assert len(written) > 3
    assert all(written[-1].startswith(text) for text in written)


def test_numbers_and_names_that_the_model_was_not_shown_are_told() -> None:
    model = FakeModel()
    model.enqueue("In 1950 the engineer Peter Novak designed the bridge with Ruth Holm.")
    result = asked(model, "Who designed the bridge?", TEXT)[-1]
    assert set(result.unsupported) == {"1950", "Peter Novak"}


def test_a_large_model_s_quotes_are_checked_and_a_false_one_has_no_place() -> None:
    model = large()
    model.enqueue(
        "> It was designed  by the engineer Ruth Holm.\n"
        "> It cost 5.2 million crowns.\n\nRuth Holm designed it."
    )
    result = asked(model, "Who designed the bridge?", TEXT)[-1]
    by_text = {quote.text: quote.passage for quote in result.quotes}
    assert by_text["It was designed by the engineer Ruth Holm."] is not None
    assert by_text["It cost 5.2 million crowns."] is None
    assert result.quotes[-1].passage is None  # proof comes first
    assert all(span.text in TEXT for span in result.spans)
    assert result.answer == "Ruth Holm designed it."


def test_the_words_that_a_large_model_took_from_the_source_are_the_short_answer() -> None:
    model = large()
    model.enqueue("It crosses the river Alm.")
    first, *_, last = asked(model, "When was the bridge over the river Alm opened?", TEXT)
    assert first.short == "1931"
    assert last.short in ("Alm", "river Alm", "the river Alm")
    assert last.short_passage is not None
    assert TEXT[last.short_passage.start : last.short_passage.end] == last.short


def test_a_large_model_may_deny_what_only_looks_near() -> None:
    model = large()
    model.enqueue("NOT IN THE DOCUMENTS")
    results = asked(model, "Who designed the bridge?", TEXT)
    assert results[0].found
    assert not results[-1].found
    assert results[-1].quotes == ()
    assert not any(result.answer for result in results)


def test_the_documents_are_shown_whole_where_they_fit() -> None:
    model = FakeModel()
    model.enqueue("Ruth Holm.")
    result = asked(model, "Who designed the bridge?", TEXT, FILLER)[-1]
    assert result.whole
    assert result.given == (Passage(0, len(TEXT), 0), Passage(0, len(FILLER), 1))
    shown = model.asked[-1][-1].content
    assert TEXT in shown
    assert FILLER in shown


def test_of_a_long_document_the_model_is_shown_the_best_passages_that_fit() -> None:
    text = "\n\n".join([*[FILLER] * 200, TEXT, *[FILLER] * 200])
    model = FakeModel(n_ctx=1024)
    model.enqueue("Ruth Holm.")
    result = asked(model, "Who designed the bridge over the river Alm?", text)[-1]
    assert not result.whole
    assert result.quotes[0].text in TEXT
    shown = model.asked[-1]
    assert "designed by the engineer Ruth Holm" in shown[-1].content
    assert model.count_prompt_tokens(shown) < 1024
    for place in result.given:
        assert text[place.start : place.end] in shown[-1].content


def test_who_brings_the_passages_limits_where_to_look() -> None:
    documents = (Document("a", FILLER), Document("b", TEXT))
    start = TEXT.index("In the town")
    places = [Passage(start, len(TEXT), 1)]
    context = context_of(FakeModel())
    steps = list(answer(context, documents, "What does the baker sell?", places, reader="quotes"))
    result = steps[-1]
    assert isinstance(result, AnswerResult)
    assert result.quotes[0].passage is not None
    assert result.quotes[0].passage.document == 1
    assert all(q.passage is not None and q.passage.start >= start for q in result.quotes)


def test_a_question_in_chinese_is_answered_by_pairs_of_characters() -> None:
    text = "图书馆于1919年在北京开放。它有六万本书。\n\n镇上每周五有集市。面包师卖面包。"
    result = asked(FakeModel(), "图书馆是哪一年开放的？", text, reader="quotes")[-1]
    assert result.found
    assert result.quotes[0].text == "图书馆于1919年在北京开放。"
    assert result.short == "1919年"


@pytest.mark.parametrize("question", ["", " \n\t ", "x" * 3_000])
def test_what_is_no_question_is_refused_in_words(question: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        asked(FakeModel(), question, TEXT)
    assert caught.value.hint


def test_progress_is_told_while_a_long_document_is_looked_through() -> None:
    text = "\n\n".join([FILLER] * 2_000)
    context = context_of(FakeModel())
    steps = list(answer(context, (Document("a", text),), "When did it end?", reader="quotes"))
    shares = [
        step.done / step.total for step in steps if isinstance(step, StepProgress) and step.total
    ]
    assert len(shares) > 2
    assert shares == sorted(shares)


def test_the_result_reads_as_markdown() -> None:
    model = large()
    model.enqueue("> Somebody made this up.\n\nRuth Holm designed it in 1999.")
    result = asked(model, "Who designed the bridge?", TEXT)[-1]
    text = Ask().to_markdown(result, (Document("text 1", TEXT),))
    assert text.startswith("## Who designed the bridge?")
    assert "> Somebody made this up. (not found in the documents)" in text
    assert "1999" in text.splitlines()[-1]
