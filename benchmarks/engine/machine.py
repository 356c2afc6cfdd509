"""What the machine gives: so that a missed figure can be explained."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import psutil

from benchmarks.engine.bench import THREADS, Bench
from benchmarks.peers import PeersMissing
from benchmarks.report import Row, plain

BYTES = 512 * 2**20
DEPTHS = (0, 2000, 4000)
OTHERS_TOLD, OTHERS_ALLOWED = 0.03, 0.10  # of the processor's time


def machine(bench: Bench) -> Iterator[Row]:
    """Load, processor features, and how many tokens a second the memory alone would allow."""
    import llama_cpp

    features = llama_cpp.llama_print_system_info().decode().strip(" |")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    yield plain(
        "load of the machine at the beginning",
        load,
        "",
        "",
        f"{os.cpu_count()} cores; llama-cpp-python {llama_cpp.__version__}: {features}; "
        f"peers: {peers_told(bench)}",
    )
    bandwidth = memory_bandwidth()
    yield plain("memory bandwidth", bandwidth / 1e9, "GB/s", "", f"reading, {THREADS} threads")
    for depth in DEPTHS:
        moved = bench.vocabulary.weight_bytes + depth * bench.vocabulary.kv_bytes
        yield plain(
            f"bytes moved per token, {depth:,} tokens before",
            moved / 1e6,
            "MB",
            "",
            f"at most {bandwidth / moved:,.0f} tokens/s with this bandwidth",
        )


def peers_told(bench: Bench) -> str:
    try:
        native = bench.peers.native
    except PeersMissing as error:
        return f"none, {error}"
    return "built for this very processor" if native else "built like llama-cpp-python"


def memory_bandwidth() -> float:
    """Bytes per second of reading an array far larger than the caches, the median of seven times."""
    import numpy as np

    array = np.zeros(BYTES // 4, np.float32)
    array += 1.0  # pages that were never written are all the same one
    parts = np.array_split(array, THREADS)
    seconds = []
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(8):
            start = time.perf_counter()
            list(pool.map(np.max, parts))
            seconds.append(time.perf_counter() - start)
    return BYTES / statistics.median(seconds[1:])


class OtherPrograms:
    """Between two looks: how much of all cores' time went to other programs.

    What this one has started is its own, as far as it has ended by then.
    """

    def __init__(self) -> None:
        self._start, self._busy, self._own = time.monotonic(), _busy_seconds(), _own_seconds()

    def read(self) -> tuple[float, float]:
        """Seconds gone by, and the share from 0 to 1."""
        seconds = time.monotonic() - self._start
        others = _busy_seconds() - self._busy - (_own_seconds() - self._own)
        return seconds, min(max(others / (seconds * (os.cpu_count() or 1)), 0.0), 1.0)


def _busy_seconds() -> float:
    """Of all cores since the machine started, time that a host has taken away included."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    # A guest's time is counted in `user` already.
    return float(sum(times) - idle - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0))


def _own_seconds() -> float:
    return sum(os.times()[:4])


def disturbed(row: Row, share: float) -> Row:
    """The row with a word about other programs; it is not judged where they took too much.

    Peers whose threads wait for each other suffer from them far more than Carrel, which steps aside:
    a goal that is met only in company is not met.
    """
    if share <= OTHERS_TOLD:
        return row
    note = f"other programs took {share:.0%} of the processor meanwhile"
    met = row.met
    if row.goal and share > OTHERS_ALLOWED:
        met, note = None, f"{note}: not judged"
    note = f"{row.note}; {note}" if row.note else note
    return msgspec.structs.replace(row, met=met, note=note)
