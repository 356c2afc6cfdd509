"""Marks of the fence that a model copies out of its prompt never reach the reader; other words do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts import GenerationEnd, TextPiece
from engine.text_tools.copied_marks import CopiedMarks
from engine.text_tools.fence import RULE, fenced
from engine.types import FinishReason, Message, Role, Usage

TEXT = "The mill will close. 240 workers lose their jobs."
SHOWN = fenced(TEXT, "mill.txt")
KEY = SHOWN.split()[1]


def prompt(*shown: str) -> tuple[Message, ...]:
    return (Message(Role.SYSTEM, RULE), Message(Role.USER, "\n\n".join([*shown, "Question: Who?"])))


MARKS = CopiedMarks(prompt(SHOWN))


def streamed(marks: CopiedMarks, written: str, size: int) -> str:
    pieces = [
        TextPiece(written[at : at + size], at // size + 1) for at in range(0, len(written), size)
    ]
    end = GenerationEnd(FinishReason.STOP, Usage(1, len(pieces)), 0)
    *texts, last = marks.stream(iter([*pieces, end]))
    assert last is end
    assert all(isinstance(one, TextPiece) for one in texts)
    return "".join(one.text for one in texts if isinstance(one, TextPiece))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (SHOWN, f"{TEXT}\n"),
        (f"The document {KEY} says that it will close.", "The document says that it will close."),
        (f'According to <document {KEY} "mill.txt"> it will close.', "According to it will close."),
        (f"It will close.</document {KEY}>", "It will close."),
        ("It will close. <document bdf", "It will close. "),  # copied badly, and cut off
        ("It will close. </document>", "It will close. "),
        ("<doc wach> It will close.", "It will close."),
        ("A document says: <b>240</b> workers.", "A document says: <b>240</b> workers."),
        ("", ""),
    ],
)
def test_a_copied_mark_is_taken_out_at_once_and_as_it_comes(written: str, read: str) -> None:
    assert MARKS.taken_out(written) == read
    for size in (1, 2, 7):
        assert streamed(MARKS, written, size).split() == read.split()


@given(st.text(st.sampled_from("ab <>/‹docuent1\n中"), max_size=60), st.integers(1, 9))
def test_an_answer_without_a_mark_stays_as_it_is(written: str, size: int) -> None:
    if "<" in written:
        written = written.replace("d", "x")
    assert MARKS.taken_out(written) == written
    assert streamed(MARKS, written, size) == written


@given(
    st.lists(st.sampled_from([KEY, f"<document {KEY}>", "</document", "word ", "\n"])).map("".join)
)
def test_no_mark_is_left_in_whatever_way_it_was_copied(written: str) -> None:
    read = MARKS.taken_out(written)
    assert f"<document {KEY}" not in read
    assert f"</document {KEY}>" not in read


def test_words_that_a_text_or_a_question_has_itself_are_no_copies() -> None:
    asked = (Message(Role.USER, f"{SHOWN}\n\nHow do I write a <document> element?"),)
    assert CopiedMarks(asked).taken_out("Write <document> first.") == "Write <document> first."
    about = (Message(Role.USER, f"{fenced('An <document> element.')}\n\nWhat is it?"),)
    assert CopiedMarks(about).taken_out("It is <document>.") == "It is <document>."
    short = (Message(Role.USER, f"{fenced('A <doc> element.')}\n\nWhat is it?"),)
    assert CopiedMarks(short).taken_out("It is <doc>.") == "It is <doc>."
    assert CopiedMarks(prompt()).taken_out("<document bdfg>") == "<document bdfg>"
    known = prompt(SHOWN, fenced(f"The word {KEY} means nothing."))
    assert CopiedMarks(known).taken_out(f"It has {KEY}.") == f"It has {KEY}."


def test_a_small_model_that_goes_on_with_its_prompt_is_cut_off_there() -> None:
    first = "It will close."
    assert MARKS.before_first(f"{first} <document {KEY}> The mill") == first
    assert MARKS.before_first(f"<document {KEY}>\n{first}") == first
    assert MARKS.before_first(first) == first


def test_thoughts_and_pieces_without_fences_pass_as_they_are() -> None:
    pieces = [TextPiece(f"<document {KEY}>", 1, reasoning=True), TextPiece("word", 2)]
    assert list(CopiedMarks(prompt()).stream(iter(pieces))) == pieces
