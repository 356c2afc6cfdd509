"""What a summary claims is looked up in its source."""

from __future__ import annotations

import numpy as np
import pytest

from engine.text_tools.evidence import (
    MAX_LINKS,
    SourceSentence,
    check_claim,
    key_sentence_indexes,
    supporting,
)
from engine.types import Passage

SOURCE = (
    "In 2023 the Port of Rotterdam handled 438.8 million tonnes. Anna Schmidt announced a plan "
    "for 1,200 new jobs, the Germans planned nothing."
)


@pytest.mark.parametrize(
    "claim",
    [
        "The Port of Rotterdam handled 438.8 million tonnes in 2023.",
        "Mrs Schmidt wants 1200 jobs.",
        "A German said so.",
        "the port of rotterdam grew.",
    ],
)
def test_what_the_source_says_is_not_doubted(claim: str) -> None:
    assert check_claim(claim, SOURCE).unsupported == ()


@pytest.mark.parametrize(
    ("claim", "doubts"),
    [
        ("It handled 438.9 million tonnes in 2022.", ("438.9", "2022")),
        ("The plan of Port Antwerp failed.", ("Port Antwerp",)),
        ("The plan is by Ann.", ("Ann",)),  # not "Anna", nor "announced" or "planned"
        ("Bert Schmidt had a plan.", ("Bert Schmidt",)),
        ("It was 20 of them.", ("20",)),  # not a part of 2023 or 1,200
        ("They met Lena, Lena and Lena.", ("Lena",)),
    ],
)
def test_what_the_source_does_not_say_is_named(claim: str, doubts: tuple[str, ...]) -> None:
    assert check_claim(claim, SOURCE).unsupported == doubts


def test_what_was_found_is_counted() -> None:
    check = check_claim("In 2023 Anna Schmidt met 7 people in Rotterdam.", SOURCE)
    assert (check.numbers_found, check.names_found) == (1, 2)
    assert check.unsupported == ("7",)


def sentences(*texts: str) -> list[SourceSentence]:
    return [SourceSentence(Passage(i, i + 1), text) for i, text in enumerate(texts)]


LONG = "These are quite enough words for one."


def test_key_sentences_are_central_and_do_not_repeat_each_other() -> None:
    vectors = np.array([[1, 0], [1, 0], [0.8, 0.6], [0.6, 0.8], [-1, 0]], dtype=np.float32)
    chosen = key_sentence_indexes(sentences(*[LONG] * 5), vectors, 2)
    assert chosen == sorted(chosen)
    assert not {0, 1} <= set(chosen)
    assert 4 not in chosen


def test_headings_and_fragments_are_no_key_sentences_unless_there_is_nothing_else() -> None:
    vectors = np.ones((3, 2), dtype=np.float32) / np.sqrt(2)
    texts = ("A heading", LONG, "3 | 4 | 5")
    assert key_sentence_indexes(sentences(*texts), vectors, 3) == [1]
    assert key_sentence_indexes(sentences("A heading", "Two", "3"), vectors, 9) == [0, 1, 2]


def test_a_chinese_sentence_is_one_though_it_has_no_spaces() -> None:
    vectors = np.ones((2, 2), dtype=np.float32) / np.sqrt(2)
    texts = ("标题", "这是一个足够长的句子，说明了很多事情。")
    assert key_sentence_indexes(sentences(*texts), vectors, 2) == [1]


def test_a_claim_is_linked_to_the_nearest_passages_and_to_at_least_one() -> None:
    rows = [[1, 0, 0], [0.99, 0.14, 0], [0.98, 0.2, 0], [0.97, 0.24, 0], [0, 0, 1]]
    vectors = np.array(rows, dtype=np.float32)
    links = supporting(vectors[0], sentences(*[LONG] * 5), vectors)
    assert [link.start for link in links] == [0, 1, 2]
    assert len(links) == MAX_LINKS
    far = np.array([0, 1, 0], dtype=np.float32)
    assert len(supporting(far, sentences(*[LONG] * 5), vectors)) == 1
