"""CSV as programs write it: RFC 4180 with any of the usual delimiters and line ends.

The delimiter is the one under which the header has the wanted column and the rows are as long as
the header. Quotation marks that do not match are an error before anything is judged.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence

from engine.batch.sources import Source
from engine.batch.tables import Row, Table, chosen_column, no_rows
from engine.documents.base import MAX_CHARACTERS
from engine.errors import DocumentDamagedError, DocumentTooLargeError

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 256 * 1024


class CsvTable(Table):
    is_json = False

    def __init__(self, source: Source, column: str) -> None:
        super().__init__(source, column)
        csv.field_size_limit(MAX_CHARACTERS)
        self._form = _delimiter(source.lines(), column)
        self.delimiter = self._form[0]
        records = self._records()
        self.columns = tuple(next(records, (0, []))[1])
        if not self.columns:
            raise no_rows(source.name)
        self._place = chosen_column(self.columns, column, source.name)
        self.total = sum(1 for _ in records)
        if not self.total:
            raise no_rows(source.name)

    def rows(self) -> Iterator[Row]:
        width = len(self.columns)
        for line, record in itertools.islice(self._records(), 1, None):
            cells = (*record[:width], *[""] * (width - len(record)))
            problem = _odd_length(line, record, width)
            yield Row(line, cells, cells[self._place], problem)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """With the line that each begins in. Empty lines are none."""
        delimiter, skips = self._form
        reader = csv.reader(
            self.source.lines(), delimiter=delimiter, skipinitialspace=skips, strict=True
        )
        while True:
            begins = reader.line_num + 1
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self._broken(begins, str(error)) from error
            if record:
                yield begins, record

    def _broken(self, line: int, reason: str) -> DocumentDamagedError | DocumentTooLargeError:
        if "field larger" in reason:
            return DocumentTooLargeError(
                f"“{self.name}” has a cell of more than {MAX_CHARACTERS:,} characters, from line "
                f"{line} on.",
                hint="Look for a quotation mark there that is never closed, or split the text.",
            )
        return DocumentDamagedError(
            f"The quotation marks in “{self.name}” do not match from line {line} on.",
            hint='Close them there, and double those that belong to a quoted text (""); '
            "nothing was judged.",
        )


def _odd_length(line: int, record: Sequence[str], width: int) -> str:
    if len(record) == width:
        return ""
    compared = "more" if len(record) > width else "fewer"
    said = f"Line {line} has {compared} fields than the header: {len(record)}, not {width}."
    if len(record) > width:
        said += f" Left over: {json.dumps(record[width:], ensure_ascii=False)}"
    return said


def _delimiter(lines: Iterable[str], column: str) -> tuple[str, bool]:
    """The delimiter, and whether spaces behind it are dropped (`a, "b"`)."""
    sample: list[str] = []
    size = 0
    for line in itertools.islice(lines, _SAMPLE_LINES):
        sample.append(line)
        size += len(line)
        if size > _SAMPLE_CHARACTERS:
            break
    forms = [(delimiter, skips) for skips in (False, True) for delimiter in DELIMITERS]
    return max(forms, key=lambda form: _fit(sample, form[0], form[1], column))


def _fit(
    sample: Sequence[str], delimiter: str, skips: bool, column: str
) -> tuple[bool, bool, float, int]:
    reader = csv.reader(sample, delimiter=delimiter, skipinitialspace=skips, strict=True)
    lengths: list[int] = []
    header: list[str] = []
    broken = 0
    try:
        for record in reader:
            if record:
                header = header or record
                lengths.append(len(record))
    except csv.Error:  # the sample's end may be in the middle of a cell
        broken = reader.line_num < len(sample)
    if not lengths:
        return False, False, 0.0, 0
    alike = sum(length == lengths[0] for length in lengths) / (len(lengths) + broken)
    has_column = column.strip() in (name.strip() for name in header)
    return has_column, lengths[0] > 1 and alike > 0.5, alike, lengths[0]
