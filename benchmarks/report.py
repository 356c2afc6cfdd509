"""What every benchmark prints and writes: rows with a value, a goal and the peer compared with."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec


class Row(msgspec.Struct, frozen=True):
    """`met` None where there is no goal. `value` is a median or a ratio of medians, never one run."""

    name: str
    value: float
    unit: str
    goal: str
    met: bool | None
    peer: str
    note: str = ""


def at_most(name: str, value: float, goal: float, unit: str, peer: str, note: str = "") -> Row:
    return Row(name, round(value, 3), unit, f"<= {goal:g}", value <= goal, peer, note)


def at_least(name: str, value: float, goal: float, unit: str, peer: str, note: str = "") -> Row:
    return Row(name, round(value, 3), unit, f">= {goal:g}", value >= goal, peer, note)


def plain(name: str, value: float, unit: str, peer: str = "", note: str = "") -> Row:
    return Row(name, round(value, 3), unit, "", None, peer, note)


def arguments(description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, help="write the rows to this file as a JSON list")
    parser.add_argument("--quick", action="store_true", help="few rounds: to see that it runs")
    return parser.parse_args()


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def median_ratio(ours: Sequence[float], peers: Sequence[float]) -> float:
    """The median of the ratios round by round, which cancels what changes between rounds."""
    return statistics.median(mine / other for mine, other in zip(ours, peers, strict=True))


def publish(rows: Sequence[Row], file: Path | None) -> int:
    """Print the table, write the file; exit status 1 if a goal was missed."""
    widths = [max(len(row.name) for row in rows), 10, 12, 8]
    for row in rows:
        mark = {True: "met", False: "MISSED", None: ""}[row.met]
        value = f"{row.value:g} {row.unit}"
        print(
            f"{row.name:{widths[0]}}  {value:>{widths[1]}}  {row.goal:>{widths[2]}}  "
            f"{mark:{widths[3]}}  {row.peer}  {row.note}".rstrip()
        )
    if file:
        data = [msgspec.to_builtins(row) for row in rows]
        file.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(row.met is not False for row in rows) else 1
