"""What a summary claims is looked up in its source."""

from __future__ import annotations

import numpy as np
import pytest

from engine.text_tools.evidence import MAX_LINKS, check_claim, supporting
from engine.text_tools.key_sentences import SourceSentence
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


def test_a_quote_stands_in_the_source_or_is_doubted() -> None:
    assert check_claim("He spoke of “438.8 million\ntonnes”.", SOURCE).unsupported == ()
    doubted = check_claim("He spoke of “eleven million tonnes”.", SOURCE).unsupported
    assert doubted == ("eleven million tonnes",)


def test_names_that_a_reader_found_are_looked_up_as_well() -> None:
    assert check_claim("iceland planned it.", SOURCE).unsupported == ()
    assert check_claim("iceland planned it.", SOURCE, ("iceland",)).unsupported == ("iceland",)


def test_a_claim_is_linked_to_the_nearest_passages_and_to_at_least_one() -> None:
    rows = [[1, 0, 0], [0.99, 0.14, 0], [0.98, 0.2, 0], [0.97, 0.24, 0], [0, 0, 1]]
    vectors = np.array(rows, dtype=np.float32)
    links = supporting(vectors[0], sentences(*[LONG] * 5), vectors)
    assert [link.start for link in links] == [0, 1, 2]
    assert len(links) == MAX_LINKS
    far = np.array([0, 1, 0], dtype=np.float32)
    assert len(supporting(far, sentences(*[LONG] * 5), vectors)) == 1
