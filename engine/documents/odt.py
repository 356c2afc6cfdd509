"""OpenDocument texts (.odt): headings, paragraphs, lists, tables, notes and comments in order.

Method: OASIS OpenDocument 1.3, part 3. Tracked deletions and what a change hides are left out;
presentations and spreadsheets of the same family (.odp, .ods) are read for their text alike.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.packages import OPEN_DOCUMENT, check_package, member, parsed
from engine.errors import DocumentDamagedError, DocumentPasswordError
from engine.types import Document

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_SKIPPED = frozenset(
    {
        _TEXT + "tracked-changes",
        _TEXT + "sequence-decls",
        _TEXT + "variable-decls",
        _TEXT + "ruby-text",
        _OFFICE + "forms",
        _OFFICE + "scripts",
    }
)
_MAX_REPEATED = 100  # cells or rows that only say how often they stand there
_MAX_DEPTH = 200


class OpenDocumentFormat(DocumentFormat):
    format_id = "odt"
    title = "OpenDocument"
    suffixes = (".odt", ".ott", ".odp", ".ods", ".fodt")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        builder = DocumentBuilder(path, self.format_id)
        data = path.read_bytes()
        if data.lstrip()[:5] == b"<?xml":  # one flat file
            content = data
            if b"<!ENTITY" in data:
                raise DocumentDamagedError(f"“{builder.name}” was refused: its XML holds entities.")
        else:
            check_package(data, builder.name, OPEN_DOCUMENT)
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                _refuse_encrypted(package, builder.name)
                content = member(package, OPEN_DOCUMENT.main) or b""
        body = next(parsed(content, builder.name).iter(_OFFICE + "body"), None)
        if body is None:
            raise DocumentDamagedError(f"“{builder.name}” is damaged: it has no text part.")
        reader = _Reader(builder, abort)
        reader.read(body)
        reader.add_notes()
        return builder.build(page_count=reader.pages or None)


def _refuse_encrypted(package: zipfile.ZipFile, name: str) -> None:
    if b"encryption-data" in (member(package, "META-INF/manifest.xml") or b""):
        raise DocumentPasswordError(f"“{name}” is protected with a password.")


class _Reader:
    def __init__(self, builder: DocumentBuilder, abort: AbortFlag) -> None:
        self._builder, self._abort = builder, abort
        self._notes: list[str] = []
        self.pages = 0

    def read(self, container: Any, depth: int = 0) -> None:
        self._abort.raise_if_set()
        if depth > _MAX_DEPTH:
            return
        for element in container:
            tag = element.tag
            if not isinstance(tag, str) or tag in _SKIPPED:
                continue
            if tag == _TEXT + "h":
                level = element.get(_TEXT + "outline-level", "1")
                self._builder.add_heading(self._line(element), int(level) if level.isdigit() else 1)
            elif tag == _TEXT + "p":
                self._builder.add(self._line(element))
                self._read_frames(element, depth)
            elif tag == _TEXT + "list":
                self._builder.add("\n".join(self._list_lines(element)))
            elif tag == _TABLE + "table":
                self._add_table(element)
            elif tag == _DRAW + "page":
                self.pages += 1
                self._builder.begin_page(f"slide {self.pages}")
                self.read(element, depth + 1)
            else:
                if tag == _PRESENTATION + "notes":
                    self._builder.add("Notes:")
                self.read(element, depth + 1)

    def add_notes(self) -> None:
        if self._notes:
            self._builder.add_heading("Notes", 1)
        for note in self._notes:
            self._builder.add(note)

    def _read_frames(self, paragraph: Any, depth: int) -> None:
        """Text boxes that are anchored in a paragraph stand behind it."""
        for box in paragraph.iter(_DRAW + "text-box"):
            if next(box.iterancestors(_DRAW + "text-box"), None) is None:
                self.read(box, depth + 1)

    def _add_table(self, table: Any) -> None:
        if table.get(_TABLE + "name") and table.getparent().tag == _OFFICE + "spreadsheet":
            self.pages += 1
            self._builder.begin_page(f"sheet {table.get(_TABLE + 'name')}")
        lines = []
        for row in table.iter(_TABLE + "table-row"):
            self._abort.raise_if_set()
            cells: list[str] = []
            for cell in row:
                if cell.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                    text = " ".join(self._line(one) for one in cell.iter(_TEXT + "p"))
                    cells += [text] * _repeated(cell, "columns", bool(text))
            line = " | ".join(cells).rstrip(" |")
            lines += [line] * _repeated(row, "rows", bool(line)) if line else []
        self._builder.add("\n".join(lines))

    def _list_lines(self, element: Any, depth: int = 0) -> list[str]:
        lines = []
        for item in element:
            for part in item if depth < _MAX_DEPTH else ():
                if part.tag == _TEXT + "list":
                    lines += self._list_lines(part, depth + 1)
                elif part.tag in (_TEXT + "p", _TEXT + "h") and (text := self._line(part)):
                    lines.append("  " * depth + "- " + text)
        return lines

    def _line(self, element: Any) -> str:
        lines = "".join(self._pieces(element, 0)).split("\v")
        return "\n".join(" ".join(line.split()) for line in lines).strip()

    def _pieces(self, element: Any, depth: int) -> Iterator[str]:
        """The text inside a paragraph; a note leaves its number and is told at the end."""
        yield element.text or ""
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or depth > _MAX_DEPTH:
                pass
            elif tag == _TEXT + "s":
                yield " "
            elif tag == _TEXT + "tab":
                yield "\t"
            elif tag == _TEXT + "line-break":
                yield "\v"
            elif tag == _TEXT + "note":
                yield self._note(child)
            elif tag == _OFFICE + "annotation":
                self._comment(child)
            elif tag not in _SKIPPED and tag != _DRAW + "frame":
                yield from self._pieces(child, depth + 1)
            yield child.tail or ""

    def _note(self, note: Any) -> str:
        number = f"[{len(self._notes) + 1}]"
        body = next(note.iter(_TEXT + "note-body"), ())
        self._notes.append(number)  # keeps its place should a note hold notes
        place = len(self._notes) - 1
        self._notes[place] = f"{number} " + " ".join(self._line(one) for one in body)
        return number

    def _comment(self, comment: Any) -> None:
        author = next((c.text or "" for c in comment if c.tag.endswith("}creator")), "")
        said = " ".join(self._line(one) for one in comment.iter(_TEXT + "p"))
        self._notes.append(f"Comment{' by ' + author if author else ''}: {said}")


def _repeated(element: Any, what: str, filled: bool) -> int:
    number = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return min(int(number), _MAX_REPEATED) if filled and number.isdigit() else 1
