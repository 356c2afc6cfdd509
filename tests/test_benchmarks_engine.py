"""The engine's benchmark: what it makes of figures. No peer is run here."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.engine.__main__ import chosen, rows_of
from benchmarks.engine.bench import Bench, NotMeasured
from benchmarks.engine.carrel import Answer
from benchmarks.engine.machine import disturbed
from benchmarks.engine.measures import MEASURES, Measure
from benchmarks.engine.parallel import together_rate
from benchmarks.engine.prompts import sentences
from benchmarks.engine.stopping import percentile
from benchmarks.engine.tools import (
    Batched,
    ToolFailed,
    batched_result,
    bench_speed,
    final_perplexity,
)
from benchmarks.engine.tuned_llama import Written
from benchmarks.peers import PROGRAMS, PeersMissing, find_peers
from benchmarks.report import (
    Row,
    against,
    at_least,
    at_most,
    interleaved,
    median_ratio,
    not_measured,
    plain,
    publish,
)
from engine.types import Usage

BENCH_OUTPUT = """[
  {
    "model_type": "llama 256M Q4_1",
    "n_prompt": 0,
    "n_gen": 32,
    "avg_ts": 191.039522,
    "samples_ns": [ 166367825, 168657030, 167000000 ],
    "samples_ts": [ 192.345, 189.734, 191.6 ]
  }
]
"""
BATCHED_OUTPUT = """llama_context: n_ctx_seq (512) < n_ctx_train (8192)
{"n_kv_max": 512, "n_batch": 2048, "is_pp_shared": 1, "pp": 256, "tg": 32, "pl": 8, "n_kv": 512, \
"t_pp": 0.501207, "speed_pp": 510.766968, "t_tg": 0.9448893, "speed_tg": 270.93122, "t": 1.446, \
"speed": 354.0}

llama_perf_context_print: load time = 120.00 ms
"""


def test_a_ratio_is_taken_round_by_round_so_that_a_slow_round_slows_both_arms() -> None:
    assert median_ratio([10, 1, 30], [5, 0.5, 10]) == 2
    assert against("tokens/s", [10, 1, 30], [5, 0.5, 10]) == (
        "10 against 5 tokens/s; ratios of 3 rounds 2 to 3"
    )


def test_a_goal_is_met_by_reaching_it() -> None:
    assert at_least("speed", 0.95, 0.95, "x", "peer").met
    assert not at_least("speed", 0.949, 0.95, "x", "peer").met
    assert at_most("wait", 50.0, 50.0, "ms", "peer").met
    assert not at_most("wait", 50.1, 50.0, "ms", "peer").met
    assert plain("load", 0.5, "").met is None


def test_arms_take_turns_and_the_warm_up_does_not_count() -> None:
    order: list[tuple[str, int]] = []

    def arm(name: str, number: int) -> float:
        order.append((name, number))
        return number * 10 + len(name)

    seen = interleaved(
        "test", 3, {"a": lambda number: arm("a", number), "bb": lambda number: arm("bb", number)}
    )
    assert seen == {"a": [11, 21, 31], "bb": [12, 22, 32]}
    assert [name for name, _ in order] == ["bb", "a", "a", "bb", "bb", "a", "a", "bb"]


def test_what_could_not_be_measured_is_told_and_fails_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rows.json"
    rows = [at_least("speed", 1.5, 1.0, "x", "peer"), not_measured("stop", "no model")]
    assert publish(rows[:1], None) == 0
    assert publish(rows, file) == 1
    assert "not measured: no model" in capsys.readouterr().out
    written = json.loads(file.read_text(encoding="utf-8"))
    assert [set(row) for row in written] == [set(Row.__struct_fields__)] * 2
    assert [row["value"] for row in written] == [1.5, None]


def test_a_measure_that_fails_keeps_its_rows_and_stops_no_other(tmp_path: Path) -> None:
    def run(bench: Bench) -> Iterator[Row]:
        yield plain("first", 1.0, "x")
        raise NotMeasured("the second is not to be had")

    rows = list(rows_of(Measure("pair", "two rows", run), Bench(tmp_path, quick=True)))
    assert [row.value for row in rows] == [1.0, None]
    assert rows[1].name.startswith("pair")
    assert "the second is not to be had" in rows[1].note


def test_a_goal_is_not_judged_while_other_programs_take_much_of_the_processor() -> None:
    row = at_least("speed", 1.5, 1.0, "x", "peer", "note")
    assert disturbed(row, 0.01) == row
    assert disturbed(row, 0.05).met
    busy = disturbed(row, 0.4)
    assert busy.met is None
    assert "40%" in busy.note
    assert publish([row], None) == 0
    assert publish([busy], None) == 1
    assert publish([disturbed(plain("load", 2.0, ""), 0.4)], None) == 0


def test_measures_are_chosen_by_name_in_their_own_order() -> None:
    names = [measure.name for measure in MEASURES]
    assert len(set(names)) == len(names)
    assert [measure.name for measure in chosen("stop, stream")] == ["stream", "stop"]
    with pytest.raises(argparse.ArgumentTypeError, match="nonsense"):
        chosen("stream,nonsense")


def test_what_llama_cpps_programs_print_is_understood() -> None:
    assert bench_speed(BENCH_OUTPUT) == 191.6
    assert batched_result(BATCHED_OUTPUT) == Batched(0.501207, 0.9448893, 270.93122)
    assert final_perplexity("[1]9.1,[2]8.8\nFinal estimate: PPL = 8.8123 +/- 0.31\n") == 8.8123


@pytest.mark.parametrize("read", [bench_speed, batched_result, final_perplexity])
@pytest.mark.parametrize("output", ["", "error: unable to load model", "[]"])
def test_other_output_is_an_error_and_no_figure(read: object, output: str) -> None:
    assert callable(read)
    with pytest.raises(ToolFailed):
        read(output)


def test_speed_counts_from_the_first_text_on() -> None:
    deltas = ((2.0, 1), (3.0, 11), (4.0, 31))
    answer = Answer(2.0, 4.5, Usage(completion_tokens=36), "text", deltas)
    assert answer.rate() == 35 / 2.5
    assert answer.rate(11) == 10.0
    written = Written(1.0, 3.0, 5, (1.0, 1.5, 2.0, 2.5, 3.0))
    assert written.rate() == 2.0
    assert written.rate(3) == 2.0


def test_speed_together_counts_only_while_all_write() -> None:
    early = Answer(1.0, 5.0, Usage(), "", ((1.0, 1), (2.0, 11), (3.0, 21), (5.0, 41)))
    late = Answer(2.0, 9.0, Usage(), "", ((2.0, 1), (5.0, 31), (9.0, 71)))
    assert together_rate([early, late]) == (30 + 30) / 3.0


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(number) for number in range(1, 21)]
    assert percentile(values, 0.95) == 19.0
    assert percentile(values, 1.0) == 20.0
    assert percentile([3.0], 0.95) == 3.0


def test_a_folder_without_the_peers_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / PROGRAMS[0]).touch()
    with pytest.raises(PeersMissing, match=PROGRAMS[1]):
        find_peers(tmp_path)
    bench = Bench(tmp_path, quick=True, peers=tmp_path)
    for _ in range(2):
        with pytest.raises(PeersMissing):
            _ = bench.peers


def test_the_words_to_read_are_enough_and_hold_no_mark_of_a_template() -> None:
    found = sentences()
    assert sum(len(sentence.split()) for sentence in found) > 1500
    assert not [sentence for sentence in found if "<|" in sentence]
