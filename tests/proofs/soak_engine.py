"""Many people at once, for a long time: thousands of mixed requests to one real worker.

`python -m tests.proofs.soak_engine [--quick] [--requests N] [--seed N] [--json FILE]` sends chats of
several conversations and text tools, up to eight at once, stops some at random, and looks whether
every request ends exactly once, the worker's memory stays flat, what was deleted leaves the disk, and
every greedy answer is what the model says to that conversation when it is asked alone
(`soak_answers`). Ends with 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from engine.client import EngineClient
from engine.types import ModelSpec
from tests.engine.recorder import chat
from tests.proofs.soak_answers import check_alone
from tests.proofs.soak_requests import GREEDY, Crowd, Size
from tests.proofs.soak_run import REST_SECONDS, Soak

MODEL = ModelSpec(n_ctx=1024)  # four of that length fit: eight askers have to make room for others
TALKS = 10
MAY_GROW = 0.05, 40.0  # share or MB, whichever is more, from the half to the end
FULL = Size()
SMALL = Size((0, 0, 1), (0, 0, 0, 4), (2, 5), ("summarize",))


def soak(
    total: int, seed: int, size: Size = FULL, samples: int = 150, marks: int = 4
) -> dict[str, Any]:
    """The whole proof: what was counted and measured, and under "wrong" what should not be."""
    crowd = Crowd(random.Random(seed), MODEL, TALKS, size)
    threads = set(threading.enumerate())
    client = EngineClient()
    run = Soak(client, crowd, total, seed + 1)
    started = time.monotonic()
    try:
        run.run(marks)
        time.sleep(REST_SECONDS)
        idle = run.ask(chat("Name three colours.", model=MODEL, max_tokens=8, **GREEDY))
        if idle is None or not idle.result["text"]:
            run.wrong.append("the idle worker did not answer")
        pid = client.pid
    finally:
        client.close()
    seconds = time.monotonic() - started
    if pid is None or psutil.pid_exists(pid):
        run.wrong.append("the worker's process is still there, or ended before")
    if left := [t.name for t in set(threading.enumerate()) - threads if t.is_alive()]:
        run.wrong.append(f"threads are left: {left}")
    run.wrong += memory_wrong(run.marks)
    alone, wrong = check_alone(run.samples, MODEL, samples, seed)
    return {
        "requests": run.sent,
        "seconds": round(seconds, 1),
        "most_at_once": run.most_at_once,
        "kinds": run.counts,
        "stop": {kind: _spread(seconds) for kind, seconds in run.stop_seconds.items()},
        "tokens": run.tokens,
        "memory": run.marks,
        "alone": alone,
        "wrong": run.wrong + wrong,
    }


def quick_soak(total: int = 60, seed: int = 0) -> dict[str, Any]:
    return soak(total, seed, SMALL, samples=4, marks=2)


def memory_wrong(marks: list[dict[str, float]]) -> list[str]:
    half, end = marks[len(marks) // 2 - 1], marks[-1]
    share, least = MAY_GROW
    grown = end["mb"] - half["mb"]
    wrong = []
    if grown > max(share * half["mb"], least):
        wrong.append(f"memory grew by {grown:.0f} MB in the second half")
    if end["files"] > half["files"] + 2:
        wrong.append(f"open files grew from {half['files']} to {end['files']}")
    return wrong


def _spread(seconds: list[float]) -> dict[str, float]:
    """Of a stop: until the request's end, in seconds."""
    if len(seconds) < 2:
        return {"most": round(max(seconds), 3)}
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return {"p50": round(cuts[9], 3), "p95": round(cuts[18], 3), "most": round(max(seconds), 3)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="60 requests")
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["CARREL_HOME"] = home
        if options.quick:
            found = quick_soak(options.requests or 60, options.seed)
        else:
            found = soak(options.requests or 2000, options.seed)
    print(json.dumps(found, indent=2, ensure_ascii=False))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
