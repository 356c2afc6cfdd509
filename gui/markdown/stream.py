"""Which part of a growing Markdown text is settled, and which must be read again.

Only the tail, from the last block that may still change, is parsed with every addition; long lists
settle item by item, code blocks piece by piece, endless paragraphs at a space. So the cost of a
delta depends on the tail and not on what came before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gui.markdown.code import code_units, colored, pieces, plain
from gui.markdown.reader import Reader, is_too_deep, parse, plain_lines
from gui.markdown.units import GAP, CodeUnit, TextUnit, Unit

if TYPE_CHECKING:
    from markdown_it.token import Token

LONG_LIST, LONG_PARAGRAPH, KEPT_OPEN = 600, 6000, 1500  # characters
_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})([^\n]*)\n")
_LAST_PARAGRAPH = 4000

Units = list[Unit]


class OpenFence:
    """A code block at the top level whose end has not come yet."""

    def __init__(self, indent: int, fence: str, info: str) -> None:
        self._indent = indent
        self._end = re.compile(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
        self._almost_end = re.compile(rf" {{0,3}}{re.escape(fence[0])}+$")
        self._language = info.split()[0] if info.split() else ""
        self._lines: list[str] = []  # of the piece that still grows
        self._colored: list[Any] = []
        self._opens = True

    def take(self, text: str, *, final: bool) -> tuple[Units, Units, str, bool]:
        """Settled units, open units, the text that is left, and whether the block has ended."""
        *lines, partial = text.split("\n")
        ended = False
        before = len(self._lines)
        while lines and not ended:
            ended = bool(self._end.match(lines[0]))
            line = lines.pop(0)
            if not ended:
                self._lines.append(self._dedented(line))
        if final and not ended and partial:
            ended_here = bool(self._end.match(partial))
            if not ended_here:
                self._lines.append(self._dedented(partial))
            partial = ""
        settled = self._settle()
        if settled or len(self._lines) != before or len(self._colored) != len(self._lines):
            self._colored = colored(self._lines, self._language) if self._lines else []
        if ended or final:
            rest = "\n".join([*lines, partial]) if ended else ""
            return [*settled, *self._units(self._colored or [()])], [], rest, True
        tail = [] if self._almost_end.match(partial) else [plain(self._dedented(partial))]
        shown = [*self._colored, *(tail if partial or not self._lines else [])]
        return settled, list(self._units(shown or [()], keep=False)), partial, False

    def _settle(self) -> Units:
        ranges = list(pieces(self._lines))
        units: Units = []
        for start, end in ranges[:-1]:
            units += self._units(colored(self._lines[start:end], self._language), closes=False)
        if len(ranges) > 1:
            self._lines = self._lines[ranges[-1][0] :]
        return units

    def _units(self, lines: list[Any], *, closes: bool = True, keep: bool = True) -> list[CodeUnit]:
        opens = self._opens
        if keep:
            self._opens = False
        return code_units(lines, self._language, GAP, opens=opens, closes=closes, indent=0, quote=0)

    def _dedented(self, line: str) -> str:
        head = line[: self._indent]
        return head.lstrip(" ") + line[self._indent :]


class MarkdownStream:
    """`feed` returns units that are settled for good, and the open ones that replace the last."""

    def __init__(self, references: dict[str, Any] | None = None) -> None:
        self._env: dict[str, Any] = {"references": dict(references or {})}
        self._tail = ""
        self._fence: OpenFence | None = None
        self._number: int | None = None  # continues a list; -1 for bullets
        self._loose = False
        self._in_paragraph = False

    @property
    def references(self) -> dict[str, Any]:
        """Link definitions seen so far; those after their use need a second reading."""
        found: dict[str, Any] = self._env["references"]
        return found

    def feed(self, text: str, *, final: bool = False) -> tuple[Units, Units]:
        self._tail += text
        settled: Units = []
        while True:
            if self._fence is not None:
                done, still_open, self._tail, ended = self._fence.take(self._tail, final=final)
                settled += done
                if not ended:
                    return settled, still_open
                self._fence = None
                continue
            shown = self._tail if final else without_loose_ends(self._tail)
            tokens = parse(shown, self._env)
            starts = [i for i, t in enumerate(tokens) if t.level == 0 and t.nesting >= 0 and t.map]
            if not starts:
                return settled, []
            if len(starts) > 1:
                settled += self._read(tokens[: starts[-1]])
                self._cut(_line(tokens[starts[-1]]))
                continue
            if self._enter_fence(tokens[0]):
                continue
            if final:
                settled += self._read(tokens)
                self._tail = ""
                return settled, []
            if self._settle_items(settled, tokens) or self._settle_paragraph(settled, tokens):
                continue
            return settled, self._peek(tokens)

    def _read(self, tokens: Sequence[Token]) -> Units:
        """Read what will not change; nothing is continued afterwards."""
        units = self._peek(tokens)
        self._number, self._loose, self._in_paragraph = None, False, False
        return units

    def _peek(self, tokens: Sequence[Token]) -> Units:
        if is_too_deep(tokens):
            first, last = _lines_of(tokens)
            return plain_lines(self._tail.split("\n")[first:last])
        units = self._reader().read(tokens)
        if self._in_paragraph and units and isinstance(units[0], TextUnit):
            units[0] = units[0]._replace(gap=0)
        return units

    def _reader(self) -> Reader:
        return Reader(number=self._number, loose=self._loose)

    def _cut(self, line: int) -> None:
        """Drop everything before `line` of the tail."""
        offset = 0
        for _ in range(line):
            offset = self._tail.index("\n", offset) + 1
        self._tail = self._tail[offset:]

    def _enter_fence(self, token: Token) -> bool:
        if token.type != "fence" or not (opening := _FENCE.match(self._tail)):
            return False
        self._fence = OpenFence(len(opening[1]), opening[2], opening[3].strip())
        self._tail = self._tail[opening.end() :]
        return True

    def _settle_items(self, settled: Units, tokens: Sequence[Token]) -> bool:
        """Settle all items of a long list but the last."""
        if len(self._tail) <= LONG_LIST or not tokens[0].type.endswith("list_open"):
            return False
        items = [i for i, t in enumerate(tokens) if t.type == "list_item_open" and t.level == 1]
        if len(items) < 2 or is_too_deep(tokens):
            return False
        reader = self._reader()
        settled += reader.read(tokens[: items[-1]])
        number, self._loose = reader.list_state()
        self._number = -1 if number is None else number
        self._cut(_line(tokens[items[-1]]))
        return True

    def _settle_paragraph(self, settled: Units, tokens: Sequence[Token]) -> bool:
        """Settle all but the end of an endless paragraph, at a space or a sentence's end."""
        if len(self._tail) <= LONG_PARAGRAPH or tokens[0].type != "paragraph_open":
            return False
        limit = len(self._tail) - KEPT_OPEN
        at = max(self._tail.rfind(mark, 0, limit) for mark in (" ", "。", "，", "\n"))
        if at < KEPT_OPEN:
            at = limit
        settled += self._peek(parse(self._tail[: at + 1], self._env))
        self._tail = self._tail[at + 1 :].lstrip(" \n")
        self._number, self._in_paragraph = None, True
        return True


def without_loose_ends(text: str) -> str:
    """An unfinished text as it will most likely read: `**bo` as bold, a lone `` ` `` not at all."""
    shown = text.rstrip("*_`~")
    paragraph = shown[max(shown.rfind("\n\n") + 2, 0) :]
    if len(paragraph) > _LAST_PARAGRAPH or "```" in paragraph or "~~~" in paragraph:
        return text
    if paragraph.count("`") % 2:
        return shown + "`"
    if paragraph.count("**") % 2 and not paragraph.endswith((" ", "\n")):
        return shown + "**"
    return shown


def _lines_of(tokens: Sequence[Token]) -> tuple[int, int]:
    maps = [token.map for token in tokens if token.map]
    return min(m[0] for m in maps), max(m[1] for m in maps)


def _line(token: Token) -> int:
    assert token.map is not None
    return token.map[0]
