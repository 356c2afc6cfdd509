"""Tables as text files (.csv, .tsv): one line per row, cells joined by " | " as in other tables.

A file that is not a table after all (no delimiter fits, quotation marks do not match) is read as it is.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from engine.contracts import AbortFlag
from engine.documents.base import MAX_CHARACTERS, DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.encodings import decode
from engine.documents.txt import plain_document
from engine.text import clean_text
from engine.types import Document

_DELIMITERS = ",;\t|"
_SAMPLE = 64 * 1024  # characters


class CsvFormat(DocumentFormat):
    format_id = "csv"
    title = "Table (CSV)"
    suffixes = (".csv", ".tsv", ".tab")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        decoded, guess = decode(path.read_bytes())
        text = clean_text(decoded)[0]
        delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else _delimiter(text[:_SAMPLE])
        builder = DocumentBuilder(path, self.format_id)
        lines = _lines(text, delimiter, abort) if delimiter else None
        if lines is None:
            return plain_document(text, builder.name, self.format_id, path=path, remark=guess)
        if guess:
            builder.remarks.append(guess)
        builder.add("\n".join(lines))
        return builder.build()


def _delimiter(sample: str) -> str:
    """The one under which most rows are as long as the first; "" if each row is one cell."""
    best, most = "", 0.5
    for delimiter in _DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        rows = [row for row in rows if row]
        if len(rows) > 1 and len(sample) == _SAMPLE:
            rows.pop()  # the sample's end is in the middle of it
        alike = sum(len(row) == len(rows[0]) for row in rows) / len(rows) if rows else 0
        if rows and len(rows[0]) > 1 and alike > most:
            best, most = delimiter, alike
    return best


def _lines(text: str, delimiter: str, abort: AbortFlag) -> list[str] | None:
    csv.field_size_limit(MAX_CHARACTERS)
    lines = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for row in reader:
            abort.raise_if_set()
            line = " | ".join(" ".join(cell.split()) for cell in row).rstrip(" |")
            if line:
                lines.append(line)
    except csv.Error:
        return None
    return lines
