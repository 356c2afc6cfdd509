"""Many texts at once, and why one was judged as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.echo_backend import EchoEncoder
from engine.contracts import AbortFlag
from engine.errors import AbortedError, BadRequestError
from engine.text_tools.judging import explain, judge_texts

TEXTS = (
    "It was good.",
    "",
    "🙂",
    "It was bad, said Anna.",
    "委员会下午开会。",
    "It is.",
    "x" * 9000,
)


def test_each_text_gets_its_own_answer_in_its_place() -> None:
    found = judge_texts(EchoEncoder(), "sentiment", TEXTS, AbortFlag())
    assert [one.label for one in found] == [
        *("positive", "unsure", "unsure", "negative", "", "neutral", "neutral")
    ]
    assert [one.score for one in found][1:3] == [None, None]
    assert found[4].error is not None
    assert "Chinese" in found[4].error.message
    names = judge_texts(EchoEncoder(), "entities", TEXTS, AbortFlag())
    assert [[span.text for span in one.spans] for one in names][3] == ["Anna"]
    assert names[4].error is not None
    vectors = judge_texts(EchoEncoder(), "embed", TEXTS, AbortFlag())
    assert all(abs(sum(x * x for x in one.vector) - 1) < 1e-4 for one in vectors)


def test_a_task_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadRequestError, match="task must be one of"):
        judge_texts(EchoEncoder(), "sing", TEXTS, AbortFlag())


def test_a_stop_ends_it() -> None:
    abort = AbortFlag()
    abort.set()
    with pytest.raises(AbortedError):
        judge_texts(EchoEncoder(), "sentiment", TEXTS, abort)


def test_the_word_that_made_the_label_weighs_most() -> None:
    text = "A good 🙂 day, don't you think?"
    found = explain(EchoEncoder(), text, "positive", AbortFlag())
    words = {text[word.start : word.end]: word.weight for word in found.words}
    assert words == {
        "A": 0.0,
        "good": pytest.approx(0.7),
        "🙂": 0.0,
        "day": 0.0,
        ",": 0.0,
        "don't": 0.0,
        "you": 0.0,
        "think": 0.0,
        "?": 0.0,
    }
    assert (found.label, found.score) == ("positive", pytest.approx(0.8))


def test_what_was_not_sure_is_explained_by_what_it_leaned_to() -> None:
    assert explain(EchoEncoder(), "All good.", "unsure", AbortFlag()).label == "positive"


@pytest.mark.parametrize("text", ["word " * 401, "x" * 4001])
def test_what_is_too_long_to_explain_is_refused(text: str) -> None:
    with pytest.raises(BadRequestError, match="too long"):
        explain(EchoEncoder(), text, "positive", AbortFlag())


@given(st.text(max_size=200))
def test_every_weight_stands_where_its_word_stands(text: str) -> None:
    found = explain(EchoEncoder(), text, "neutral", AbortFlag())
    last = 0
    for word in found.words:
        assert last <= word.start < word.end <= len(text)
        assert text[word.start : word.end].strip()
        last = word.end
