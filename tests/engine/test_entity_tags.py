"""From tags to names and back: what may not follow never does, and offsets are those of the text."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.encoders.entity_tags import TAGS, best_tags, names, tags_of
from engine.encoders.windows import windows
from engine.encoders.word_shapes import (
    CONTINUED,
    DIGITS,
    GLUED,
    LETTER,
    LOWER,
    MIXED,
    OTHER,
    SIGN,
    TITLE,
    UPPER,
    WITH_DIGITS,
    shape_of,
    shapes_of,
)


@given(st.lists(st.lists(st.floats(-20, 0), min_size=9, max_size=9), max_size=12))
def test_a_name_never_goes_on_that_has_not_begun(scores: list[list[float]]) -> None:
    tags = best_tags(np.array(scores, dtype=np.float32).reshape(-1, len(TAGS)))
    assert len(tags) == len(scores)
    for before, after in zip([0, *tags], tags, strict=False):
        if TAGS[after].startswith("I-"):
            assert TAGS[before][2:] == TAGS[after][2:]


def test_the_likeliest_possible_reading_wins_over_the_likeliest_words() -> None:
    scores = np.full((2, len(TAGS)), -9.0, dtype=np.float32)
    scores[0, TAGS.index("O")], scores[0, TAGS.index("B-PER")] = -0.7, -0.8
    scores[1, TAGS.index("I-PER")] = -0.1
    assert [TAGS[tag] for tag in best_tags(scores)] == ["B-PER", "I-PER"]


def test_names_that_stand_side_by_side_stay_two() -> None:
    tags = [TAGS.index(tag) for tag in ("B-PER", "I-PER", "B-PER", "O", "B-LOC")]
    assert names(tags) == [(0, 2, "PER"), (2, 3, "PER"), (4, 5, "LOC")]


def test_spans_become_tags_and_tags_the_same_spans() -> None:
    text = "Ada Lovelace lived in London ."
    starts, ends = [0, 4, 13, 19, 22, 29], [3, 12, 18, 21, 28, 30]
    spans = [(0, 12, "PER"), (22, 28, "LOC")]
    tags = tags_of(starts, ends, spans)
    assert [(starts[a], ends[b - 1], kind) for a, b, kind in names(tags)] == spans
    assert text[0:12] == "Ada Lovelace"


def test_shapes_tell_how_a_word_is_written() -> None:
    written = {
        "harbour": LOWER, "Harbour": TITLE, "NATO": UPPER, "A": LETTER, "iPhone": MIXED,
        "1848": DIGITS, "B2": WITH_DIGITS, ",": SIGN, "港": OTHER,
    }  # fmt: skip
    assert {word: shape_of(word) for word in written} == written
    assert shapes_of(["Lovelace", "s"], [False, True], [0, 0, 1]) == [
        *(TITLE, TITLE + CONTINUED, LOWER + GLUED)
    ]


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=120),
    st.integers(20, 60),
    st.integers(0, 9),
)
def test_every_word_is_judged_once_and_within_its_window(
    lengths: list[int], size: int, around: int
) -> None:
    words = [word for word, length in enumerate(lengths) for _ in range(length)]
    judged: list[int] = []
    for look in windows(words, size, around):
        judged += range(look.first, look.last)
        for word in range(look.first, look.last):
            assert look.start <= words.index(word) < look.end
        assert look.end - look.start <= size
    assert judged == list(range(len(lengths)))
