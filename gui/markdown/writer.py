"""Brings a text document up to date with a list of units, by the least change at its end.

Only cursor calls: no HTML or Markdown is ever handed to Qt. Nothing before the first unit that
differs is touched, so a selection there stays and nothing there is laid out again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtGui import QTextCursor, QTextDocument, QTextTable

from gui.markdown.formats import CARD_PAD, Formats, direction
from gui.markdown.units import BOLD, CodeUnit, RuleUnit, Run, TableUnit, TextUnit, Unit


class Written(NamedTuple):
    """A unit as it stands in the document: where it starts, in UTF-16 units."""

    unit: Unit
    extra_top: int
    start: int


class Writer:
    """The document must be empty and is only written here."""

    def __init__(self, document: QTextDocument, formats: Formats) -> None:
        self._document = document
        self._formats = formats
        self._cursor = QTextCursor(document)
        self._tail: list[Written] = []  # units that may still change
        self._settled: Written | None = None  # the last one that will not
        self._spare = False  # the last block of the document is empty and may be used
        self.code_starts: list[int] = []  # positions of the first lines of code blocks
        # Qt gives the very first block no space above, so it stays a blank one.
        self._cursor.setBlockFormat(formats.blank())

    def show(self, settled: Sequence[Unit], open_units: Sequence[Unit]) -> None:
        """After what is settled already come `settled`, for good, and `open_units`, for now."""
        wanted = [*settled, *open_units]
        same = 0
        while same < min(len(wanted), len(self._tail)) and wanted[same] == self._tail[same].unit:
            same += 1
        self._cursor.beginEditBlock()
        if same < min(len(wanted), len(self._tail)) and self._rewrite(same, wanted[same]):
            same += 1
        if same < len(self._tail):
            self._cut(same)
        for unit in wanted[same:]:
            self._write(unit)
        self._cursor.endEditBlock()
        if settled:
            self._settled = self._tail[len(settled) - 1]
            del self._tail[: len(settled)]

    def _before(self, index: int) -> Written | None:
        return self._tail[index - 1] if index else self._settled

    def _rewrite(self, index: int, unit: Unit) -> bool:
        """Change only the text of a unit, from the first difference on. False if it cannot be."""
        old = self._tail[index]
        if isinstance(unit, TableUnit) and isinstance(old.unit, TableUnit):
            return self._rewrite_table(index, old.unit, unit)
        if isinstance(unit, (TableUnit, RuleUnit)) or type(old.unit) is not type(unit):
            return False
        assert not isinstance(old.unit, (TableUnit, RuleUnit))
        if old.unit._replace(runs=()) != unit._replace(runs=()):
            return False
        if direction(old.unit.runs) != direction(unit.runs):
            return False  # its first letter came just now
        if index + 1 < len(self._tail):
            self._cut(index + 1)
        kept, rest = _difference(old.unit.runs, unit.runs)
        self._cursor.setPosition(old.start + kept)
        self._cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        if self._cursor.hasSelection():
            self._cursor.removeSelectedText()
        self._insert(rest, unit)
        self._tail[index] = Written(unit, old.extra_top, old.start)
        return True

    def _cut(self, index: int) -> None:
        """Remove unit `index` and all after it."""
        start = self._tail[index].start
        before = self._before(index)
        # The block after a table cannot be removed.
        spare = before is not None and isinstance(before.unit, TableUnit)
        self._cursor.setPosition(start if spare else start - 1)
        kept = self._cursor.blockFormat()
        self._cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        self._cursor.removeSelectedText()
        self._cursor.setBlockFormat(kept)  # an empty block takes over that of what is removed
        self._spare = spare
        if spare:
            if (held := self._cursor.currentList()) is not None:
                held.remove(self._cursor.block())
            self._cursor.setBlockFormat(self._formats.blank())
        while self.code_starts and self.code_starts[-1] >= start:
            self.code_starts.pop()
        del self._tail[index:]

    def _write(self, unit: Unit) -> None:
        before = self._before(len(self._tail))
        if before is None:
            unit_shown: Unit = unit._replace(gap=0)
            extra_top = 0
        else:
            unit_shown = unit
            closes = isinstance(before.unit, CodeUnit) and before.unit.closes
            extra_top = CARD_PAD if closes else 0
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        block_format = self._formats.block(unit_shown, extra_top)
        if self._spare:
            self._cursor.setBlockFormat(block_format)
        else:
            self._cursor.insertBlock(block_format, self._formats.char(Run("")))
            if (held := self._cursor.currentList()) is not None:
                held.remove(self._cursor.block())
                self._cursor.setBlockFormat(block_format)
        start = self._cursor.position()
        self._spare = False
        if isinstance(unit, TableUnit):
            self._write_table(unit_shown)
        elif isinstance(unit, (TextUnit, CodeUnit)):
            if isinstance(unit, TextUnit) and unit.marker:
                self._cursor.createList(self._formats.list_format(unit))
            if isinstance(unit, CodeUnit) and unit.opens:
                self.code_starts.append(start)
            self._insert(unit.runs, unit)
        self._tail.append(Written(unit, extra_top, start))

    def _insert(self, runs: Sequence[Run], unit: Unit) -> None:
        code = isinstance(unit, CodeUnit)
        heading = unit.heading if isinstance(unit, TextUnit) else 0
        for run in runs:
            look = self._formats.char(run, heading=heading, code_block=code)
            self._cursor.insertText(run.text, look)
        if code and not runs:
            self._cursor.setBlockCharFormat(self._formats.char(Run(""), code_block=True))

    def _write_table(self, unit: Unit) -> None:
        assert isinstance(unit, TableUnit)
        columns = max(len(row) for row in unit.rows)
        table = self._cursor.insertTable(len(unit.rows), columns, self._formats.table(unit))
        self._fill(table, unit, 0)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._cursor.setBlockFormat(self._formats.blank())
        self._spare = True

    def _rewrite_table(self, index: int, old: TableUnit, unit: TableUnit) -> bool:
        """Keep the rows that are the same; a table grows at its end."""
        if old._replace(rows=()) != unit._replace(rows=()):
            return False
        shorter = min(len(old.rows), len(unit.rows))
        same = next((n for n in range(shorter) if old.rows[n] != unit.rows[n]), shorter)
        if same == 0:
            return False
        if index + 1 < len(self._tail):
            self._cut(index + 1)
        written = self._tail[index]
        self._cursor.setPosition(written.start + 1)
        table = self._cursor.currentTable()
        if len(old.rows) > same:
            table.removeRows(same, len(old.rows) - same)
        if len(unit.rows) > same:
            table.appendRows(len(unit.rows) - same)
            self._fill(table, unit, same)
        self._tail[index] = written._replace(unit=unit)
        return True

    def _fill(self, table: QTextTable, unit: TableUnit, first: int) -> None:
        cell_format = self._formats.cell()
        for number in range(first, len(unit.rows)):
            for column, runs in enumerate(unit.rows[number]):
                cell = table.cellAt(number, column)
                cell.setFormat(cell_format)
                at = cell.firstCursorPosition()
                at.setBlockFormat(self._formats.cell_block(unit.aligns[column], runs))
                for run in runs:
                    bold = run._replace(style=run.style | BOLD) if number == 0 else run
                    at.insertText(run.text, self._formats.char(bold))


def _difference(old: Sequence[Run], new: Sequence[Run]) -> tuple[int, list[Run]]:
    """How many UTF-16 units from the start are the same, and the runs that must follow them."""
    kept = 0
    for number, run in enumerate(new):
        if number < len(old) and old[number] == run:
            kept += utf16_length(run.text)
            continue
        rest = list(new[number:])
        if number < len(old) and old[number]._replace(text="") == run._replace(text=""):
            same = _common_prefix(old[number].text, run.text)
            kept += utf16_length(run.text[:same])
            rest[0] = run._replace(text=run.text[same:])
        return kept, [r for r in rest if r.text]
    return kept, []


def _common_prefix(a: str, b: str) -> int:
    if b.startswith(a):
        return len(a)
    shorter = min(len(a), len(b))
    return next((i for i in range(shorter) if a[i] != b[i]), shorter)


def utf16_length(text: str) -> int:
    """Length as Qt counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
