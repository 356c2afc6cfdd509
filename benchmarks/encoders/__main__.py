"""Runs the measures, one after the other; one that fails does not stop the others."""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.encoders import entities, memory, sentiment, speed
from benchmarks.encoders.bench import Bench
from benchmarks.engine.machine import OtherPrograms, disturbed
from benchmarks.peers import PeersMissing
from benchmarks.report import Row, arguments, not_measured, progress, publish


class Measure(NamedTuple):
    """`title` stands for the rows that could not be measured. `is_timed`: other programs disturb it."""

    name: str
    title: str
    run: Callable[[Bench], Iterator[Row]]
    is_timed: bool = False


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
    names = ", ".join(measure.name for measure in MEASURES)

    def more(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("data", type=Path, help="a data folder as engine.training takes it")
        parser.add_argument("--only", type=chosen, help=f"some of: {names}")
        parser.add_argument("--peers", type=Path, help="folder with the peers' packages")

    return arguments("The encoder against its peers.", more)


def chosen(text: str) -> tuple[Measure, ...]:
    """The measures named, in their own order."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = set(names) - {measure.name for measure in MEASURES}
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"there is no measure {', '.join(sorted(unknown))!r}")
    return tuple(measure for measure in MEASURES if measure.name in names)


def rows_of(measure: Measure, bench: Bench) -> list[Row]:
    """Its rows; if it fails, those that it had, and one that says why."""
    progress(f"== {measure.title}")
    clock = OtherPrograms()
    rows: list[Row] = []
    try:
        for row in measure.run(bench):
            rows.append(row)  # one by one: a failure later on does not lose those before
    except (PeersMissing, FileNotFoundError) as error:
        rows.append(not_measured(f"{measure.name}: {measure.title}", f"{error}"))
    except Exception as error:  # a fault of the benchmark's, or of the encoder's
        traceback.print_exc()
        reason = f"{type(error).__name__}: {error}"
        rows.append(not_measured(f"{measure.name}: {measure.title}", reason))
    seconds, share = clock.read()
    progress(f"== {measure.name} took {seconds:.0f} s, other programs {share:.0%} of the processor")
    return [disturbed(row, share) for row in rows] if measure.is_timed else rows


def main() -> int:
    given = options()
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="carrel-bench-") as home:
        bench = Bench(given.data, Path(home), quick=given.quick, peers=given.peers)
        try:
            for measure in given.only or MEASURES:
                rows += rows_of(measure, bench)
        except KeyboardInterrupt:
            rows.append(not_measured(measure.title, "stopped"))
        finally:
            bench.close()
    return publish(rows, given.json)


if __name__ == "__main__":
    sys.exit(main())
