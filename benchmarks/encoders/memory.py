"""What the encoder with all its adapters takes in memory, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.encoders.bench import Bench
from benchmarks.report import Row, at_most

GOAL = 250.0  # MB
PROBE = """
import psutil, numpy, torch

def megabytes():
    found = psutil.Process().memory_full_info()
    return getattr(found, "pss", found.rss) / 1e6  # what is shared with others counts in part

torch.set_num_threads(2)
for kind in (torch.float32, torch.bfloat16):
    torch.nn.functional.linear(torch.ones(64, 384, dtype=kind), torch.ones(384, 384, dtype=kind))
bare = megabytes()
from engine.contracts import AbortFlag
from engine.encoders.resident import ResidentEncoder
encoder = ResidentEncoder()
loaded = megabytes()
text = "Ada Lovelace wrote to Charles Babbage in London, and it was a good letter. " * 40
encoder.encode([text] * 8, AbortFlag())
encoder.sentiment([text] * 8, AbortFlag())
encoder.names(text * 4, AbortFlag())
print(bare, loaded, megabytes())
"""


def memory(bench: Bench) -> Iterator[Row]:
    """Proportional set size where the system tells it, else the resident one."""
    values = []
    for _ in range(1 if bench.quick else 3):
        done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        values.append([float(word) for word in done.stdout.split()])
    bare, loaded, used = sorted(values, key=lambda row: row[2] - row[0])[len(values) // 2]
    yield at_most(
        "memory of the encoder with all adapters",
        used - bare,
        GOAL,
        "MB",
        "bare torch",
        f"after use; {bare:.0f} MB bare, {loaded:.0f} MB with the encoder alone, {used:.0f} MB with "
        "vectors, sentiment and names of long texts, the tokenizer included",
    )
