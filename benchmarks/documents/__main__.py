"""Runs the measures, one after the other; one that fails does not stop the others."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.documents import (
    answers,
    index,
    injection,
    long_summary,
    reading,
    retrieval,
    summaries,
)
from benchmarks.documents.bench import Bench
from benchmarks.measures import Measure, add_choice, run_all
from benchmarks.report import arguments

MEASURES = (
    Measure("files", "files read or rightly refused", reading.files),
    Measure("pdf-speed", "PDF pages/s", reading.speed, True),
    Measure("first-result", "first result on a book of 100 pages", reading.first_result, True),
    Measure("extracts", "key sentences, quality", summaries.extracts),
    Measure("written", "written summaries, quality", summaries.written),
    Measure("long", "summary of a long document", long_summary.rows, True),
    Measure("retrieval", "questions to paragraphs", retrieval.retrieval),
    Measure("index", "a library of 10,000 passages", index.index, True),
    Measure("answers", "extractive answers on XQuAD", answers.answers),
    Measure("answers-zh", "extractive answers on XQuAD in Chinese", answers.chinese),
    Measure("not-there", "answers that are not in the text", answers.not_there),
    Measure("injection", "orders in documents", injection.rows),
)


def main() -> int:
    def more(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("data", type=Path, help="a data folder with summaries/ and qa/")
        parser.add_argument("documents", type=Path, help="a folder of files to drop")
        parser.add_argument("--peers", type=Path, help="folder with the peers' packages")
        add_choice(parser, MEASURES)

    given = arguments("Documents, against named peers.", more)
    with tempfile.TemporaryDirectory(prefix="carrel-bench-") as home:
        bench = Bench(
            *(given.data, given.documents, Path(home)), quick=given.quick, peers=given.peers
        )
        try:
            return run_all(given.only, bench, given.json)
        finally:
            bench.close()


if __name__ == "__main__":
    sys.exit(main())
