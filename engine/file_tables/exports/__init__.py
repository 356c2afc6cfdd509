"""The forms in which a table leaves Carrel: a small module each, and a line in `TABLE_EXPORTS`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from engine.errors import BadRequestError, DocumentError
from engine.file_tables.exports.csv_export import to_csv
from engine.file_tables.exports.jsonl_export import to_jsonl
from engine.file_tables.exports.markdown_export import to_markdown
from engine.file_tables.exports.xlsx_export import to_xlsx
from engine.file_tables.table import FileTable


class TableExport(NamedTuple):
    """`render` gives the bytes of the whole file."""

    export_id: str
    title: str
    suffix: str
    render: Callable[[FileTable], bytes]


TABLE_EXPORTS = (
    TableExport("csv", "CSV", ".csv", to_csv),
    TableExport("jsonl", "JSON Lines", ".jsonl", to_jsonl),
    TableExport("markdown", "Markdown", ".md", to_markdown),
    TableExport("xlsx", "Excel", ".xlsx", to_xlsx),
)


def export_for(path: Path) -> TableExport:
    """By the suffix; `BadRequestError` if it says nothing."""
    for export in TABLE_EXPORTS:
        if path.suffix.lower() == export.suffix:
            return export
    suffixes = ", ".join(export.suffix for export in TABLE_EXPORTS)
    raise BadRequestError(
        f"The suffix of “{path.name}” does not say what to write.",
        hint=f"Name the file with one of {suffixes}.",
    )


def write_table(table: FileTable, path: Path, export: TableExport) -> None:
    """All or nothing: an earlier file stays as it is until the new one is whole."""
    data = export.render(table)
    draft = path.with_name(path.name + ".new")
    try:
        draft.write_bytes(data)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise DocumentError(
            f"“{path.name}” cannot be written: {error.strerror or error}.",
            hint="Check the path, your permissions and the disk; close the file in other programs.",
        ) from error
