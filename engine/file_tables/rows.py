"""The work for one file, as a job of requests: it is read once, then asked column by column.

Every cell is a request of its own, so that no file sees anything of another one.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from engine.call import Job
from engine.documents.stamps import file_stamp
from engine.errors import EngineError, ErrorInfo
from engine.file_tables.columns import cell_of, kind_of
from engine.file_tables.table import Cell, Column, FileRow, TableSpec
from engine.protocol import ReadDocument, RunTextTool, TextToolOutcome, new_request_id
from engine.types import Document, FinishReason, ModelSpec

OnRow = Callable[[FileRow], None]
OnStart = Callable[[str, Column | None], None]


def still_true(row: FileRow) -> FileRow:
    """The row, or an empty one if the file has changed since."""
    if row.stamp != file_stamp(row.path):
        return FileRow(row.path, row.name)
    return row


def find_row(
    row: FileRow,
    spec: TableSpec,
    model: ModelSpec,
    on_row: OnRow,
    on_start: OnStart = lambda path, column: None,
) -> Job[FileRow]:
    """The row with all of its cells. `on_row` is told of it whenever there is more of it, `on_start`
    of what is looked at (None: the file is being read).

    What fails is kept in the row. A run that is stopped returns what it has.
    """
    if row.is_done(spec):
        return row
    on_start(row.path, None)
    stamp = file_stamp(row.path)  # before: what changes while it is read is read again next time
    try:
        ended = yield ReadDocument(new_request_id(), row.path)
    except EngineError as error:
        row = msgspec.structs.replace(row, stamp=stamp, error=_known(error), cells={})
        on_row(row)
        return row
    if ended.finish_reason is FinishReason.ABORT:
        return row
    document = msgspec.convert(ended.result, Document)
    row = msgspec.structs.replace(
        row,
        stamp=stamp,
        format=document.format,
        pages=document.page_count,
        characters=len(document.text),
        remarks=tuple(document.remarks),
    )
    for column in row.lacks(spec):
        on_start(row.path, column)
        cell = yield from _find_cell(column, spec, model, document)
        if cell is None:
            break
        row = msgspec.structs.replace(row, cells={**row.cells, spec.key(column): cell})
        on_row(row)
    return row


def _find_cell(
    column: Column, spec: TableSpec, model: ModelSpec, document: Document
) -> Job[Cell | None]:
    """None if it was stopped."""
    kind = kind_of(column)
    options = kind.options(column, spec.reader)
    request = RunTextTool(new_request_id(), model, kind.tool_id, (document,), options)
    try:
        ended = yield request
    except EngineError as error:
        return Cell(error=_known(error))
    if ended.finish_reason is FinishReason.ABORT:
        return None
    return cell_of(column, msgspec.convert(ended.result, TextToolOutcome), document)


def _known(error: EngineError) -> ErrorInfo:
    """Without the traceback: it is kept with the table, and is for nobody who reads it."""
    return msgspec.structs.replace(error.info(), detail="")
