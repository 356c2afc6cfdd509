"""Runs the measures, one after the other; one that fails does not stop the others."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from benchmarks.engine.bench import Bench, NotMeasured
from benchmarks.engine.carrel import CarrelFailed
from benchmarks.engine.machine import OtherPrograms, disturbed
from benchmarks.engine.measures import MEASURES, Measure
from benchmarks.engine.server import ServerFailed
from benchmarks.engine.tools import ToolFailed
from benchmarks.peers import PeersMissing
from benchmarks.report import Row, arguments, not_measured, progress, publish

KNOWN = (CarrelFailed, NotMeasured, PeersMissing, ServerFailed, ToolFailed)


def options() -> argparse.Namespace:
    names = ", ".join(measure.name for measure in MEASURES)

    def more(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--only", type=chosen, help=f"some of: {names}")
        parser.add_argument("--peers", type=Path, help="folder with llama.cpp's own programs")
        parser.add_argument(
            "--native", action="store_true", help="peers that were built for this very processor"
        )

    return arguments("The engine against its peers.", more)


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
    except KNOWN as error:
        rows.append(not_measured(f"{measure.name}: {measure.title}", f"{error}"))
    except Exception as error:  # a fault of the benchmark's, or of the engine's
        traceback.print_exc()
        reason = f"{type(error).__name__}: {error}"
        rows.append(not_measured(f"{measure.name}: {measure.title}", reason))
    seconds, share = clock.read()
    progress(f"== {measure.name} took {seconds:.0f} s, other programs {share:.0%} of the processor")
    return [disturbed(row, share) for row in rows]


def main() -> int:
    given = options()
    # So that a benchmark that is ended from outside ends its peers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="carrel-bench-") as home:
        bench = Bench(Path(home), quick=given.quick, peers=given.peers, native=given.native)
        measures = given.only or [m for m in MEASURES if m.quick or not given.quick]
        rows: list[Row] = []
        try:
            for measure in measures:
                rows += rows_of(measure, bench)
        except KeyboardInterrupt:
            rows.append(not_measured(measure.title, "stopped"))
    return publish(rows, given.json)


if __name__ == "__main__":
    sys.exit(main())
