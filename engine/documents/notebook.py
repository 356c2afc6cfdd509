"""Jupyter notebooks (.ipynb): text cells with their headings, code, and what the code printed.

Method: nbformat 4 (and 3, whose cells stand in worksheets). Pictures and other data are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.encodings import decode
from engine.errors import DocumentDamagedError
from engine.types import Document

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*\S)[ \t]*$", re.MULTILINE)
_PICTURE = re.compile(r"!\[([^\]]*)\]\((?:data:|attachment:)[^)]*\)")
_TERMINAL_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_MAX_OUTPUT = 20_000  # characters of one cell: what is longer is a log


class NotebookFormat(DocumentFormat):
    format_id = "ipynb"
    title = "Jupyter notebook"
    suffixes = (".ipynb",)

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        text, _ = decode(path.read_bytes())
        try:
            notebook = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DocumentDamagedError(
                f"“{builder.name}” is damaged: it is not a Jupyter notebook.", detail=str(error)
            ) from error
        pictures = 0
        for cell in _cells(notebook):
            abort.raise_if_set()
            source = _joined(cell.get("source", cell.get("input")))
            if cell.get("cell_type") == "markdown":
                _add_markdown(builder, source)
            elif cell.get("cell_type") == "heading":
                builder.add_heading(source, _number(cell.get("level")))
            else:
                builder.add(source)
            for output in _dicts(cell.get("outputs")):
                pictures += _add_output(builder, output)
        if pictures:
            noun = "picture" if pictures == 1 else "pictures"
            builder.remarks.append(f"{pictures} {noun} left out.")
        return builder.build()


def _cells(notebook: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(notebook, dict):
        return
    yield from _dicts(notebook.get("cells"))
    for sheet in _dicts(notebook.get("worksheets")):
        yield from _dicts(sheet.get("cells"))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "".join(one for one in value if isinstance(one, str))
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 1


def _add_markdown(builder: DocumentBuilder, source: str) -> None:
    source = _PICTURE.sub(lambda picture: picture[1], source)
    end = 0
    for heading in () if "```" in source else _HEADING.finditer(source):
        builder.add(source[end : heading.start()])
        builder.add_heading(heading[2].rstrip("# "), len(heading[1]))
        end = heading.end()
    builder.add(source[end:])


def _add_output(builder: DocumentBuilder, output: dict[str, Any]) -> int:
    """Append what can be read of an output; 1 if it was a picture."""
    data = output.get("data")
    data = data if isinstance(data, dict) else output
    if output.get("output_type") == "error":
        text = f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}"
    else:
        text = _joined(data.get("text/plain") or data.get("text"))
    text = _TERMINAL_COLOUR.sub("", text)
    if len(text) > _MAX_OUTPUT:
        text = text[:_MAX_OUTPUT] + "\n…"
        remark = "Long outputs were cut."
        if remark not in builder.remarks:
            builder.remarks.append(remark)
    is_picture = any(str(kind).startswith("image/") for kind in data)
    if text.strip() and not (is_picture and text.startswith("<")):
        builder.add(text)
    return int(is_picture)
