"""A benchmark of several measures: which of them run, one after the other, and what they come to."""

from __future__ import annotations

import argparse
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from benchmarks.engine.machine import OtherPrograms, disturbed
from benchmarks.peers import PeersMissing
from benchmarks.report import Row, not_measured, progress, publish

B = TypeVar("B")


class Measure(NamedTuple, Generic[B]):
    """`title` stands for the rows that could not be measured. `is_timed`: other programs disturb it."""

    name: str
    title: str
    run: Callable[[B], Iterator[Row]]
    is_timed: bool = False


def add_choice(parser: argparse.ArgumentParser, measures: Sequence[Measure[B]]) -> None:
    """`--only` names some of them, which run in their own order."""

    def chosen(text: str) -> tuple[Measure[B], ...]:
        names = [name.strip() for name in text.split(",") if name.strip()]
        unknown = set(names) - {measure.name for measure in measures}
        if unknown or not names:
            raise argparse.ArgumentTypeError(f"there is no measure {', '.join(sorted(unknown))!r}")
        return tuple(measure for measure in measures if measure.name in names)

    names = ", ".join(measure.name for measure in measures)
    parser.add_argument("--only", type=chosen, default=tuple(measures), help=f"some of: {names}")


def run_all(measures: Sequence[Measure[B]], bench: B, file: Path | None) -> int:
    """Publish the rows of all; what is stopped keeps those that it had."""
    rows: list[Row] = []
    try:
        for measure in measures:
            rows += rows_of(measure, bench)
    except KeyboardInterrupt:
        rows.append(not_measured(measure.title, "stopped"))
    return publish(rows, file)


def rows_of(measure: Measure[B], bench: B) -> list[Row]:
    """Its rows; if it fails, those that it had, and one that says why."""
    progress(f"== {measure.title}")
    clock = OtherPrograms()
    rows: list[Row] = []
    try:
        for row in measure.run(bench):
            rows.append(row)  # one by one: a failure later on does not lose those before
    except (PeersMissing, FileNotFoundError) as error:
        rows.append(not_measured(f"{measure.name}: {measure.title}", f"{error}"))
    except Exception as error:  # a fault of the benchmark's, or of what it measures
        traceback.print_exc()
        reason = f"{type(error).__name__}: {error}"
        rows.append(not_measured(f"{measure.name}: {measure.title}", reason))
    seconds, share = clock.read()
    progress(f"== {measure.name} took {seconds:.0f} s, other programs {share:.0%} of the processor")
    return [disturbed(row, share) for row in rows] if measure.is_timed else rows
