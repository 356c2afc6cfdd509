"""One run over a table: where it goes on, where the lines go, how far it is."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from engine.batch.answers import Answer
from engine.batch.outputs import FORMS, Form
from engine.batch.resuming import Chunk, Kept, kept
from engine.batch.tables import Table
from engine.errors import BadRequestError, DocumentError
from engine.status_line import StatusLine
from engine.text import clean_text

REDRAWN = 0.2  # seconds between two looks of the line of progress in a terminal
TOLD = 15.0  # seconds between two lines of it anywhere else


def output_form(output: str | None, form: str | None) -> str:
    """By name, or by the output's suffix; JSONL for standard output."""
    if form or output is None:
        return form or "jsonl"
    suffix = Path(output).suffix.lower()
    kinds = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
    if suffix not in kinds:
        raise BadRequestError(
            f"The suffix of {output} does not say what to write.",
            hint=f"Name it .csv or .jsonl, or say --format {' or '.join(FORMS)}.",
        )
    return kinds[suffix]


class Output:
    """An output file, or standard output for None, and what is in it already."""

    def __init__(self, path: str | None) -> None:
        self.path = None if path is None else Path(os.path.expanduser(path))
        self.name = "standard output" if path is None else clean_text(Path(path).name or path)[0]
        self._file: IO[bytes] = sys.stdout.buffer
        self._owned = False

    def start(self, table: Table, form: Form, chunks: Iterator[Chunk], resume: bool) -> Kept:
        """Open it. What is kept of an earlier run is in front of the file's place then."""
        if self.path is None:
            if resume:
                raise BadRequestError("Only an output file can be gone on with.", hint="Name one.")
            self.write(form.head)
            return Kept(0, chunk=next(chunks, ()))
        with self._errors_told():
            there = self._size(table)
            if there and not resume:
                raise BadRequestError(
                    f"“{self.name}” is there already.",
                    hint="Go on with it by --resume, or name another output file.",
                )
            self._file = self.path.open("r+b" if there else "wb")
            self._owned = True
            if not there:
                found = Kept(0, chunk=next(chunks, ()))
            else:
                found = kept(self._file, form, chunks, self.name)
                self._file.truncate(found.size)
                self._file.seek(found.size)
            if not found.size:
                self.write(form.head)
        return found

    def _size(self, table: Table) -> int | None:
        """Bytes of the file that is there; None where there is none, or it is no file."""
        assert self.path is not None
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        if stat.S_ISDIR(status.st_mode):
            raise BadRequestError(f"“{self.name}” is a folder.", hint="Name a file.")
        source = table.source.path
        if source is not None and os.path.samestat(status, source.stat()):
            raise BadRequestError(
                "The output is the table itself, which is never changed.",
                hint="Name another output file.",
            )
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def write(self, data: bytes) -> None:
        with self._errors_told():
            self._file.write(data)
            self._file.flush()

    def close(self) -> None:
        if self._owned:
            with self._errors_told():
                self._file.close()

    @contextlib.contextmanager
    def _errors_told(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            raise DocumentError(
                f"“{self.name}” cannot be written: {error.strerror or error}.",
                hint="What is in it already is kept: --resume goes on with it."
                if self._owned
                else "Check the path, your permissions and the disk.",
            ) from error


class Meter:
    """How far a run is, on standard error: one line that changes in a terminal, else one now and
    then."""

    def __init__(self, quiet: bool, done: int, total: int) -> None:
        self._shown, self._terminal = not quiet, sys.stderr.isatty()
        self._first, self.done, self._total = done, done, total
        self._began = self._last = time.monotonic()
        self._line = StatusLine(quiet)

    def step(self, rows: int) -> None:
        self.done += rows
        self.tell("")

    def tell(self, stage: str) -> None:
        """`stage` is what happens before the first row is done, such as loading."""
        now = time.monotonic()
        pause = REDRAWN if self._terminal else TOLD
        if not self._shown or now - self._last < pause:
            return
        self._last = now
        if self._terminal:
            self._line.tell(self._text(now, stage))
        elif self.done > self._first:
            print(f"carrel: {self._text(now, '')}", file=sys.stderr, flush=True)

    def _text(self, now: float, stage: str) -> str:
        fresh = self.done - self._first
        if stage and not fresh:
            return stage
        text = f"{self.done:,} of {self._total:,} rows"
        if not fresh:
            return text
        speed = fresh / max(now - self._began, 1e-9)
        left = (self._total - self.done) / speed
        took = f"{left:.0f} s" if left < 100 else f"{left / 60:.0f} min"
        return f"{text}, {speed:,.0f} a second, {took} left"

    def clear(self) -> None:
        self._line.clear()


def lines_of(form: Form, chunk: Chunk, answers: list[Answer]) -> tuple[bytes, int]:
    """The chunk as it is written, and how many of its rows have an error."""
    lines = [form.line(row, one) for row, one in zip(chunk, answers, strict=True)]
    return b"".join(lines), sum(map(form.has_failed, lines))
