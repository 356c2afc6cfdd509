"""JSONL: one object per line. Its rows are kept as they stand in the file, to the last character."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from engine.batch.sources import Source
from engine.batch.tables import Row, Table, listed, no_rows
from engine.errors import BadRequestError, DocumentFormatError

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_string = msgspec.json.Decoder(str)
_SPACE = " \t\r\n"  # JSON's own; other white space may not stand around an object


class JsonlTable(Table):
    is_json = True

    def __init__(self, source: Source, column: str) -> None:
        super().__init__(source, column)
        names: dict[str, None] = {}
        objects = self.total = 0
        for _, line in self._lines():
            self.total += 1
            if isinstance(read := _read(line), dict):
                objects += 1
                names |= dict.fromkeys(read)
        if not self.total:
            raise no_rows(source.name)
        if not objects:
            raise DocumentFormatError(
                f"No line of “{source.name}” is a JSON object.",
                hint="Give the file the suffix that says what it is: .csv or .jsonl.",
            )
        if column not in names:
            raise BadRequestError(
                f"No line of “{source.name}” has “{column}”.",
                hint=f"There are: {listed(tuple(names))}.",
            )
        self.columns = tuple(names)

    def _lines(self) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(self.source.lines(), 1):
            if stripped := line.strip(_SPACE):
                yield number, stripped

    def rows(self) -> Iterator[Row]:
        for number, line in self._lines():
            read = _read(line)
            if isinstance(read, str):
                problem = f"Line {number} is not a JSON object ({read}): {line}"
                yield Row(number, ("",) * len(self.columns), "", problem)
                continue
            cells = tuple(_cell(read[name]) if name in read else "" for name in self.columns)
            text, problem = "", f"Line {number} has no “{self.column}”."
            if self.column in read:
                text, problem = _cell(read[self.column]), ""
                if bytes(read[self.column])[:1] in (b"{", b"["):
                    problem = f"“{self.column}” of line {number} is not a text."
            yield Row(number, cells, text, problem, line)


def _read(line: str) -> dict[str, msgspec.Raw] | str:
    """The object, or what is wrong with it."""
    try:
        return _object.decode(line)
    except msgspec.ValidationError:
        return "it is something else"
    except msgspec.DecodeError as error:
        return str(error).removeprefix("JSON is malformed: ")
    except RecursionError:
        return "it is nested too deeply"


def _cell(value: msgspec.Raw) -> str:
    """A text as it is, nothing for null, and anything else as it is written."""
    raw = bytes(value)
    if raw.startswith(b'"'):
        return _string.decode(raw)
    return "" if raw == b"null" else raw.decode()
