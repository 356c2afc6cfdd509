"""Runs the measures, one after the other; one that fails does not stop the others."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.encoders import entities, memory, sentiment, speed
from benchmarks.encoders.bench import Bench
from benchmarks.measures import Measure, add_choice, run_all
from benchmarks.report import arguments

MEASURES = (
    Measure("entities", "entities, quality", entities.quality),
    Measure("sentiment", "sentiment, quality", sentiment.quality),
    Measure("sentiment-speed", "sentiment sentences/s", speed.sentiment, True),
    Measure("entities-speed", "entities words/s", speed.entities, True),
    Measure("entities-change", "entities, change of span F1", speed.change),
    Measure("embeddings", "embeddings/s", speed.embeddings, True),
    Measure("memory", "memory of the encoder", memory.memory),
)


def options() -> argparse.Namespace:
    def more(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("data", type=Path, help="a data folder as engine.training takes it")
        parser.add_argument("--peers", type=Path, help="folder with the peers' packages")
        add_choice(parser, MEASURES)

    return arguments("The encoder against its peers.", more)


def main() -> int:
    given = options()
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    with tempfile.TemporaryDirectory(prefix="carrel-bench-") as home:
        bench = Bench(given.data, Path(home), quick=given.quick, peers=given.peers)
        try:
            return run_all(given.only, bench, given.json)
        finally:
            bench.close()


if __name__ == "__main__":
    sys.exit(main())
