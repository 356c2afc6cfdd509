"""Damaged documents of every format: each is read or refused with a reason, and nothing hangs or dies.

`python -m tests.proofs.document_mutations [--number 2000] [--seed N] [--documents FOLDER] [--json FILE]`
gives a worker damaged copies of small files of all formats (and of those in FOLDER, up to 500 kB each).
Ends with 1 if a worker died, an answer took longer than ten seconds, or an error had no hint.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from engine.client import EngineClient
from engine.documents import DOCUMENT_FORMATS
from engine.protocol import ReadDocument, RequestFailed, WorkerDied, WorkerReady, new_request_id
from tests.documents.samples import samples
from tests.engine.recorder import Recorder
from tests.proofs.mutations import mutated

LONGEST = (
    10.0  # seconds: reading gives up after 4 of computing, on a machine that does other things too
)
LARGEST = 500_000  # bytes


def run(number: int, seed: int, folder: Path, documents: Path | None = None) -> dict[str, Any]:
    """What became of so many damaged files; `wrong` lists what should not have happened."""
    originals = samples()
    if documents is not None:
        originals += [
            (path.suffix.lower(), path.read_bytes())
            for path in sorted(documents.rglob("*"))
            if path.is_file() and path.stat().st_size <= LARGEST
        ]
    known = {suffix for kind in DOCUMENT_FORMATS for suffix in kind.suffixes[:1]}
    lacking = sorted(known - {suffix for suffix, _ in originals})
    wrong = [f"no sample of {suffix}" for suffix in lacking]
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    worker = Recorder(EngineClient("echo"))
    with pytest.MonkeyPatch.context() as patch:  # reading scans takes its time, damaged or not
        patch.setenv("CARREL_TESSERACT", "off")
        worker.client.start()
    try:
        worker.wait(WorkerReady)
        pid = worker.client.pid
        for place in range(number):
            chance = random.Random(f"{seed} {place}")
            suffix, data = originals[place % len(originals)]
            path = folder / f"damaged{suffix}"
            path.write_bytes(mutated(data, chance))
            began = time.monotonic()
            end = worker.end(worker.send(ReadDocument(new_request_id(), str(path))))
            took = time.monotonic() - began
            slowest = max(slowest, took)
            outcomes["read" if not isinstance(end, RequestFailed) else end.error.code] += 1
            if took > LONGEST:
                wrong.append(f"{suffix} {place}: took {took:.1f} s")
            if isinstance(end, RequestFailed) and not (
                end.error.code.startswith("DOCUMENT") and end.error.message and end.error.hint
            ):
                wrong.append(f"{suffix} {place}: {end.error.code} {end.error.message!r}")
        if worker.client.pid != pid or any(isinstance(e, WorkerDied) for e in worker.events):
            wrong.append("the worker died")
    finally:
        worker.client.close()
    return {
        "files": number,
        "outcomes": dict(outcomes),
        "slowest": round(slowest, 2),
        "wrong": wrong,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CARREL_HOME"] = str(Path(folder) / "home")
        found = run(options.number, options.seed, Path(folder), options.documents)
    print(json.dumps(found, indent=2, ensure_ascii=False))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2), encoding="utf-8")
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
