"""OpenDocument (.odt): headings, paragraphs, lists and tables in order; what stands beside them last.

Method: OASIS OpenDocument 1.3, part 3. Tracked deletions and hidden text are left out. Presentations and
spreadsheets of the same family (.odp, .ods) are read alike, their slides and sheets as pages.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import DocumentBuilder
from engine.documents.odt_styles import TEXT, OpenDocumentStyles, positive
from engine.documents.odt_text import DRAW, OFFICE, ParagraphReader
from engine.documents.packages import (
    OPEN_DOCUMENT,
    check_package,
    member,
    parsed,
    refuse_entities,
)
from engine.errors import DocumentDamagedError, DocumentPasswordError
from engine.types import Document

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_SKIPPED = frozenset(
    {TEXT + tag for tag in ("tracked-changes", "sequence-decls", "variable-decls")}
    | {
        OFFICE + "forms",
        OFFICE + "scripts",
        _TABLE + "calculation-settings",
        DRAW + "page-thumbnail",
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
        roots = _roots(path.read_bytes(), builder.name)
        body = next(roots[0].iter(OFFICE + "body"), None)
        if body is None:
            raise DocumentDamagedError(f"“{builder.name}” is damaged: it has no text part.")
        reader = _BodyReader(builder, OpenDocumentStyles(*roots), body, abort)
        reader.read(body)
        reader.add_what_stands_beside()
        return builder.build(page_count=reader.pages or None)


def _roots(data: bytes, name: str) -> list[Any]:
    """The trees of the content and, where there is one, of the styles."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:5] == b"<?xml":  # one flat file
        refuse_entities(data, name)
        return [parsed(data, name)]
    check_package(data, name, OPEN_DOCUMENT)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if b"encryption-data" in (member(package, "META-INF/manifest.xml") or b""):
            raise DocumentPasswordError(f"“{name}” is protected with a password.")
        roots = [parsed(member(package, OPEN_DOCUMENT.main) or b"", name)]
        with suppress(DocumentDamagedError):  # the text is whole without its styles
            roots.append(parsed(member(package, "styles.xml") or b"", name))
        return roots


class _BodyReader:
    def __init__(
        self, builder: DocumentBuilder, styles: OpenDocumentStyles, body: Any, abort: AbortFlag
    ) -> None:
        self._builder, self._styles, self._abort = builder, styles, abort
        self._paragraphs = ParagraphReader(styles, body)
        self._outline: list[int] = []
        self.pages = 0

    def read(self, container: Any, depth: int = 0) -> None:
        self._abort.raise_if_set()
        for element in container if depth < _MAX_DEPTH else ():
            tag = element.tag
            if not isinstance(tag, str) or tag in _SKIPPED:
                continue
            if tag in (TEXT + "h", TEXT + "p"):
                self._add_paragraph(element, depth)
            elif tag == TEXT + "list":
                self._add_list(element, depth)
            elif tag == _TABLE + "table":
                self._add_table(element, depth)
            elif tag == DRAW + "page":
                self.pages += 1
                self._builder.begin_page(f"slide {self.pages}")
                self.read(element, depth + 1)
            elif tag == _PRESENTATION + "notes":
                if notes := self._flat(element):
                    self._builder.add(f"Notes: {notes}")
            elif element.get(_PRESENTATION + "class") == "title":
                self._builder.add_heading(self._flat(element), 1)
            elif tag != TEXT + "section" or not self._paragraphs.leaves_out(element):
                self.read(element, depth + 1)

    def add_what_stands_beside(self) -> None:
        beside = dict(self._paragraphs.notes)
        beside["Comments"] = self._paragraphs.comments
        lines = dict.fromkeys(self._flat(one) for one in self._styles.page_headers)
        beside["Page headers and footers"] = [
            line for line in lines if any(character.isalpha() for character in line)
        ]
        for heading, found in beside.items():
            if found:
                self._builder.add_heading(heading, 1)
            for line in found:
                self._builder.add(line)
        if self._paragraphs.hid_something:
            self._builder.remarks.append("Hidden text was left out.")

    def _add_paragraph(self, element: Any, depth: int) -> None:
        text = self._paragraphs.line(element)
        if element.tag == TEXT + "h":
            level = positive(element, TEXT + "outline-level", limit=10)
            number = self._heading_number(level) if text else ""
            self._builder.add_heading(number + text, level)
        elif self._styles.is_title(element):
            self._builder.add_heading(text, 1)
        else:
            self._builder.add(text)
        self._read_boxes(element, depth)

    def _heading_number(self, level: int) -> str:
        self._outline = [*self._outline, *[0] * level][:level]
        self._outline[-1] += 1
        return self._styles.heading_marker(self._outline)

    def _read_boxes(self, paragraph: Any, depth: int) -> None:
        """Text boxes that are anchored in a paragraph stand behind it."""
        for box in paragraph.iter(DRAW + "text-box"):
            if paragraph in box.iterancestors() and _nearest(box, DRAW + "text-box") is None:
                self.read(box, depth + 1)

    def _add_list(self, element: Any, depth: int) -> None:
        lines: list[str] = []
        for marker, part in self._items(element, "", []):
            if part.tag == TEXT + "h":  # a numbered heading stands in a list of its own
                self._builder.add("\n".join(lines))
                lines.clear()
                self._add_paragraph(part, depth)
            elif text := self._paragraphs.line(part):
                lines.append(marker + text.replace("\n", " "))
        self._builder.add("\n".join(lines))

    def _items(self, element: Any, style: str, counts: list[int]) -> Iterator[tuple[str, Any]]:
        """Each paragraph of a list with what stands before it."""
        style = self._styles.list_style(element, style)
        level = len(counts) + 1
        count = self._styles.start(style, level) - 1
        for item in element if level < _MAX_DEPTH else ():
            is_item = item.tag == TEXT + "list-item"
            count = positive(item, TEXT + "start-value", count + 1) if is_item else count
            indent = "  " * (level - 1)
            marker = self._styles.list_marker(style, [*counts, max(count, 1)]) if is_item else ""
            for part in item:
                if part.tag == TEXT + "list":
                    yield from self._items(part, style, [*counts, max(count, 1)])
                elif part.tag in (TEXT + "p", TEXT + "h"):
                    yield indent + marker, part
                    marker = " " * len(marker)

    def _add_table(self, table: Any, depth: int) -> None:
        if table.get(_TABLE + "name") and _nearest(table, OFFICE + "spreadsheet") is not None:
            self.pages += 1
            self._builder.begin_page(f"sheet {table.get(_TABLE + 'name')}")
        rows = [
            row for row in table.iter(_TABLE + "table-row") if _nearest(row, table.tag) is table
        ]
        cells = [[cell for cell in row if str(cell.tag).endswith("table-cell")] for row in rows]
        if self.pages or max(map(len, cells), default=0) > 1:
            self._builder.add("\n".join(self._table_lines(rows, cells)))
        else:  # a table of one column is a frame around ordinary text
            for cell in (one for row in cells for one in row):
                self.read(cell, depth + 1)

    def _table_lines(self, rows: list[Any], cells: list[list[Any]]) -> Iterator[str]:
        for row, found in zip(rows, cells, strict=True):
            self._abort.raise_if_set()
            texts: list[str] = []
            for cell in found:
                number = positive(cell, _TABLE + "number-columns-repeated", limit=_MAX_REPEATED)
                texts += [self._flat(cell)] * number
            if line := " | ".join(texts).rstrip(" |"):
                number = positive(row, _TABLE + "number-rows-repeated", limit=_MAX_REPEATED)
                yield from [line] * number

    def _flat(self, container: Any) -> str:
        """All its paragraphs on one line, without those of its notes and comments."""
        return " ".join(
            self._paragraphs.line(one).replace("\n", " ")
            for one in container.iter(TEXT + "p", TEXT + "h")
            if next(one.iterancestors(TEXT + "note", OFFICE + "annotation"), None) is None
        ).strip()


def _nearest(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag), None)
