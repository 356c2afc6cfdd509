"""Plain text, and every other kind of file that is readable as it stands."""

from __future__ import annotations

from pathlib import Path

from engine.contracts import AbortFlag
from engine.documents.base import (
    MAX_CHARACTERS,
    DocumentFormat,
    nothing_inside,
    too_many_characters,
)
from engine.documents.builder import path_text
from engine.documents.encodings import decode
from engine.text import clean_text, replaced_remark
from engine.types import Document, Section


class TextFormat(DocumentFormat):
    format_id = "txt"
    title = "Plain text"
    suffixes = (".txt", ".text", ".log", ".rst", ".org", ".tex")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        text, guess_remark = decode(path.read_bytes())
        name = clean_text(path.name)[0]
        return plain_document(text, name, self.format_id, path=path, remark=guess_remark)


def plain_document(
    text: str,
    name: str,
    format_id: str,
    *,
    path: Path | None = None,
    remark: str = "",
    sections: tuple[Section, ...] = (),
) -> Document:
    """A document whose text is kept as it is, except for what cannot be kept."""
    text, replaced = clean_text(text)
    if not text.strip():
        raise nothing_inside(name)
    if len(text) > MAX_CHARACTERS:
        raise too_many_characters(name)
    remarks = (remark, replaced_remark(replaced) if replaced else "")
    return Document(
        name=name,
        text=text,
        format=format_id,
        path=path_text(path) if path else None,
        sections=sections,
        remarks=tuple(filter(None, remarks)),
    )
