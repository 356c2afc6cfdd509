"""Quotes in a chat's answer: which count as quotes, and which stand in what the model was given."""

from __future__ import annotations

import pytest

from engine.protocol import GivenText
from engine.text_tools.answer_quotes import checked_quotes
from engine.types import Passage

NOTE = "The bridge over the river Alm was opened in 1931. The engineer Ruth Holm designed it."
CHINESE = "这座桥于1931年开放，由工程师设计。"
GIVEN = (
    GivenText("a.txt", "", CHINESE, Passage(0, len(CHINESE), 0), whole=True),
    GivenText("b.txt", "p. 2", NOTE, Passage(100, 100 + len(NOTE), 1)),
)


def quoted(answer: str) -> list[tuple[str, int]]:
    return [(answer[one.start : one.end], one.given) for one in checked_quotes(answer, GIVEN)]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("He wrote “was opened in 1931”.", "was opened in 1931"),
        ('It says "was opened in 1931." there', "was opened in 1931."),
        ('It says "was opened in 1931, " there', "was opened in 1931, "),
        ("Es heißt „was opened in 1931“.", "was opened in 1931"),
        ("On lit «was opened in 1931».", "was opened in 1931"),
        ("「这座桥于1931年开放」", "这座桥于1931年开放"),
        ("“the engineer Ruth Holm designed it”", "the engineer Ruth Holm designed it"),
        ("“The bridge […] was opened in 1931”", "The bridge […] was opened in 1931"),
        ("“The engineer **Ruth Holm** designed it”", "The engineer **Ruth Holm** designed it"),
        ("> The engineer Ruth Holm\n> designed it.", "The engineer Ruth Holm\n> designed it."),
    ],
)
def test_a_quote_is_found_in_whatever_marks_it_stands(answer: str, words: str) -> None:
    ((found, given),) = quoted(answer)
    assert found == words
    assert given >= 0


@pytest.mark.parametrize(
    "words", ["was opened in 1932", "The engineer Ruth Holms designed it", "was opened … in 1830"]
)
def test_a_changed_letter_or_digit_is_another_text(words: str) -> None:
    assert quoted(f"“{words}”") == [(words, -1)]


@pytest.mark.parametrize(
    "answer",
    [
        "It is “so called”.",
        '`print("was opened in 1931")`',
        '```\nsay "was opened in 1931"\n```',
        'A board of 6" by 7" and of 8" by 9" was opened in 1931',
        "Nothing is quoted here.",
    ],
)
def test_a_word_a_measure_and_code_are_no_quotes(answer: str) -> None:
    assert quoted(answer) == []


def test_the_place_is_that_in_the_document() -> None:
    (quote,) = checked_quotes("“Ruth Holm designed it”", GIVEN)
    assert quote.passage is not None
    assert quote.passage.document == 1
    start, end = quote.passage.start - 100, quote.passage.end - 100
    assert NOTE[start:end] == "Ruth Holm designed it"


def test_without_texts_nothing_is_checked() -> None:
    assert checked_quotes("“The engineer Ruth Holm designed it”", ()) == ()


def test_an_answer_full_of_open_marks_is_read_quickly() -> None:
    assert len(checked_quotes('"a b c ' * 4_000, GIVEN)) <= 40
    assert checked_quotes("“" * 20_000, GIVEN) == ()
