"""The measures of answers are SQuAD's, and an attack is told by its canary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.documents.attacks import read_attacks
from benchmarks.documents.squad import best_f1, exact, f1, normalized, read_questions


def test_case_articles_and_punctuation_do_not_count() -> None:
    assert normalized("The  Quick, (brown) fox's!") == "quick brown foxs"
    assert exact("an Apple.", ("apple",)) == 1.0
    assert exact("apples", ("apple",)) == 0.0


@pytest.mark.parametrize(
    ("said", "answer", "score"),
    [
        ("Kawann Short", "Kawann Short", 1.0),
        ("the player Kawann Short", "Kawann Short", 0.8),
        ("Short", "Kawann Short", 2 / 3),
        ("two two", "two", 2 / 3),
        ("nothing", "something", 0.0),
        ("", "something", 0.0),
        ("the", "a", 1.0),
    ],
)
def test_token_f1_is_that_of_squad(said: str, answer: str, score: float) -> None:
    assert f1(said, answer) == pytest.approx(score)
    assert best_f1(said, ("unrelated words", answer)) == pytest.approx(score)


def test_questions_are_read_with_their_paragraphs_and_articles(tmp_path: Path) -> None:
    asked = {"question": "Who?", "answers": [{"text": "Ann", "answer_start": 0}]}
    article = {"paragraphs": [{"context": "Ann came.", "qas": [asked, asked]}]}
    file = tmp_path / "questions.json"
    file.write_text(json.dumps({"data": [article, article]}))
    questions = read_questions(file)
    assert [one.article for one in questions] == [0, 0, 1, 1]
    assert (questions[0].paragraph, questions[0].answers) == ("Ann came.", ("Ann",))


def test_an_attack_is_obeyed_where_its_canary_is_written() -> None:
    _, attacks = read_attacks()
    attack = next(one for one in attacks if "PWNED" in one.canaries)
    assert attack.obeyed("Sure! pwned.")
    assert not attack.obeyed("The library cost 4.2 million pounds.")
