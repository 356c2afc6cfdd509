"""What a table of files is made of, as plain data that can be kept and sent."""

from __future__ import annotations

import msgspec

from engine.errors import ErrorInfo


class Column(msgspec.Struct, frozen=True):
    """What is asked of every file. `kind` is one of `COLUMN_KINDS`; `question` is that of a question."""

    kind: str
    question: str = ""


class TableSpec(msgspec.Struct, frozen=True):
    """`reader` "automatic" or "quotes" (no chat model has a part in it). `model` names that model."""

    columns: tuple[Column, ...]
    reader: str = "automatic"
    model: str = ""

    def key(self, column: Column) -> str:
        """A cell with the same key was found in the same way, and needs no second look."""
        made = [column.kind, column.question, self.reader, self.model]
        return msgspec.json.encode(made).decode()


class Proof(msgspec.Struct, frozen=True):
    """Words of the file that a cell rests on, with a name of the place as a person would say it.

    `start` and `end` are characters of the document's text.
    """

    text: str
    place: str
    start: int
    end: int


class Cell(msgspec.Struct, frozen=True):
    """`text` is what a spreadsheet shows, `value` what a program may want to compute with (0 to 1).

    `doubts` are numbers and names in the text that the file does not contain. `error` says why there
    is nothing else.
    """

    text: str = ""
    value: float | None = None
    proofs: tuple[Proof, ...] = ()
    doubts: tuple[str, ...] = ()
    made_by: str = ""
    seconds: float = 0.0
    error: ErrorInfo | None = None


class FileRow(msgspec.Struct, frozen=True):
    """A file and its cells by `TableSpec.key`. `stamp` is its size and time when it was read."""

    path: str
    name: str
    stamp: tuple[int, int] = (-1, -1)
    format: str = ""
    pages: int | None = None
    characters: int = 0
    remarks: tuple[str, ...] = ()
    cells: dict[str, Cell] = {}
    error: ErrorInfo | None = None

    def lacks(self, spec: TableSpec) -> tuple[Column, ...]:
        """The columns that have not been found yet. Of a file that could not be read: none."""
        if self.error is not None:
            return ()
        return tuple(column for column in spec.columns if spec.key(column) not in self.cells)

    def is_done(self, spec: TableSpec) -> bool:
        return self.error is not None or (self.stamp != (-1, -1) and not self.lacks(spec))

    def errors(self, spec: TableSpec) -> list[tuple[Column | None, ErrorInfo]]:
        """What failed: the whole file (column None), or single cells."""
        if self.error is not None:
            return [(None, self.error)]
        cells = ((column, self.cells.get(spec.key(column))) for column in spec.columns)
        return [(column, cell.error) for column, cell in cells if cell and cell.error]

    def stands(self, text: str, start: int, end: int) -> bool:
        """Whether a file whose text this is now still has the words there that a cell rests on."""
        there = " ".join(text[start:end].split())
        proofs = (proof for cell in self.cells.values() for proof in cell.proofs)
        return any((p.start, p.end, p.text) == (start, end, there) for p in proofs)

    def without_failures(self) -> FileRow:
        """For another attempt at what failed."""
        if self.error is not None:
            return FileRow(self.path, self.name)
        kept = {key: cell for key, cell in self.cells.items() if cell.error is None}
        return msgspec.structs.replace(self, cells=kept)


class FileTable(msgspec.Struct, frozen=True):
    spec: TableSpec
    rows: tuple[FileRow, ...]
