"""Rich Text (.rtf), by striprtf: paragraphs and tables as text, everything else left out.

It has no reliable headings: what looks like one is only large type. Hidden text and the groups that
hold no text (fonts, styles, pictures) are dropped by the library.
"""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from engine.contracts import AbortFlag
from engine.documents.base import MAX_CHARACTERS, DocumentFormat, too_many_characters
from engine.documents.builder import DocumentBuilder
from engine.errors import DocumentDamagedError
from engine.types import Document

_MAX_BYTES = 64 * 1024 * 1024
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
# Pictures and embedded files are long runs of hexadecimal digits, which only cost time.
_HEX = re.compile(rb"[0-9a-fA-F\r\n]{400,}")
_HIDDEN = re.compile(r"\{\\v(?=[\\ ])[^{}]*\}")


class RichTextFormat(DocumentFormat):
    format_id = "rtf"
    title = "Rich Text"
    suffixes = (".rtf",)

    def read(self, path: Path, abort: AbortFlag) -> Document:
        from striprtf.striprtf import rtf_to_text

        builder = DocumentBuilder(path, self.format_id)
        data = path.read_bytes()
        if not data.lstrip().startswith(b"{\\rtf"):
            raise DocumentDamagedError(f"“{builder.name}” is not a Rich Text file.")
        data = _HEX.sub(b"", data)
        if len(data) > min(_MAX_BYTES, 4 * MAX_CHARACTERS):
            raise too_many_characters(builder.name)
        abort.raise_if_set()
        source = _HIDDEN.sub("", data.decode("latin-1"))
        try:
            text = rtf_to_text(source, encoding=_encoding(data), errors="replace")
        except Exception as error:  # whatever the library meets, the file is what is wrong
            raise DocumentDamagedError(
                f"“{builder.name}” is damaged: its text cannot be read.",
                detail=traceback.format_exc(),
            ) from error
        for block in re.split(r"\n\s*\n", text):
            abort.raise_if_set()
            builder.add("\n".join(_row(line) for line in block.split("\n")))
        if _is_cut(data):
            builder.remarks.append("The file is cut short: what was there has been read.")
        return builder.build()


def _encoding(data: bytes) -> str:
    found = _CODE_PAGE.search(data[:4096])
    name = f"cp{found[1].decode()}" if found else "cp1252"
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name


def _row(line: str) -> str:
    """A table's row, whose cells the library ends with "|"."""
    if line.count("|") > 1 and line.rstrip().endswith("|"):
        return " | ".join(cell.strip() for cell in line.rstrip().rstrip("|").split("|"))
    return line.rstrip()


def _is_cut(data: bytes) -> bool:
    return not data.rstrip(b" \r\n\t\0").endswith(b"}")
