"""Names that mean the same are one entity; names that may not are two."""

from __future__ import annotations

import pytest

from engine.text_tools.name_groups import group_names, key_of
from engine.types import Span


def mentions(*names: tuple[str, str], score: float = 0.9) -> list[Span]:
    found, at = [], 0
    for name, label in names:
        found.append(Span(at, at + len(name), name, label, score, 0, {label: score}))
        at += len(name) + 1
    return found


def grouped(*names: tuple[str, str]) -> dict[str, tuple[str, int, tuple[str, ...]]]:
    entities, _ = group_names(mentions(*names))
    return {entity.text: (entity.label, entity.count, entity.forms) for entity in entities}


def test_a_surname_is_the_person_who_was_named_in_full() -> None:
    found = grouped(("Ada Lovelace", "PER"), ("Lovelace", "PER"), ("Ada", "PER"))
    assert found == {"Ada Lovelace": ("PER", 3, ("Lovelace", "Ada"))}


def test_a_surname_of_two_people_stays_by_itself() -> None:
    found = grouped(("Ada Byron", "PER"), ("George Byron", "PER"), ("Byron", "PER"))
    assert {name: count for name, (_, count, _) in found.items()} == {
        "Ada Byron": 1,
        "George Byron": 1,
        "Byron": 1,
    }


def test_letters_stand_for_an_organization() -> None:
    found = grouped(("the United Nations", "ORG"), ("UN", "ORG"), ("U.N.", "ORG"))
    assert found == {"the United Nations": ("ORG", 3, ("UN", "U.N."))}


def test_a_place_is_not_the_person_of_that_name() -> None:
    found = grouped(("George Washington", "PER"), ("Washington", "LOC"))
    assert len(found) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siemens AG", "Siemens"),
        ("the Times", "Times"),
        ("Dr. Who", "Who"),
        ("U.S.", "US"),
        ("Oslo's", "Oslo"),
        ("@nasa", "NASA"),
        ("New\nYork", "New York"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize("name", ["The", "'s", "Inc.", "...", "Co", "@", "of"])
def test_no_name_loses_all_its_letters(name: str) -> None:
    assert key_of(name)


def test_a_doubtful_mention_takes_the_type_of_the_sure_ones() -> None:
    spans = mentions(("Acme", "ORG"), ("Acme", "ORG"))
    doubtful = Span(50, 54, "Acme", "PER", 0.5, 0, {"PER": 0.5, "ORG": 0.4, "": 0.1})
    sure = Span(60, 64, "Acme", "PER", 0.95, 0, {"PER": 0.95})
    (entity, other), found = group_names([*spans, doubtful, sure])
    assert (entity.label, entity.count) == ("ORG", 3)
    assert (other.label, other.count) == ("PER", 1)
    assert [(span.label, span.score) for span in found][2:] == [("ORG", 0.4), ("PER", 0.95)]


def test_mentions_are_in_the_order_of_the_text_and_counted_first() -> None:
    spans = mentions(("Oslo", "LOC"), ("Rome", "LOC"), ("Rome", "LOC"))
    entities, found = group_names(spans[::-1])
    assert [span.text for span in found] == ["Oslo", "Rome", "Rome"]
    assert [(entity.text, entity.mentions) for entity in entities] == [
        ("Rome", (1, 2)),
        ("Oslo", (0,)),
    ]
