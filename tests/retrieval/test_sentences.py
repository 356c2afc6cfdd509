"""Sentences: where they end, where they do not, and that their offsets are exact."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.retrieval.sentences import MAX_SENTENCE_CHARACTERS, split_sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["One.", "Two!", "Three?", "Four"],
        ["Dr. Smith went to Washington, D.C. on Jan. 5, 2020.", "He paid $3.14 for it."],
        ['"Really?" he asked.', '"Yes!"', "She left...", "Then it was quiet."],
        ["J. R. R. Tolkien et al. (2020) wrote e.g. this, cf. Fig. 3.", "The U.S. is big."],
        ["He works at Apple Inc.", "The company is big.", "It was 5 p.m.", "Then he slept."],
        ["Visit https://a.example/b.c?d=e.f or a@b.example.", "Version 2.0.1 is out."],
        ["(He left.)", "[She stayed.]", "“Why?”", "‘Because.’"],
        ["No. 5 is alive.", "No.", "That is wrong."],
        ["It is on page 12.", "The rest is not."],
        ["Am 31. Dezember 2016 kam er z.B. nach Hause.", "Das war gut."],
        ["Is this right?!", "Yes…", "Well."],
        ["M. Dupont arrive.", "Il est content."],
        ["iPhones are sold. iPads too."],
    ],
)
def test_western_sentences(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences
    assert split("\n".join(sentences[:1]) + "\n\n" + " ".join(sentences[1:])) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["今天天气很好。", "我们去公园吧！", "“真的吗？”", "他问。", "好的；", "走"],
        ["東京は晴れ。", "「はい。」", "と言った。"],
        ["他说：“GPT-3.5 很好，但是……还不够。”", "然后呢？"],
        ["Das Wort 「中文」 ist chinesisch."],
    ],
)
def test_east_asian_sentences(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


def test_arabic_and_hindi() -> None:
    assert split("هل هذا صحيح؟ نعم هذا صحيح. انتهى") == ["هل هذا صحيح؟", "نعم هذا صحيح.", "انتهى"]
    assert split("यह सच है। हाँ।") == ["यह सच है।", "हाँ।"]


def test_a_newline_inside_a_paragraph_ends_nothing() -> None:
    text = "We met with\nJohn Smith, who had\ncome from far away. He\nwas tired."
    assert split(text) == [
        "We met with\nJohn Smith, who had\ncome from far away.",
        "He\nwas tired.",
    ]


def test_titles_items_and_rows_stand_alone() -> None:
    text = """Introduction
Large language models are becoming a crucial building block in developing agents
that utilize them.
- first item
- second item. It has two.
2) Third
## Methods
Name: Bob
Age: 42
Day\tFerries
Monday | 24
end of it"""
    assert split(text) == [
        "Introduction",
        "Large language models are becoming a crucial building block in developing agents\n"
        "that utilize them.",
        "- first item", "- second item.", "It has two.", "2) Third", "## Methods",
        "Name: Bob", "Age: 42", "Day\tFerries", "Monday | 24", "end of it",
    ]  # fmt: skip


def test_numbers_of_items_are_no_sentences() -> None:
    assert split("1. One thing.\n2. Another.\na. Sub.") == [
        "1. One thing.",
        "2. Another.",
        "a. Sub.",
    ]


def test_texts_without_capitals() -> None:
    sentences = ["we went home.", "it was late, approx. nine.", "was it?", "yes. ok."]
    assert split(" ".join(sentences)) == [*sentences[:3], "yes.", "ok."]


def test_long_sentences_are_cut_at_clauses() -> None:
    text = "this clause has some words in it, " * 300
    pieces = split(text)
    assert all(len(piece) <= MAX_SENTENCE_CHARACTERS for piece in pieces)
    assert all(piece.endswith(",") for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert len(split("x" * 5000)) == 3


def test_nothing() -> None:
    assert split_sentences("") == []
    assert split_sentences(" \n\t\n ") == []


_HOSTILE = [
    ".", "a ", "A. ", '"', "。", "word", "\n", "- \n", "a.\n", " ", ". ", "(.", "Dr. ", "a\t", "x,",
    "No. 1 ", "…”", "1.", ".\n\n", "\u3000",
]  # fmt: skip


@pytest.mark.parametrize("piece", _HOSTILE)
def test_time_is_linear(piece: str) -> None:
    """Eight times the text takes about eight times as long, on the machine that runs this."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        started = time.process_time()
        split_sentences(text)
        return time.process_time() - started

    small = min(seconds(25_000) for _ in range(3))
    assert seconds(200_000) < 30 * small + 0.05


def test_a_megabyte_on_one_line_is_fast() -> None:
    started = time.process_time()
    found = split_sentences("The quick brown fox jumps over Mr. Dog at 3.5 m/s. " * 20_000)
    assert len(found) == 20_000
    assert time.process_time() - started < 1.0


_TEXT = st.text(
    alphabet=st.sampled_from(list('aA1 .\n\t!?。，；"”()-•|#:é中ا\u3000🙂')), max_size=200
)


@settings(max_examples=200, deadline=None)
@given(_TEXT | st.text(max_size=100))
def test_offsets_are_exact_and_cover_everything(text: str) -> None:
    position = 0
    for start, end in split_sentences(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()
