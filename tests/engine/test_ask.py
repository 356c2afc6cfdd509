"""Questions about documents, with an encoder that counts words and a model that says what it is told."""

from __future__ import annotations

import pytest

from engine.backends.echo_backend import EchoEncoder
from engine.contracts import AbortFlag, LanguageModel
from engine.errors import BadRequestError
from engine.text_tools.answer_ranking import whole_answer
from engine.text_tools.answer_spans import AnswerSpan
from engine.text_tools.ask import Ask
from engine.text_tools.ask_run import answer
from engine.text_tools.base import StepProgress, ToolContext
from engine.text_tools.results import AnswerResult
from engine.types import Document, Passage
from tests.engine.asked_texts import FILLER, TEXT, asked, large
from tests.engine.fake_model import FakeModel, context_of


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


def test_a_question_about_all_of_a_document_is_answered_by_its_key_sentences() -> None:
    for question in ("What is this about?", "Worum geht es?", "这篇文章讲了什么？"):
        result = asked(FakeModel(), question, TEXT, reader="quotes")[-1]
        assert result.found
        assert result.short == ""
        assert 1 <= len(result.quotes) <= 3
        for quote in result.quotes:
            assert quote.passage is not None
            assert TEXT[quote.passage.start : quote.passage.end] == quote.text


def test_a_question_about_all_of_a_very_long_document_is_answered_from_everywhere() -> None:
    text = "\n\n".join(f"{FILLER} It was day {number}." for number in range(20_000))
    result = asked(FakeModel(n_ctx=1024), "What is it about?", text)[-1]
    assert result.found
    assert result.quotes
    assert not result.whole


def test_yes_or_no_is_left_to_the_reader_of_the_quotes() -> None:
    result = asked(FakeModel(), "Was the bridge designed by Ruth Holm?", TEXT, reader="quotes")[-1]
    assert result.found
    assert result.short == ""
    assert result.quotes[0].text == "It was designed by the engineer Ruth Holm."


@pytest.mark.parametrize(
    ("question", "name", "whole"),
    [
        ("Who founded the mill?", "Ann Lee", "Ann Lee, Bo Marsh and Cy Roe"),
        ("Who founded the mill?", "Cy Roe", "Cy Roe"),
        ("What is the mill called?", "Ann Lee", "Ann Lee"),
        ("Who lives in Tarnby?", "Di Fox", "Di Fox"),
    ],
)
def test_of_several_people_all_are_the_answer(question: str, name: str, whole: str) -> None:
    text = "It was founded by Ann Lee, Bo Marsh and Cy Roe in 1820. Di Fox and others live there."
    start = text.index(name)
    span = AnswerSpan(start, start + len(name), "name", "PER")
    first, last = whole_answer(question, text, span)
    assert text[first:last] == whole


def test_the_mark_of_a_footnote_is_no_part_of_an_answer() -> None:
    text = "He resigned after a long illness.[26] Later he invested in sports."
    span = AnswerSpan(12, text.index("]"), "clause")
    first, last = whole_answer("Why did he resign?", text, span)
    assert text[first:last] == "after a long illness"


def test_a_question_in_another_language_is_told_what_language_finds_more() -> None:
    text = (
        "Die Brücke über den Fluss wurde im Jahr 1931 eröffnet. Sie wurde von einer Ingenieurin aus "
        "der Stadt entworfen und kostete mehr als vier Millionen Kronen. Auf dem Markt gibt es Brot."
    )
    result = asked(FakeModel(), "Which submarine sank beside Antarctica yesterday?", text)[-1]
    assert not result.found
    assert result.remarks[1] == "The text is in German: a question in German finds more."
    result = asked(FakeModel(), "哪艘潜艇昨天沉没了？", text)[-1]
    assert result.remarks[1] == "The text is in German: a question in German finds more."


def test_several_documents_are_looked_through_and_each_quote_names_its_own() -> None:
    texts = [
        FILLER,
        TEXT,
        "The tower of Tarnby was designed by the engineer Olga Lind. It is tall.",
    ]
    result = asked(FakeModel(), "Who designed the tower of Tarnby?", *texts, reader="quotes")[-1]
    assert result.short in ("Olga", "Olga Lind")  # this encoder knows names of one word
    for quote in result.quotes:
        assert quote.passage is not None
        assert texts[quote.passage.document][quote.passage.start : quote.passage.end] == quote.text
    assert result.quotes[0].passage is not None
    assert result.quotes[0].passage.document == 2
    named = tuple(Document(f"text {number}", text) for number, text in enumerate(texts))
    assert "(text 2, ¶ 1)" in Ask().to_markdown(result, named)


def test_the_same_sentence_on_two_pages_is_one_quote() -> None:
    sentence = "The bridge was designed by the engineer Ruth Holm."
    text = f"{sentence}\n\n{FILLER}\n\n{sentence}"
    result = asked(FakeModel(), "Who designed the bridge?", text, reader="quotes")[-1]
    assert [quote.text for quote in result.quotes].count(sentence) == 1


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
