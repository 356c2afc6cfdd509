"""What a run has found so far, in a file that survives a crash: a line for every row as it grew.

The last line of a path counts; a line that was torn by a crash is none. Every line is on the disk before
the run goes on.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import msgspec

from engine.errors import BadRequestError, DocumentError
from engine.file_tables.table import FileRow

SUFFIX = ".carrel"
_HEAD = b'{"carrel_table":1}'


def journal_path(output: Path) -> Path:
    return output.with_name(output.name + SUFFIX)


class Journal:
    """Open for writing; `rows` are what it knew, by path.

    `BadRequestError` if the file is something else, `DocumentError` if it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoder = msgspec.json.Encoder()
        try:
            self.rows = _rows_of(path)
            self._file = self._anew()
        except OSError as error:
            raise self._unwritable(error) from error

    def write(self, row: FileRow) -> None:
        self.rows[row.path] = row
        try:
            _write(self._file, self._encoder.encode(row))
        except OSError as error:
            raise self._unwritable(error) from error

    def close(self) -> None:
        self._file.close()

    def _anew(self) -> IO[bytes]:
        """With one line per row: earlier ones that no longer count are left behind."""
        draft = self._path.with_name(self._path.name + ".new")
        with draft.open("wb") as file:
            lines = [_HEAD, *map(self._encoder.encode, self.rows.values())]
            _write(file, b"\n".join(lines))
        os.replace(draft, self._path)
        return self._path.open("ab")

    def _unwritable(self, error: OSError) -> DocumentError:
        return DocumentError(
            f"“{self._path.name}” cannot be written: {error.strerror or error}.",
            hint="Check the disk and your permissions. What is in it already is kept: "
            "the same command goes on with it.",
        )


def _write(file: IO[bytes], line: bytes) -> None:
    file.write(line + b"\n")
    file.flush()
    os.fsync(file.fileno())


def _rows_of(path: Path) -> dict[str, FileRow]:
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    if lines[0] != _HEAD:
        if len(lines) == 1 and _HEAD.startswith(lines[0]):
            return {}  # torn at its very beginning
        raise BadRequestError(
            f"“{path.name}” is no record of a table that this Carrel can go on with.",
            hint="Move it away, or name another output file.",
        )
    rows: dict[str, FileRow] = {}
    decoder = msgspec.json.Decoder(FileRow)
    for line in lines[1:]:
        try:
            row = decoder.decode(line)
        except msgspec.DecodeError:
            continue  # torn
        rows[row.path] = row
    return rows
