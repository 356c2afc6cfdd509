"""JSON (.json) and JSON Lines (.jsonl): keys and values as lines, indented as deep as they stand.

Long values become paragraphs of their own, so that sentences are found in them. Every line of a
.jsonl file is a record with a heading.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.contracts import AbortFlag
from engine.documents.base import MAX_CHARACTERS, DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.encodings import decode
from engine.errors import DocumentDamagedError
from engine.types import Document

_MAX_DEPTH = 100
_LONG = 120  # characters
_NAMES = ("title", "name", "id", "subject", "question", "key")


class JsonFormat(DocumentFormat):
    format_id = "json"
    title = "JSON"
    suffixes = (".json", ".jsonl", ".ndjson", ".geojson")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        text, guess = decode(path.read_bytes())
        if guess:
            builder.remarks.append(guess)
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            _add_lines(builder, text, abort)
        else:
            try:
                _add(builder, _loads(text), abort)
            except ValueError as error:
                if not _add_lines(builder, text, abort):  # JSON Lines under another name
                    raise DocumentDamagedError(
                        f"“{builder.name}” is not JSON: {error}.",
                        hint="Mend it there, or name it .txt to have it read as it stands.",
                    ) from error
        return builder.build()


def _loads(text: str) -> Any:
    try:
        return json.loads(text, parse_int=str, parse_float=str)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _add_lines(builder: DocumentBuilder, text: str, abort: AbortFlag) -> bool:
    """Add each line as a record; False if most lines are none."""
    records: list[tuple[int, Any]] = []
    bad: list[int] = []
    for number, line in enumerate(text.split("\n"), start=1):
        abort.raise_if_set()
        if line.strip():
            try:
                records.append((number, _loads(line)))
            except ValueError:
                bad.append(number)
    if len(bad) > len(records):
        return False
    for number, record in records:
        builder.add_heading(_name(record) or f"Line {number}", 1)
        _add(builder, record, abort)
    if bad:
        places = ", ".join(map(str, bad[:5])) + (" …" if len(bad) > 5 else "")
        builder.remarks.append(f"Lines that are no JSON were left out: {places}.")
    return True


def _name(record: Any) -> str:
    if isinstance(record, dict):
        for key in _NAMES:
            if isinstance(record.get(key), str) and record[key].strip():
                return " ".join(record[key].split())[:80]
    return ""


def _add(builder: DocumentBuilder, value: Any, abort: AbortFlag) -> None:
    """Short lines stay together; a long value is a block by itself."""
    together: list[str] = []
    size = 0
    for depth, label, text in _walk(value, 0, ""):
        abort.raise_if_set()
        if len(text) > _LONG:
            builder.add("\n".join([*together, "  " * depth + label] if label else together))
            together = []
            builder.add(text)
        else:
            together.append("  " * depth + label + (" " if label and text else "") + text)
        size += len(text)
        if size > MAX_CHARACTERS:
            break  # the builder tells it
    builder.add("\n".join(together))


def _walk(value: Any, depth: int, label: str) -> Iterator[tuple[int, str, str]]:
    """(depth, label, text) of every value, and of every key that holds others."""
    if depth > _MAX_DEPTH:
        yield depth, label, "…"
    elif isinstance(value, dict):
        if label:
            yield depth, label, ""
        for key, one in value.items():
            yield from _walk(one, depth + bool(label), f"{key}:")
    elif isinstance(value, list):
        if label:
            yield depth, label, ""
        for one in value:
            yield from _walk(one, depth + bool(label), "-")
    else:
        words = {None: "null", True: "true", False: "false"}
        yield depth, label, value.strip() if isinstance(value, str) else words[value]
