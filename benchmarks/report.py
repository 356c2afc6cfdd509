"""What every benchmark prints and writes: rows with a value, a goal and the peer compared with."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec


class Row(msgspec.Struct, frozen=True):
    """`met` None where there is no goal, or where a run does not allow to judge.

    `value` is a median or a ratio of medians, never one run.

    `value` None: it could not be measured, and `note` says why.
    """

    name: str
    value: float | None
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


def ahead(name: str, ours: float, peers: Mapping[str, float]) -> Row:
    """Points (hundredths) before the best of the peers; more than none is the goal."""
    best = max(peers, key=lambda peer: peers[peer])
    lead = 100 * (ours - peers[best])
    told = ", ".join(f"{peer} {value:.3f}" for peer, value in peers.items())
    note = f"Carrel {ours:.3f}, {told}"
    return Row(name, round(lead, 2), "points", "> 0", lead > 0, best, note)


def not_measured(name: str, reason: str) -> Row:
    return Row(name, None, "", "", None, "", f"not measured: {reason}")


def arguments(
    description: str, more: Callable[[argparse.ArgumentParser], object] = lambda parser: None
) -> argparse.Namespace:
    """The options that every benchmark has, and those that `more` adds."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, help="write the rows to this file as a JSON list")
    parser.add_argument("--quick", action="store_true", help="few rounds: to see that it runs")
    more(parser)
    return parser.parse_args()


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def median_ratio(ours: Sequence[float], peers: Sequence[float]) -> float:
    """The median of the ratios round by round, which cancels what changes between rounds."""
    return statistics.median(mine / other for mine, other in zip(ours, peers, strict=True))


Arm = Callable[[int], float]


def interleaved(name: str, rounds: int, arms: Mapping[str, Arm]) -> dict[str, list[float]]:
    """Each arm's value in each round; the arms' order is turned round from one round to the next.

    An arm is given the number of the round. Round 0 is the warm-up and not counted.
    """
    seen: dict[str, list[float]] = {arm: [] for arm in arms}
    for number in range(rounds + 1):
        order = list(arms) if number % 2 else list(arms)[::-1]
        values = {arm: arms[arm](number) for arm in order}
        told = ", ".join(f"{arm} {values[arm]:.4g}" for arm in arms)
        progress(f"{name} {number}/{rounds}: {told}" + ("" if number else " (warm-up)"))
        for arm, value in values.items() if number else ():
            seen[arm].append(value)
    return seen


def against(unit: str, ours: Sequence[float], peers: Sequence[float]) -> str:
    """A note: both medians, and the lowest and highest ratio of a round.

    Between the two extremes of seven rounds lies the true median in 98 of 100 cases, whatever the
    distribution (order statistics: 1 - 2 * 0.5**7).
    """
    ratios = [mine / other for mine, other in zip(ours, peers, strict=True)]
    medians = (f"{statistics.median(values):.4g}" for values in (ours, peers))
    return (
        f"{' against '.join(medians)} {unit}; "
        f"ratios of {len(ratios)} rounds {min(ratios):.3g} to {max(ratios):.3g}"
    )


def publish(rows: Sequence[Row], file: Path | None) -> int:
    """Print the table, write the file; exit status 1 if a goal is not met or a row is lacking."""
    widths = [max((len(row.name) for row in rows), default=0), 12, 9, 6]
    for row in rows:
        mark = {True: "met", False: "MISSED", None: "-" if row.goal else ""}[row.met]
        value = "-" if row.value is None else f"{row.value:g} {row.unit}"
        print(
            f"{row.name:{widths[0]}}  {value:>{widths[1]}}  {row.goal:>{widths[2]}}  "
            f"{mark:{widths[3]}}  {row.peer}".rstrip()
        )
        for line in textwrap.wrap(row.note, 92):
            print(f"    {line}")
    if file:
        data = [msgspec.to_builtins(row) for row in rows]
        file.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(row.value is not None and (row.met or not row.goal) for row in rows) else 1
