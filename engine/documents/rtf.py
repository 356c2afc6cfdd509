"""Rich Text (.rtf): paragraphs, headings, lists, tables; notes, comments and page headers at the end.

Shown is what a reader sees with all tracked changes accepted. Left out: pictures, hidden text.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from engine.contracts import AbortFlag
from engine.documents.base import MAX_CHARACTERS, DocumentFormat, too_many_characters
from engine.documents.builder import DocumentBuilder
from engine.documents.rtf_flow import Block
from engine.documents.rtf_reader import RichTextReader, note_label
from engine.documents.rtf_tokens import tokens
from engine.errors import DocumentDamagedError, DocumentTooLargeError
from engine.types import Document

MAX_TOKENS = 4_000_000  # some seconds of work
MAX_DEPTH = 1_000  # groups in groups


class RichTextFormat(DocumentFormat):
    format_id = "rtf"
    title = "Rich Text"
    suffixes = (".rtf",)

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        data = path.read_bytes().lstrip(b"\xef\xbb\xbf \t\r\n")
        if not data.startswith(b"{\\rtf"):
            raise DocumentDamagedError(f"“{builder.name}” is not a Rich Text file.")
        reader, is_whole = _read(data, builder.name, abort)
        _add_blocks(builder, reader.body.blocks)
        _add_notes(builder, reader)
        if reader.hid_something:
            builder.remarks.append("Hidden text was left out.")
        if not is_whole:
            builder.remarks.append("The file is cut short: what was there has been read.")
        return builder.build()


def _read(data: bytes, name: str, abort: AbortFlag) -> tuple[RichTextReader, bool]:
    """The reader that has seen it all, and whether the file came to its end."""
    reader = RichTextReader()
    depth = 0
    for count, token in enumerate(tokens(data)):
        if not count % 1000:
            abort.raise_if_set()
            if reader.characters > MAX_CHARACTERS:
                raise too_many_characters(name)
            if count > MAX_TOKENS:
                raise DocumentTooLargeError(f"“{name}” holds too much formatting to be read.")
        depth += (token[0] == "{") - (token[0] == "}")
        if depth > MAX_DEPTH:
            raise DocumentDamagedError(f"“{name}” is damaged: its groups are nested too deeply.")
        reader.read(token)
        if depth <= 0:
            break  # what comes after the outermost group is not part of the text
    reader.end()
    return reader, depth <= 0


def _add_blocks(builder: DocumentBuilder, blocks: list[Block]) -> None:
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        found = list(run)
        if kind == "row" and max(len(block.cells) for block in found) > 1:
            rows = (" | ".join(" ".join(cell.split()) for cell in one.cells) for one in found)
            builder.add("\n".join(row.rstrip(" |") for row in rows))
        elif kind == "item":
            builder.add("\n".join(block.text for block in found))
        else:
            for block in found:
                if kind == "heading":
                    builder.add_heading(block.text, block.level)
                else:  # a table of one column is a frame around ordinary text
                    builder.add(block.text or "\n\n".join(block.cells))


def _add_notes(builder: DocumentBuilder, reader: RichTextReader) -> None:
    lines: dict[str, list[str]] = {}
    for kind, heading in (("foot", "Footnotes"), ("end", "Endnotes")):
        notes = [flow.line() for one, flow in reader.notes if one == kind]
        lines[heading] = [
            f"[{note_label(kind, number)}] {note}"
            for number, note in enumerate(notes, start=1)
            if note
        ]
    lines["Comments"] = [
        f"Comment{' by ' + author if author else ''}: {text}"
        for author, flow in reader.comments
        if (text := flow.line())
    ]
    lines["Page headers and footers"] = [
        line for line in reader.page_lines if any(character.isalpha() for character in line)
    ]
    for heading, found in lines.items():
        if found:
            builder.add_heading(heading, 1)
        for line in found:
            builder.add(line)
