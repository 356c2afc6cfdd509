"""A table's bytes as lines of text, as often as somebody wants to read them.

UTF-8 files are streamed. Anything else is decoded at once, line by line where a file mixes UTF-8
with an old encoding. What a row is, this module does not know.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from engine.documents.base import MAX_FILE_BYTES
from engine.documents.encodings import decode
from engine.documents.sniff import file_kind
from engine.errors import (
    DocumentError,
    DocumentFormatError,
    DocumentNoTextError,
    DocumentNotFoundError,
    DocumentTooLargeError,
)
from engine.text import clean_text

_BLOCK = 1 << 20
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SHEET = "Save the sheet as CSV and use that."
_OTHER_KINDS: dict[str, tuple[str, str]] = {
    "pdf": ("a PDF", "Leave --column out to have it read as a document."),
    "docx": ("a Word file", "Leave --column out to have it read as a document."),
    "zip": ("an Excel or ZIP file", _SHEET),
    "ole": ("an old Office file", _SHEET),
    "ole-encrypted": ("an Office file with a password", _SHEET),
    "image": ("a picture", "Choose a CSV or JSONL file."),
    "binary": ("no text", "Choose a CSV or JSONL file; unpack it first if it is compressed."),
}
_LONE = re.compile("[\ud800-\udfff]")
_MIXED = 0.1  # of the lines that are not ASCII: so many must be UTF-8 for it to be no accident


class Source:
    """`name` for messages; `remarks` say what was guessed or replaced; `marked`: it has a BOM."""

    def __init__(self, path: str) -> None:
        self.path = None if path == "-" else Path(os.path.expanduser(path))
        self.name = "standard input" if self.path is None else clean_text(self.path.name or path)[0]
        self.remarks: tuple[str, ...] = ()
        self._data: bytes | None = None
        self._text: str | None = None
        try:
            self._look()
        except (FileNotFoundError, ValueError) as error:
            raise DocumentNotFoundError(f"“{self.name}” is not there.") from error
        except OSError as error:
            raise DocumentError(
                f"“{self.name}” cannot be read: {error.strerror or error}.",
                hint="Check the path and your permissions.",
            ) from error

    def _look(self) -> None:
        if self.path is None:
            self._data = sys.stdin.buffer.read()
        elif stat.S_ISDIR(os.stat(self.path).st_mode):
            raise DocumentError(f"“{self.name}” is a folder.", hint="Name a file inside it.")
        elif not stat.S_ISREG(os.stat(self.path).st_mode):
            self._data = self.path.read_bytes()  # a pipe can be read once only
        with self._open() as file:
            head = file.read(4096)
        if not head:
            raise DocumentNoTextError(
                f"“{self.name}” is empty (0 bytes).", hint="A table begins with a row of names."
            )
        kind = "text" if self._data is not None or self.path is None else file_kind(self.path)
        if kind in _OTHER_KINDS:
            what, hint = _OTHER_KINDS[kind]
            raise DocumentFormatError(f"“{self.name}” is {what}, not a table.", hint=hint)
        self.marked = head.startswith(codecs.BOM_UTF8)
        wide = head.startswith(_WIDE_MARKS) or head.count(0) * 4 > len(head)
        if wide or not self._is_utf8():
            self._decode(wide)

    def _open(self) -> IO[bytes]:
        if self._data is not None:
            return io.BytesIO(self._data)
        assert self.path is not None
        return self.path.open("rb")

    def _is_utf8(self) -> bool:
        decoder = codecs.getincrementaldecoder("utf-8")()
        with self._open() as file:
            try:
                while block := file.read(_BLOCK):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return False
        return True

    def _decode(self, wide: bool) -> None:
        with self._open() as file:
            data = file.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise DocumentTooLargeError(
                f"“{self.name}” is not UTF-8 and larger than {MAX_FILE_BYTES >> 20} MB.",
                hint="Save it as UTF-8: then it may be of any size.",
            )
        text, remark = decode(data) if wide else decode_lines(data)
        broken = text.count("\ufffd") - data.count("\ufffd".encode())
        if broken > 0 and not wide:
            remark = f"{remark} {broken} unreadable characters became \ufffd.".strip()
        self.remarks = (remark,) if remark else ()
        self._text = _LONE.sub("\ufffd", text)

    def lines(self) -> Iterator[str]:
        """With their ends as they are: LF, CRLF or CR."""
        if self._text is not None:
            yield from io.StringIO(self._text, newline="")
            return
        with (
            self._open() as file,
            io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text,
        ):
            yield from text


def decode_lines(data: bytes) -> tuple[str, str]:
    """The text of bytes that are not all UTF-8, and a remark on what was guessed."""
    lines = data.removeprefix(codecs.BOM_UTF8).split(b"\n")
    foreign = [number for number, line in enumerate(lines) if not _utf8(line)]
    sound = sum(not line.isascii() for line in lines) - len(foreign)
    if sound < _MIXED * (sound + len(foreign)):
        return decode(data)
    found, remark = decode(b"\n".join(lines[number] for number in foreign))
    others = found.split("\n")
    if len(others) != len(foreign):  # the guess took a line's end for something else
        return data.decode("utf-8", "replace"), ""
    texts = dict(zip(foreign, others, strict=True))
    text = "\n".join(
        texts[number] if number in texts else line.decode() for number, line in enumerate(lines)
    )
    encoding = remark.removeprefix("Encoding not declared; read as ").removesuffix(".")
    told = f"It mixes encodings: lines that are not UTF-8 were read as {encoding} ({len(foreign)})."
    return text, told if remark else ""


def _utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
