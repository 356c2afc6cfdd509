"""Candidates for names, by spelling alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.text_tools.names import candidate_names, has_capitals


def names(text: str) -> list[str]:
    return [text[start:end] for start, end in candidate_names(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Yesterday Angela Merkel flew to Munich.", ["Angela Merkel", "Munich"]),
        ("the University of Oslo and the Ministry", ["University of Oslo", "Ministry"]),
        ("Apple Inc. bought it from Smith's brother.", ["Apple Inc.", "Smith"]),
        ("She lives in New York, he in the new house.", ["New York"]),
        ("Windows 11 came after Windows 10.", ["Windows 11", "Windows 10"]),
        ("In the U.S. Ludwig van Beethoven is loved.", ["U.S.", "Ludwig van Beethoven"]),
        ("Prince Turki al-Faisal spoke.", ["Prince Turki al-Faisal"]),
        ("I said that we will not. But The End?", ["End"]),
        ("nothing here, 42 times", []),
        ("", []),
        ("他昨天去了北京。", []),
        ("ذهب إلى القاهرة", []),
    ],
)  # fmt: skip
def test_names_are_found_as_they_are_written(text: str, found: list[str]) -> None:
    assert names(text) == found


@given(st.text(st.sampled_from("ABab .'’&-\n1") | st.characters()))
def test_candidates_lie_in_the_text_in_order_and_apart(text: str) -> None:
    last = 0
    for start, end in candidate_names(text):
        assert last <= start < end <= len(text)
        last = end
        assert text[start:end].strip() == text[start:end]


def test_scripts_without_capitals_are_known_as_such() -> None:
    assert has_capitals("Hello 世界")
    assert not has_capitals("他去了 NBA 的比赛现场")
    assert not has_capitals("مرحبا بالعالم")
    assert not has_capitals("")
    assert not has_capitals("123 …")
