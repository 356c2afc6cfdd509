"""Threads are chosen by measuring, once for a machine, and never while somebody else disturbs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import llama_cpp
import pytest

from engine.backends.llama import library, thread_choice
from engine.backends.llama.loading import load_weights
from engine.backends.llama.other_load import OtherLoad
from engine.backends.llama.thread_choice import (
    BUSY_CORES,
    Machine,
    Measures,
    ThreadChoice,
    candidates,
    choose_threads,
    judge,
    machine_name,
    read_machine,
    reviewed,
    size_class,
    write_machine,
)
from engine.catalog import embedded_chat_model
from engine.contracts import AbortFlag
from engine.errors import AbortedError

MEASURED = Measures({1: 71.2, 2: 118.4}, {1: 270.0, 2: 530.0})


def test_the_reason_has_the_figures_of_the_others_too() -> None:
    assert judge(MEASURED, 2) == ThreadChoice(
        2, 2, 2, "2 threads: 118 tokens/s measured, 71 with 1."
    )


def test_a_count_that_is_hardly_faster_is_not_worth_its_threads() -> None:
    found = Measures({4: 40.0, 8: 40.5, 16: 31.0}, {8: 300.0, 16: 390.0})
    assert judge(found, 8) == ThreadChoice(
        4,
        16,
        4,
        "4 threads: 40 tokens/s measured, 40 with 8, 31 with 16. Prompts are read with 16.",
    )


def test_what_was_measured_beside_a_busy_program_is_used_but_more_is_tried_later() -> None:
    found = reviewed(Measures({1: 70.0, 2: 24.0}, {1: 180.0, 2: 160.0}), others=1.3)
    assert not found.is_final
    choice = judge(found, 2)
    assert (choice.decode, choice.prompt, choice.most) == (1, 1, 2)
    assert "busy" in choice.reason


def test_if_all_threads_win_beside_a_busy_program_they_would_without_it() -> None:
    assert reviewed(MEASURED, others=1.3).is_final
    assert reviewed(Measures({1: 70.0, 2: 24.0}, {}), others=BUSY_CORES / 2).is_final


def test_counts_worth_a_try() -> None:
    assert candidates(1, 1) == [1]
    assert candidates(2, 2) == [1, 2]
    assert candidates(16, 8) == [1, 2, 8, 16]
    assert candidates(12, 12) == [1, 2, 6, 12]


def test_measures_are_kept_for_this_machine_only(tmp_path: Path) -> None:
    store = tmp_path / "cache" / "machine.json"
    write_machine(store, Machine("EPYC; 2", {"up to 250 MB": MEASURED}))
    assert read_machine(store, "EPYC; 2").measures == {"up to 250 MB": MEASURED}
    assert read_machine(store, "EPYC; 4").measures == {}
    assert [path.name for path in store.parent.iterdir()] == ["machine.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"name": 5}', b"\xff\xfe"])
def test_a_broken_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "machine.json").write_bytes(content)
    assert read_machine(tmp_path / "machine.json", "here") == Machine("here")


def test_the_name_changes_with_the_processors_and_the_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = machine_name()
    monkeypatch.setattr(library, "available_cpus", lambda: 64)
    assert machine_name() != name
    monkeypatch.undo()
    monkeypatch.setattr(library, "build", lambda: "llama-cpp-python 9")
    assert machine_name() != name


def test_models_of_one_size_share_what_was_measured() -> None:
    assert size_class(98_362_432) == size_class(144_811_072) != size_class(700_000_000)
    assert size_class(10**12) == "larger"


@pytest.fixture(scope="module")
def model() -> Iterator[object]:
    model = load_weights(embedded_chat_model(), 0, AbortFlag(), lambda *_: None)
    yield model
    llama_cpp.llama_model_free(model)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "machine.json"


class Calm(OtherLoad):
    def cores(self) -> float:
        return 0.0


def choose(model: object, store: Path, wanted: int = 0) -> ThreadChoice:
    return choose_threads(model, wanted, 98_362_432, AbortFlag(), lambda *_: None, store)


@pytest.mark.model
def test_a_calm_machine_is_measured_once(
    model: object, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever else this machine does just now is not what is tested here.
    monkeypatch.setattr(thread_choice, "OtherLoad", Calm)
    monkeypatch.setattr(thread_choice, "UNSTEADY", 1e9)
    monkeypatch.setattr(library, "available_cpus", lambda: max(2, len(candidates(2, 2))))
    stages: list[str] = []
    first = choose_threads(model, 0, 10**8, AbortFlag(), lambda s, *_: stages.append(s), store)
    assert set(stages) == {"measuring"}
    assert "tokens/s measured" in first.reason
    kept = read_machine(store, machine_name()).measures["up to 250 MB"]
    assert set(kept.decode) == {1, 2}
    assert all(speed > 1 for speed in (*kept.decode.values(), *kept.prompt.values()))
    stages.clear()
    second = choose_threads(model, 0, 10**8, AbortFlag(), lambda s, *_: stages.append(s), store)
    assert (second, stages) == (first, [])


@pytest.mark.model
@pytest.mark.parametrize("decode", [{}, {1000: 9.0}, {0: 9.0}, {1: -1.0}])
def test_measures_that_make_no_sense_are_taken_anew(
    model: object, store: Path, monkeypatch: pytest.MonkeyPatch, decode: dict[int, float]
) -> None:
    monkeypatch.setattr(library, "available_cpus", lambda: 2)
    size = size_class(98_362_432)
    write_machine(store, Machine(machine_name(), {size: Measures(decode, {})}))
    assert choose(model, store).decode in (1, 2)


@pytest.mark.model
def test_beside_a_busy_program_nothing_is_kept_unless_it_is_sure(
    model: object, store: Path
) -> None:
    cpus = library.available_cpus()
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(cpus)]
    try:
        load = OtherLoad()
        choice = choose(model, store)
        assert load.cores() > BUSY_CORES
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert 1 <= choice.decode <= choice.most
    if cpus > 1 and choice.decode < cpus:
        assert "busy" in choice.reason
        assert not store.exists()


@pytest.mark.model
def test_the_users_count_is_taken_without_measuring(model: object, store: Path) -> None:
    choice = choose(model, store, wanted=3)
    assert choice == ThreadChoice(3, 3, 3, "3 threads, as set in Settings.")
    assert not store.exists()


@pytest.mark.model
def test_a_stop_ends_the_measuring_at_once(
    model: object, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "available_cpus", lambda: 2)
    abort, stopped = AbortFlag(), []

    def stop(stage: str, done: float, total: float) -> None:
        if done > 0 and not stopped:
            stopped.append(time.process_time())
            abort.set()

    with pytest.raises(AbortedError):
        choose_threads(model, 0, 10**8, abort, stop, store)
    assert time.process_time() - stopped[0] < 0.1
    assert not store.exists()
