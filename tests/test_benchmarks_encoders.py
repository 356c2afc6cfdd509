"""The encoder's benchmark: what it makes of figures. No peer is run here."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from benchmarks.encoders.__main__ import MEASURES
from benchmarks.encoders.bench import Bench, together
from benchmarks.encoders.entities import f1, judgements, spans_of
from benchmarks.encoders.peers import PEERS
from benchmarks.encoders.sentiment import calibration, labels_by, score
from benchmarks.measures import Measure, add_choice, rows_of
from benchmarks.peers import PeersMissing
from benchmarks.report import Row, ahead, plain
from engine.contracts import NameSpan
from engine.training.corpora import Sentence

NOTHING: dict[str, float] = {}


def test_sentences_become_one_text_and_names_stay_where_they_are() -> None:
    first = Sentence("Ada went .", ((0, 3, "PER"),))
    second = Sentence("In London it rained .", ((3, 9, "LOC"), (13, 19, "MISC")))
    text, spans, begins = together([first, second])
    assert begins == [0, 11]
    assert {text[start:end]: kind for start, end, kind in spans} == {"Ada": "PER", "London": "LOC"}


def test_only_exact_names_of_the_right_type_count() -> None:
    wanted = [frozenset({(0, 3, "PER"), (5, 9, "LOC")}), frozenset[tuple[int, int, str]]()]
    found = [{(0, 3, "PER"), (5, 9, "ORG")}, {(1, 2, "PER")}]
    assert f1(found, wanted) == 2 * 1 / (3 + 2)
    assert f1([set(), set()], wanted) == 0.0


def test_names_of_other_types_are_neither_counted_nor_judged() -> None:
    names = [NameSpan(0, 3, "PER", 0.9, NOTHING), NameSpan(4, 8, "MISC", 0.8, NOTHING)]
    assert spans_of(names) == {(0, 3, "PER")}
    assert judgements([names], [frozenset({(0, 3, "LOC")})]) == [(0.9, False)]


def test_the_binary_set_takes_the_nearer_of_two_and_the_others_all_three() -> None:
    polarity, wanted = np.array([0.1, -0.2, 0.3]), np.array([2, 0, 0])
    said = np.array([1, 1, 1])
    assert score("SST-2", polarity, said, wanted) == pytest.approx(2 / 3)
    assert score("SST-3", polarity, said, wanted) == 0.0


def test_a_weak_tone_is_neutral() -> None:
    polarity = np.array([-0.5, -0.04, 0.0, 0.05, 0.9])
    assert labels_by(polarity, 0.05).tolist() == [0, 1, 1, 2, 2]
    assert labels_by(polarity, 0.0).tolist() == [0, 0, 1, 2, 2]


def test_who_is_as_often_right_as_sure_has_no_calibration_error() -> None:
    shares = np.array([[0.75, 0.15, 0.10]] * 4)
    error, note = calibration(shares, np.array([0, 0, 0, 1]))
    assert error == pytest.approx(0.0)
    assert "4 answers, 75.0% sure on average, 75.0% right" in note
    assert calibration(shares, np.array([1, 1, 1, 1]))[0] == pytest.approx(0.75)


def test_ahead_means_before_the_best_of_the_peers() -> None:
    row = ahead("tone", 0.8, {"one": 0.7, "two": 0.75})
    assert (row.value, row.met, row.peer) == (5.0, True, "two")
    assert not ahead("tone", 0.75, {"two": 0.75}).met


def test_measures_are_chosen_by_name_in_their_own_order() -> None:
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_choice(parser, MEASURES)
    given = parser.parse_args(["--only", "memory, entities"])
    assert [one.name for one in given.only] == ["entities", "memory"]
    assert parser.parse_args([]).only == MEASURES
    with pytest.raises(argparse.ArgumentError, match="nonsense"):
        parser.parse_args(["--only", "nonsense"])


def test_a_measure_that_fails_keeps_its_rows_and_says_why() -> None:
    def run(bench: Bench) -> Iterator[Row]:
        yield plain("first", 1.0, "x")
        raise FileNotFoundError("no such dev file")

    rows = rows_of(Measure("pair", "two rows", run), cast(Bench, None))
    assert [row.value for row in rows] == [1.0, None]
    assert "no such dev file" in rows[1].note


def test_a_folder_without_the_peers_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / PEERS.modules[0]).mkdir()
    with pytest.raises(PeersMissing, match=PEERS.modules[1]):
        PEERS.use(tmp_path)
