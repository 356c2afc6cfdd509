"""A quote is checked character by character; only what printing changes may differ."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.text_tools.quoting import find_quote, pieces_of
from engine.types import Document, Passage

SOURCE = (
    "The mod-\nern “library” opened in 2019. It cost\n  14.2 million pounds – a well-known\xa0fact.\n"
    "A co-\noperative runs it; the author’s words were kept.\n图书馆于1919年开放，使用GPT模型。"
)


def found(quote: str, *texts: str) -> str | None:
    documents = [Document(str(n), text) for n, text in enumerate(texts or (SOURCE,))]
    place = find_quote(quote, documents)
    return None if place is None else documents[place.document].text[place.start : place.end]


@pytest.mark.parametrize(
    ("quote", "source"),
    [
        ("opened in 2019", "opened in 2019"),
        ("It cost 14.2 million pounds", "It cost\n  14.2 million pounds"),
        ("It cost\n14.2\tmillion", "It cost\n  14.2 million"),
        ("modern “library”", "mod-\nern “library”"),
        ('modern "library" opened', "mod-\nern “library” opened"),
        ("„library“", "“library”"),
        ("pounds - a well-known fact", "pounds – a well-known\xa0fact"),
        ("the author's words", "the author’s words"),
        ("A cooperative runs it", "A co-\noperative runs it"),
        ("A co-operative runs it", "A co-\noperative runs it"),
        ("A co-\noperative", "A co-\noperative"),
        ("well-\nknown fact", "well-known\xa0fact"),
        ("图书馆于1919年开放", "图书馆于1919年开放"),
        ("馆于1919年", "馆于1919年"),
        ("使用GPT模型", "使用GPT模型"),
    ],
)
def test_what_printing_changes_is_tolerated_and_the_source_s_own_words_are_given(
    quote: str, source: str
) -> None:
    assert found(quote) == source


@pytest.mark.parametrize(
    "quote",
    [
        "opened in 2018",
        "Opened in 2019",
        "opened 2019",
        "opened in in 2019",
        "4.2 million pounds",  # a part of another number
        "14.2 millions",
        "14 million",
        "2019. It costs",
        "odern",
        "the modern",
        "the authors words",
        "1919年开发",
        "",
        " \n ",
        "…",
        "x" * 5_000,
    ],
)
def test_a_changed_letter_digit_or_sign_is_another_text(quote: str) -> None:
    assert found(quote) is None


def test_a_quote_is_looked_for_where_the_model_looked_first() -> None:
    text = "One true sentence. Another one. One true sentence."
    documents = [Document("a", "One true sentence."), Document("b", text)]
    second = Passage(text.rindex("One"), len(text), 1)
    assert find_quote("One true sentence.", documents, [second]) == second
    assert find_quote("One true sentence.", documents) == Passage(0, 18, 0)


def test_a_quote_with_something_left_out_is_checked_in_its_pieces() -> None:
    assert pieces_of("“opened in 2019 … It cost [...] pounds”") == [
        "opened in 2019",
        "It cost",
        "pounds",
    ]
    assert pieces_of(" … ") == []


PAGES = (
    "The committee met in the town hall and found that the old bridge was not\n\n"
    "safe any longer. It will be re-\n\nplaced by a tunnel. 会议决定修建一条\n\n新的隧道。\n\n它很长\n"
)


@pytest.mark.parametrize(
    ("quote", "source"),
    [
        ("the old bridge was not safe any longer", "the old bridge was not\n\nsafe any longer"),
        ("It will be replaced by a tunnel.", "It will be re-\n\nplaced by a tunnel."),
        ("会议决定修建一条 新的隧道", "会议决定修建一条\n\n新的隧道"),
        ("会议决定修建一条新的隧道", "会议决定修建一条\n\n新的隧道"),
        ("隧道。它很长", "隧道。\n\n它很长"),
    ],
)
def test_a_quote_goes_on_over_the_joint_of_two_pages(quote: str, source: str) -> None:
    assert found(quote, PAGES) == source


def letters(text: str) -> str:
    """What a check must compare: all but white space, hyphens and the form of quotation marks."""
    text = re.sub("[\\s\u00ad\u2010-\u2015\u2212-]", "", text)
    return re.sub("[\"“”„‟«»″「」『』＂'’‘‚‛′‹›＇`]", "'", text)


SIGNS = st.sampled_from("abcA19.,;(§ \n-–“”\"'’\u00ad中文，")


@given(st.text(SIGNS, max_size=80), st.text(SIGNS, min_size=1, max_size=20))
def test_a_quote_that_is_not_in_the_source_is_never_found(source: str, quote: str) -> None:
    place = found(quote, source)
    if place is not None:
        assert letters(place) == letters(quote)
        assert place == place.strip()
    if letters(quote) not in letters(source):
        assert place is None


@given(st.text(SIGNS, min_size=1, max_size=80), st.data())
def test_a_stretch_with_one_sign_changed_is_not_found(source: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(source) - 1))
    end = data.draw(st.integers(start + 1, len(source)))
    at = data.draw(st.integers(start, end - 1))
    other = data.draw(st.sampled_from("xyz7?!"))  # none of them stands in the source
    assert found(source[start:at] + other + source[at + 1 : end], source) is None


WORDS = st.lists(
    st.sampled_from(["red", "42", "co-op", "(so)", "3.5", "l’eau", "“ab”", "中文"]), min_size=1
)
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n", "\t", "\u00a0"])


@given(WORDS, WORDS, WORDS, GAPS, GAPS, st.booleans())
def test_whole_words_are_found_whatever_printing_made_of_them(
    before: list[str], words: list[str], behind: list[str], one: str, other: str, typed: bool
) -> None:
    source = one.join([*before, *words, *behind])
    quote = other.join(words)
    if typed:  # on a keyboard
        quote = quote.translate(str.maketrans("’“”", '\'""'))
    place = found(quote, source)
    assert place is not None
    assert letters(place) == letters(quote)


@given(st.text(st.sampled_from("ab1 .-“”'\n\u00ad中"), min_size=1, max_size=60), st.data())
def test_every_stretch_between_words_is_found_as_it_stands(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    place = find_quote(quote, [Document("a", text)])
    if place is not None:
        kept = [char for char in text[place.start : place.end] if char.isalnum()]
        assert kept == [char for char in quote if char.isalnum()]
