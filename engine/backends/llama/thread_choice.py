"""How many threads to work with, found by measuring on the loaded model and remembered.

Decoding one token is bound by memory and by how long threads wait for each other, reading a prompt
by arithmetic: so each has its own count. What was measured while another program was busy is not
kept. How the count is corrected later, while answers are written, is `threads`' affair.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from engine.backends.llama import library
from engine.backends.llama.other_load import OtherLoad
from engine.backends.llama.probe import Probe
from engine.contracts import AbortFlag

Report = Callable[[str, float, float], None]

BUDGET_SECONDS = 3.0
ROUNDS = 3
SAMPLE_SECONDS = 0.05  # of decoding, for each count in each round
PROMPT_TOKENS, PROMPT_ROUNDS = 48, 2
BUSY_CORES = 0.25  # taken by others: then nothing that was measured is kept
UNSTEADY = 1.4  # slowest by fastest round, likewise
AS_GOOD = 0.97  # of the best speed; then the smaller count is taken
SIZES = ((250, "up to 250 MB"), (1000, "up to 1 GB"), (4000, "up to 4 GB"), (16000, "up to 16 GB"))
_TOKEN = 100  # any ordinary one


class ThreadChoice(msgspec.Struct, frozen=True):
    """`decode` threads for tokens one by one to begin with, `prompt` threads for prompts.

    `most` is more than `decode` where that is to be tried again while answers are written.
    """

    decode: int
    prompt: int
    most: int
    reason: str = ""


class Measures(msgspec.Struct, frozen=True):
    """Tokens per second by count of threads. `is_final`: nobody else was busy, or it did not matter."""

    decode: dict[int, float]
    prompt: dict[int, float]
    is_final: bool = True


class Machine(msgspec.Struct):
    """What is kept in `machine.json`: of this machine only, by the models' size."""

    name: str
    measures: dict[str, Measures] = {}


def choose_threads(
    model: Any, wanted: int, size_bytes: int, abort: AbortFlag, report: Report, store: Path
) -> ThreadChoice:
    """As asked for, as remembered, or as measured now. `AbortedError` if stopped."""
    cpus = library.available_cpus()
    if wanted > 0:
        return ThreadChoice(wanted, wanted, wanted, f"{_threads(wanted)}, as set in Settings.")
    if cpus == 1:
        return ThreadChoice(1, 1, 1)
    machine = read_machine(store, machine_name())
    size = size_class(size_bytes)
    found = machine.measures.get(size)
    if found is None or not _makes_sense(found, cpus):
        load = OtherLoad()
        found = _measure(model, cpus, abort, report)
        found = reviewed(found, load.cores())
        if found.is_final:
            machine.measures[size] = found
            write_machine(store, machine)
    return judge(found, library.choose_threads(0))


def _makes_sense(found: Measures, cpus: int) -> bool:
    """Files can be edited: a thousand threads would be no help."""
    counts = [*found.decode, *found.prompt]
    speeds = [*found.decode.values(), *found.prompt.values()]
    is_possible = all(1 <= count <= cpus for count in counts) and all(s > 0 for s in speeds)
    return bool(found.decode) and is_possible


def reviewed(found: Measures, others: float) -> Measures:
    """Final or not, with `others` cores busy. Who disturbs makes only more threads look worse:
    when the most of them still win, it stays so."""
    is_sure = best_of(found.decode) == max(found.decode)
    is_quiet = found.is_final and others <= BUSY_CORES
    return msgspec.structs.replace(found, is_final=is_quiet or is_sure)


def judge(found: Measures, usual: int) -> ThreadChoice:
    """What the measures say. If they are not final, up to the `usual` count is tried later."""
    decode = best_of(found.decode)
    prompt = best_of(found.prompt) if found.prompt else usual
    told = f"{_threads(decode)}: {_speed(found.decode[decode])} tokens/s measured"
    others = sorted(found.decode, key=lambda n: -found.decode[n])
    rest = [f"{_speed(found.decode[n])} with {n}" for n in others if n != decode]
    told = ", ".join([told, *rest[:3]]) + "."
    if prompt != decode:
        told += f" Prompts are read with {prompt}."
    if found.is_final:
        return ThreadChoice(decode, prompt, decode, told)
    told += " Other programs were busy then, so this will be measured again."
    return ThreadChoice(decode, prompt, max(usual, decode), told)


def best_of(speeds: dict[int, float]) -> int:
    """The smallest count that is about as fast as the fastest."""
    fastest = max(speeds.values())
    return min(count for count, speed in speeds.items() if speed >= AS_GOOD * fastest)


def candidates(cpus: int, cores: int) -> list[int]:
    """Counts worth a try: one, two, half of the logical processors, the real cores, all."""
    return sorted({count for count in (1, 2, cpus // 2, cores, cpus) if 1 <= count <= cpus})


def _measure(model: Any, cpus: int, abort: AbortFlag, report: Report) -> Measures:
    started = time.monotonic()
    report("measuring", 0, BUDGET_SECONDS)

    def is_over() -> bool:
        passed = time.monotonic() - started
        report("measuring", min(passed, BUDGET_SECONDS), BUDGET_SECONDS)
        return passed > BUDGET_SECONDS

    usual = library.choose_threads(0)
    counts = candidates(cpus, physical_cores(cpus))
    counts.sort(key=lambda count: count != usual)  # in case that there is time for one only
    decode: dict[int, list[float]] = {}
    prompt: dict[int, list[float]] = {}
    with Probe(model, 256, usual, abort) as probe:
        probe.read([_TOKEN])  # the first touch of the weights
        _rounds(ROUNDS, counts, decode, is_over, lambda count: _decode_seconds(probe, count))
        token = min(map(min, decode.values()))
        if token * PROMPT_TOKENS < BUDGET_SECONDS:
            counts = [count for count in counts if count >= cpus // 2]
            _rounds(PROMPT_ROUNDS, counts, prompt, is_over, lambda n: _prompt_seconds(probe, n))
    spread = max(max(seconds) / min(seconds) for seconds in decode.values())
    return Measures(
        {count: 1 / statistics.median(seconds) for count, seconds in decode.items()},
        {count: PROMPT_TOKENS / min(seconds) for count, seconds in prompt.items()},
        is_final=spread < UNSTEADY,
    )


def _rounds(
    rounds: int,
    counts: Sequence[int],
    found: dict[int, list[float]],
    is_over: Callable[[], bool],
    seconds: Callable[[int], float],
) -> None:
    """Every count once a round, so that a slow moment of the machine hits them all alike."""
    for number in range(rounds):
        for count in counts if number % 2 == 0 else reversed(counts):
            if is_over() and found:
                return
            found.setdefault(count, []).append(seconds(count))


def _decode_seconds(probe: Probe, count: int) -> float:
    """Of one token; the first one after a change of threads does not count."""
    probe.forget()
    probe.set_threads(count)
    probe.read([_TOKEN])
    taken = [probe.read([_TOKEN])]
    while sum(taken) < SAMPLE_SECONDS:
        taken.append(probe.read([_TOKEN]))
    return statistics.median(taken)


def _prompt_seconds(probe: Probe, count: int) -> float:
    probe.forget()
    probe.set_threads(count)
    return probe.read([_TOKEN] * PROMPT_TOKENS)


def size_class(size_bytes: int) -> str:
    """Models of about one size behave alike."""
    return next((name for limit, name in SIZES if size_bytes <= limit * 10**6), "larger")


def machine_name() -> str:
    """Whatever could make another count better: processor, how many of them, the engine's build."""
    return f"{library.cpu_name()}; {library.available_cpus()}; {library.build()}"


def physical_cores(cpus: int) -> int:
    """Of the processors that this program may use; half of them where nobody says."""
    cores = set()
    with contextlib.suppress(AttributeError, OSError):
        for number in os.sched_getaffinity(0):
            topology = Path(f"/sys/devices/system/cpu/cpu{number}/topology")
            cores.add((topology / "thread_siblings_list").read_text(encoding="ascii"))
    return len(cores) or max(cpus // 2, 1)


def read_machine(store: Path, name: str) -> Machine:
    """What is known of the machine of this name; nothing if the file is another one's, or broken."""
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        machine = msgspec.json.decode(store.read_bytes(), type=Machine)
        if machine.name == name:
            return machine
    return Machine(name)


def write_machine(store: Path, machine: Machine) -> None:
    # Only a cache: when it cannot be written, the next start measures again.
    with contextlib.suppress(OSError):
        store.parent.mkdir(parents=True, exist_ok=True)
        temporary = store.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(machine)))
        os.replace(temporary, store)


def _threads(count: int) -> str:
    return "1 thread" if count == 1 else f"{count} threads"


def _speed(speed: float) -> str:
    return f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}"
