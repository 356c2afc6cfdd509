"""Cleaning makes any text safe to send and keeps every other character in its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.text import clean_text, replaced_remark

any_text = st.text(
    st.characters(exclude_categories=[]) | st.sampled_from("\x00\r\n\u2028\u2029\ud800\udfff\ufdd0")
)


@given(any_text)
def test_cleaned_text_can_be_sent_and_kept(text: str) -> None:
    cleaned, _ = clean_text(text)
    cleaned.encode("utf-8")
    assert not set(cleaned) & set("\x00\r\ufdd0\ufdd1")


@given(any_text)
def test_no_character_moves_except_behind_a_joined_line_end(text: str) -> None:
    cleaned, replaced = clean_text(text)
    assert len(cleaned) == len(text) - text.count("\r\n")
    pairs = zip(text.replace("\r\n", "\n"), cleaned, strict=True)
    changed = [(old, new) for old, new in pairs if old != new]
    assert all(new == "\ufffd" or (old in "\r\u2029" and new == "\n") for old, new in changed)
    assert replaced == sum(1 for _, new in changed if new == "\ufffd")


@given(any_text)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    cleaned, _ = clean_text(text)
    assert clean_text(cleaned) == (cleaned, 0)


def test_what_is_whole_stays_as_it_is() -> None:
    text = "Ünïcödé, 中文, שלום, 👩‍👩‍👧\u2028 and a tab\t."
    assert clean_text(text) == (text, 0)


def test_the_user_is_told_how_many() -> None:
    assert clean_text("a\x00b\ud800c") == ("a\ufffdb\ufffdc", 2)
    assert replaced_remark(1).startswith("1 unusable character ")
    assert replaced_remark(2).startswith("2 unusable characters ")
