"""Going on with an output that an earlier run left: what is whole in it stays, the rest is cut off.

Rows are kept in the chunks in which they were judged, so that what is written in the end is the
same as if nobody had stopped. That the output belongs to the table is checked row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

import msgspec

from engine.batch.outputs import Form
from engine.batch.tables import Row
from engine.errors import BadRequestError

Chunk = Sequence[Row]
_ANOTHER = "Name another output file, or delete this one."


class Kept(msgspec.Struct, frozen=True):
    """So many bytes and rows of the output stay; `chunk` is the first that has to be judged."""

    size: int
    rows: int = 0
    failed: int = 0
    chunk: Chunk = ()


def kept(file: IO[bytes], form: Form, chunks: Iterator[Chunk], name: str) -> Kept:
    """What is there. Takes the chunks that are whole in the file, and the next, from `chunks`.

    Raises `BadRequestError` if the file holds something else.
    """
    head = file.read(len(form.head))
    if head != form.head:
        if not form.head.startswith(head):
            raise BadRequestError(
                f"“{name}” has other columns than this would write.", hint=_ANOTHER
            )
        return Kept(0, chunk=next(chunks, ()))
    size, rows, failed = len(head), 0, 0
    written = _records(file, form)
    for chunk in chunks:
        length = bad = 0
        for number, row in enumerate(chunk, rows + 1):
            record = next(written, None)
            if record is None:
                return Kept(size, rows, failed, chunk)
            if not record.startswith(form.original(row)):
                raise BadRequestError(
                    f"Row {number} of “{name}” is not that of the table.", hint=_ANOTHER
                )
            length += len(record)
            bad += form.has_failed(record)
        size, rows, failed = size + length, rows + len(chunk), failed + bad
    if next(written, None) is not None:
        raise BadRequestError(f"“{name}” has more rows than the table.", hint=_ANOTHER)
    return Kept(size, rows, failed)


def _records(file: IO[bytes], form: Form) -> Iterator[bytes]:
    """Whole ones: a torn one at the end is none."""
    lines, quotes = [], 0
    for line in file:
        lines.append(line)
        quotes += line.count(b'"')
        if form.is_last(line, quotes):
            yield b"".join(lines)
            lines, quotes = [], 0
