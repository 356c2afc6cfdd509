"""JSON Lines: an object per file, with the proofs of every cell and where they stand."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from engine.file_tables.columns import title_of
from engine.file_tables.table import Cell, Column, FileRow, FileTable


def to_jsonl(table: FileTable) -> bytes:
    lines = [json.dumps(row_object(row, table), ensure_ascii=False) for row in table.rows]
    # Other programs take these for the end of a line.
    text = "".join(f"{line}\n" for line in lines)
    for mark in "\x85\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text.encode("utf-8", "replace")


def row_object(row: FileRow, table: FileTable) -> dict[str, Any]:
    cells = {
        title_of(column): _object(column, row.cells[key])
        for column in table.spec.columns
        if (key := table.spec.key(column)) in row.cells
    }
    found = {
        "file": row.name,
        "path": row.path,
        "format": row.format or None,
        "pages": row.pages,
        "characters": row.characters,
        "remarks": list(row.remarks),
        "cells": cells,
        "finished": row.is_done(table.spec),
    }
    return found | ({"error": msgspec.to_builtins(row.error)} if row.error else {})


def _object(column: Column, cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": column.kind, **msgspec.to_builtins(cell)}
    return {name: value for name, value in found.items() if value not in (None, "", [], ())}
