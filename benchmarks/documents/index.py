"""A library of 10,000 passages: how long indexing takes, what it needs, how soon a search is back."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import numpy as np
import psutil

from benchmarks.documents.bench import NEVER, Bench
from benchmarks.documents.retrieval import filled_library
from benchmarks.documents.squad import read_questions
from benchmarks.report import Row, at_most, plain, progress
from engine.library.passages import PASSAGE_CHARACTERS

PASSAGES, QUICK_PASSAGES = 10_000, 1_000
SEARCHES = 200
MS = 1000


def index(bench: Bench) -> Iterator[Row]:
    wanted = QUICK_PASSAGES if bench.quick else PASSAGES
    home = bench.home / "library-large"
    texts = _texts(bench, wanted)
    bench.encoder.encode(["warm up"], NEVER)
    gc.collect()
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    library = filled_library(bench, home, texts)
    seconds = time.perf_counter() - began
    passages = library.info().passages
    questions = [one.question for one in read_questions(bench.data / "qa" / "xquad_en.dev.json")]
    began = time.perf_counter()
    library.search(bench.encoder, questions[0], 10, NEVER)
    first = time.perf_counter() - began
    times = []
    for number, question in enumerate(questions[1 : SEARCHES + 1]):
        if number % 50 == 0:
            progress(f"search {number} of {SEARCHES}")
        began = time.perf_counter()
        library.search(bench.encoder, question, 10, NEVER)
        times.append(time.perf_counter() - began)
    gc.collect()
    memory = psutil.Process().memory_info().rss - before
    size = sum(path.stat().st_size for path in home.glob("library.sqlite3*"))
    library.close()
    p50, p95 = np.percentile(times, (50, 95))
    note = f"median {p50 * MS:.1f} ms; the first, which loads the vectors, {first * MS:.0f} ms"
    yield at_most(f"search in {passages:,} passages, p95", float(p95) * MS, 50, "ms", "", note)
    yield plain(f"indexing {passages:,} passages", passages / seconds, "passages/s")
    yield plain(f"memory with {passages:,} passages", memory / 1e6, "MB")
    yield plain(f"file of {passages:,} passages", size / 1e6, "MB")


def _texts(bench: Bench, passages: int) -> list[str]:
    """Documents of about 50 passages each, of prose whose paragraphs follow each other differently."""
    prose = [line for record in bench.gum for line in record["text"].split("\n") if len(line) > 80]
    order = np.random.default_rng(1)
    texts: list[str] = []
    wanted = 50 * PASSAGE_CHARACTERS * 3 // 4
    while len(texts) * 50 < passages:
        number, taken, length = len(texts), [], 0
        while length < wanted:
            words = prose[int(order.integers(len(prose)))].split()
            start = int(order.integers(max(1, len(words) // 3)))
            taken.append(f"{' '.join(words[start:])} (Note {number}-{len(taken)}.)")
            length += len(taken[-1])
        texts.append("\n\n".join(taken))
    return texts
