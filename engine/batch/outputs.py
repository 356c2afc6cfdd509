"""The forms in which judged rows are written: CSV for spreadsheets, JSONL for programs.

Each row is bytes that do not depend on any other row, so that an output can be gone on with.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any, Protocol

from engine.batch.answers import Answer, free_names, values
from engine.batch.safe_cells import safe_cell
from engine.batch.tables import Row, Table

FORMS = ("csv", "jsonl")
# Other programs take these for the end of a line; inside JSON's texts they can be written so.
_LINE_ENDS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}


class Form(Protocol):
    """`head` comes before the rows. `original` is what the line of a row begins with, whatever was
    found in it. `is_last` tells whether a line ends its row, where `quotes` stand in the row so far;
    `has_failed` looks at a row that was written earlier."""

    head: bytes

    def line(self, row: Row, answer: Answer) -> bytes: ...

    def original(self, row: Row) -> bytes: ...

    def is_last(self, line: bytes, quotes: int) -> bool: ...

    def has_failed(self, line: bytes) -> bool: ...


class CsvForm:
    """Like the input in its delimiter and its byte order mark; RFC 4180 in everything else."""

    def __init__(self, table: Table, task: str) -> None:
        self._task = task
        self._delimiter = table.delimiter
        names = (*table.columns, *free_names(task, table.columns))
        self.head = (b"\xef\xbb\xbf" if table.source.marked else b"") + self._written(names)

    def line(self, row: Row, answer: Answer) -> bytes:
        found = (_cell(value) for value in values(self._task, answer, row.text))
        return self._written([*row.cells, *found])

    def original(self, row: Row) -> bytes:
        return self._written([*row.cells, ""]).removesuffix(b"\r\n")

    def is_last(self, line: bytes, quotes: int) -> bool:
        return line.endswith(b"\r\n") and quotes % 2 == 0

    def has_failed(self, line: bytes) -> bool:
        return not line.endswith(self._delimiter.encode() + b"\r\n")

    def _written(self, cells: Iterable[str]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self._delimiter, lineterminator="\r\n").writerow(
            [safe_cell(cell) for cell in cells]
        )
        return text.getvalue().encode()


class JsonlForm:
    """An input's objects stay as they are written there, and get more members at their end."""

    head = b""

    def __init__(self, table: Table, task: str) -> None:
        self._task = task
        self._names = _distinct(table.columns)
        self._answers = free_names(task, self._names)
        self._is_json = table.is_json

    def line(self, row: Row, answer: Answer) -> bytes:
        found = values(self._task, answer, row.text)
        members = ", ".join(
            f"{_json(name)}: {_json(value)}"
            for name, value in zip(self._answers, found, strict=True)
        )
        return f"{self._before(row)}{members}}}\n".encode()

    def original(self, row: Row) -> bytes:
        return f"{self._before(row)}{_json(self._answers[0])}: ".encode()

    def is_last(self, line: bytes, quotes: int) -> bool:
        return line.endswith(b"\n")

    def has_failed(self, line: bytes) -> bool:
        return not line.endswith(b": null}\n")

    def _before(self, row: Row) -> str:
        if not self._is_json:
            text = _json(dict(zip(self._names, row.cells, strict=True)))
        else:
            text = row.source or "{}"
        opened = text[:-1].rstrip()
        return opened if opened == "{" else f"{opened}, "


def form_of(kind: str, table: Table, task: str) -> Form:
    return CsvForm(table, task) if kind == "csv" else JsonlForm(table, task)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_LINE_ENDS)


def _cell(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _distinct(names: Iterable[str]) -> list[str]:
    """An object has each name once: the second "a" is "a_2"."""
    found: dict[str, None] = {}
    for name in names:
        free, number = name, 2
        while free in found:
            free, number = f"{name}_{number}", number + 1
        found[free] = None
    return list(found)
