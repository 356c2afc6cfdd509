"""Thoughts are told from the answer, however the text is cut into pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.reasoning import FORMS, ReasoningSplitter

HARMONY = (
    "<|channel|>analysis<|message|>They greet me.<|end|><|start|>assistant"
    "<|channel|>final<|message|>Hello!"
)


def split(text: str, prompt: str = "", size: int = 1) -> tuple[str, str]:
    """(thoughts, answer) of a text that comes `size` characters at a time."""
    splitter = ReasoningSplitter(prompt)
    pieces = [
        piece for at in range(0, len(text), size) for piece in splitter.feed(text[at : at + size])
    ] + splitter.finish()
    thoughts = "".join(piece for is_thought, piece in pieces if is_thought)
    return thoughts, "".join(piece for is_thought, piece in pieces if not is_thought)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(("opening", "closing"), FORMS)
def test_every_form_of_thoughts_is_known(opening: str, closing: str, size: int) -> None:
    text = f"{opening}Let me see. 1 < 2.{closing}\n\nThe answer is 2."
    thoughts, answer = split(text, size=size)
    assert thoughts == "Let me see. 1 < 2."
    assert answer.strip() == "The answer is 2."


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_harmony_has_marks_around_the_answer_as_well(size: int) -> None:
    assert split(HARMONY, size=size) == ("They greet me.", "Hello!")


def test_thoughts_that_the_template_has_opened_are_thoughts() -> None:
    assert split("Hm.</think>Yes.", prompt="<|im_start|>assistant\n<think>\n") == ("Hm.", "Yes.")


def test_marks_in_the_middle_of_an_answer_are_what_it_is_about() -> None:
    text = "Models write <think> before they think and </think> after it."
    assert split(text) == ("", text)


def test_thoughts_without_an_end_are_still_thoughts() -> None:
    assert split("<think>I go on and on <") == ("I go on and on <", "")


def test_white_space_before_an_answer_stays() -> None:
    assert split("\n\n  indented") == ("", "\n\n  indented")
    assert split(" <thi") == ("", " <thi")


@given(st.text(alphabet="<think>/ ab\n[]|", max_size=60), st.integers(1, 9))
def test_it_does_not_matter_where_the_text_is_cut(text: str, size: int) -> None:
    assert split(text, size=size) == split(text, size=1)
