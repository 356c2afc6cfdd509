"""What a small model wrote is shown without echoes of its prompt and without what nothing bears out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.echo_backend import EchoEncoder
from engine.contracts import AbortFlag
from engine.text_tools.own_words import grounded, without_echoes

QUESTION = "How much did it cost?"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("It cost 4.2 million.", "It cost 4.2 million."),
        ("The answer is: It cost 4.2 million.", "It cost 4.2 million."),
        ("Sure! Here is the answer: 4.2 million.", "4.2 million."),
        (f"It cost 4.2 million. Question: {QUESTION} Answer: 5", "It cost 4.2 million."),
        (f"{QUESTION} It cost 4.2 million.", "It cost 4.2 million."),
        ("It cost a lot. It cost a lot. It cost a lot.", "It cost a lot."),
        (
            "It cost 4.2 million. These sentences of it are nearest to the question: It",
            "It cost 4.2 million.",
        ),
        ("The question of cost was open.", "The question of cost was open."),
        ("花了八千万元。馆里有书。", "花了八千万元。馆里有书。"),
        ("", ""),
    ],
)
def test_echoes_of_the_prompt_are_left_out(written: str, read: str) -> None:
    assert without_echoes(written, QUESTION) == read


PIECES = [
    "。",
    "0",
    "a",
    "The answer is: ",
    " ",
    "Question: ",
    ". ",
    "中",
    "Sure! ",
    "\n",
    QUESTION,
]


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
def test_nothing_is_added_and_no_echo_is_left(written: str) -> None:
    read = without_echoes(written, QUESTION)
    left = iter(written)
    assert all(
        char in left for char in read if not char.isspace()
    )  # some of its characters, in order
    assert without_echoes(read, QUESTION) == read


def test_a_sentence_that_nothing_comes_near_to_is_left_out_and_counted() -> None:
    shown = ["The new library cost 4.2 million pounds.", "It holds many books."]
    written = "The library cost 4.2 million pounds. Elephants swim quickly across Africa."
    kept = ("The library cost 4.2 million pounds.", 1)
    assert grounded(EchoEncoder(), AbortFlag(), written, shown) == kept


def test_other_scripts_stay_and_so_does_an_answer_to_nothing() -> None:
    assert grounded(EchoEncoder(), AbortFlag(), "大象会游泳。", ["图书馆"]) == ("大象会游泳。", 0)
    assert grounded(EchoEncoder(), AbortFlag(), "", ["words"]) == ("", 0)
    assert grounded(EchoEncoder(), AbortFlag(), "Some words.", []) == ("Some words.", 0)
