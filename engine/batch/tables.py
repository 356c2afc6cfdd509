"""The rows of a table: what `--column` names in CSV or JSONL, one after the other.

A row that cannot be judged says why in `problem` and takes nothing else with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

import msgspec

from engine.batch.sources import Source
from engine.errors import BadRequestError, DocumentNoTextError


class Row(msgspec.Struct, frozen=True):
    """`cells` in the order of the table's columns. `source` is a JSONL row as it stands in the
    file, "" for CSV and for what is no object."""

    line: int
    cells: tuple[str, ...]
    text: str
    problem: str = ""
    source: str = ""


class Table:
    """Reads its source twice: once to learn its columns and find what is broken, once for the rows.

    `total` counts the rows. `delimiter` is that of a CSV output made of it.
    """

    is_json: ClassVar[bool]
    columns: tuple[str, ...]
    total: int
    delimiter = ","

    def __init__(self, source: Source, column: str) -> None:
        self.source = source
        self.name = source.name
        self.column = column

    def rows(self) -> Iterator[Row]:
        raise NotImplementedError


def chosen_column(columns: Sequence[str], column: str, name: str) -> int:
    """The place of the column of this name; `BadRequestError` says which there are."""
    trimmed = [one.strip() for one in columns]
    for wanted, names in ((column, list(columns)), (column.strip(), trimmed)):
        if (found := names.count(wanted)) == 1:
            return names.index(wanted)
        if found:
            raise BadRequestError(
                f"“{name}” has {found} columns named “{column}”.", hint="Rename all but one."
            )
    raise BadRequestError(
        f"“{name}” has no column “{column}”.", hint=f"Its columns are: {listed(columns)}."
    )


def listed(columns: Sequence[str], most: int = 30) -> str:
    more = f", and {len(columns) - most} more" if len(columns) > most else ""
    shown = (re.sub(r"\s", " ", one[:60]) for one in columns[:most])
    return "".join(c if c.isprintable() else "\ufffd" for c in ", ".join(shown)) + more


def no_rows(name: str) -> DocumentNoTextError:
    return DocumentNoTextError(
        f"“{name}” has no rows under its header.", hint="Add rows, or choose another file."
    )


def open_table(path: str, column: str) -> Table:
    """By the file's suffix, else by how it begins. Raises an `EngineError` for what is no table."""
    from engine.batch.csv_table import CsvTable
    from engine.batch.jsonl_table import JsonlTable

    source = Source(path)
    suffix = source.path.suffix.lower() if source.path else ""
    if suffix in (".jsonl", ".ndjson"):
        return JsonlTable(source, column)
    first = next((line for line in source.lines() if line.strip()), "").lstrip()
    if suffix not in (".csv", ".tsv") and first.startswith("{"):
        return JsonlTable(source, column)
    if suffix == ".json":
        raise BadRequestError(
            f"“{source.name}” is JSON, but not one object per line.",
            hint="Write each object on a line of its own (JSONL).",
        )
    return CsvTable(source, column)
