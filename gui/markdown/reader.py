"""markdown-it's tokens as units. Raw HTML is off, images become their description and address."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gui.markdown.code import whole_block
from gui.markdown.units import (
    BOLD,
    CODE,
    DEEPEST,
    GAP,
    HEADING_GAP,
    ITALIC,
    ITEM_GAP,
    LOOSE_ITEM_GAP,
    STRIKE,
    RuleUnit,
    Run,
    TableUnit,
    TextUnit,
    Unit,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MOST_BRACKETS, TOO_DEEP = 250, 60
LINE_SEPARATOR = "\u2028"  # a line break within a block
_STYLES = {"strong": BOLD, "em": ITALIC, "s": STRIKE}


@lru_cache(maxsize=2)
def parser(*, links: bool = True) -> MarkdownIt:
    from markdown_it import MarkdownIt

    made = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
    return made if links else made.disable(["link", "image"])


def parse(text: str, env: dict[str, Any]) -> list[Token]:
    """Tokens of `text`. Where brackets are heaped up they are read as brackets: looking for the
    end of each as a link would take time with the square of their number."""
    return parser(links=text.count("[") <= MOST_BRACKETS).parse(text, env)


def is_too_deep(tokens: Sequence[Token]) -> bool:
    """Nested so deeply that markdown-it leaves text out."""
    return any(token.level >= TOO_DEEP for token in tokens)


class Reader:
    """Turns the tokens of some whole top-level blocks into units.

    `number` (-1 for bullets) and `loose` continue a list whose first items were read before.
    """

    def __init__(self, *, number: int | None = None, loose: bool = False) -> None:
        self.units: list[Unit] = []
        self._continued = number is not None
        self._number = number
        self._loose = loose
        self._lists: list[list[Any]] = []  # [next number or None for bullets, loose]
        self._quote = 0
        self._marker = ""
        self._fresh_list = False

    def read(self, tokens: Sequence[Token]) -> list[Unit]:
        position = 0
        while position < len(tokens):
            position = self._block(tokens, position)
        return self.units

    def list_state(self) -> tuple[int | None, bool]:
        """The next number (None for bullets) and looseness of the list that is still open."""
        number, loose = self._lists[0]
        return number, loose

    def _block(self, tokens: Sequence[Token], i: int) -> int:
        token = tokens[i]
        match token.type:
            case "paragraph_open":
                self._text(inline_runs(tokens[i + 1]))
                return i + 3
            case "heading_open":
                runs = inline_runs(tokens[i + 1])
                self._text(runs, heading=int(token.tag[1]))
                return i + 3
            case "bullet_list_open" | "ordered_list_open":
                self._open_list(tokens, i)
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                number = self._lists[-1][0]
                self._marker = "•" if number is None else f"{number}"
                if number is not None:
                    self._lists[-1][0] += 1
            case "list_item_close":
                if self._marker:
                    self._text(())  # an empty item
            case "blockquote_open":
                self._quote += 1
            case "blockquote_close":
                self._quote -= 1
            case "fence" | "code_block":
                self._flush_marker()
                language = token.info.split()[0] if token.info.split() else ""
                self.units += whole_block(
                    token.content, language, self._gap(), self._indent(), self._quotes()
                )
            case "hr":
                self._flush_marker()
                self.units.append(RuleUnit(HEADING_GAP, self._indent(), self._quotes()))
            case "table_open":
                self._flush_marker()
                return self._table(tokens, i)
        return i + 1

    def _open_list(self, tokens: Sequence[Token], i: int) -> None:
        token = tokens[i]
        number: int | None = None
        loose = _is_loose(tokens, i)
        if token.type == "ordered_list_open":
            number = int(token.attrGet("start") or 1)
        self._fresh_list = True
        if self._continued and not self.units and not self._lists:
            number = self._number if number is not None else None
            loose, self._fresh_list = self._loose, False
        self._lists.append([number, loose])

    def _text(self, runs: tuple[Run, ...], heading: int = 0) -> None:
        gap = HEADING_GAP if heading else self._gap()
        marker, self._marker = self._marker, ""
        self.units.append(TextUnit(runs, gap, heading, marker, self._indent(), self._quotes()))
        self._fresh_list = False

    def _flush_marker(self) -> None:
        if self._marker:
            self._text(())

    def _gap(self) -> int:
        if not self._lists:
            return GAP
        loose = any(loose for _, loose in self._lists)
        if self._fresh_list and len(self._lists) == 1:
            return GAP if loose else GAP - 2
        return LOOSE_ITEM_GAP if loose else ITEM_GAP

    def _indent(self) -> int:
        return min(len(self._lists), DEEPEST)

    def _quotes(self) -> int:
        return min(self._quote, DEEPEST)

    def _table(self, tokens: Sequence[Token], i: int) -> int:
        rows: list[list[tuple[Run, ...]]] = []
        aligns: list[str] = []
        while tokens[i].type != "table_close":
            token = tokens[i]
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(inline_runs(tokens[i + 1]))
                if token.type == "th_open":
                    style = str(token.attrGet("style") or "")
                    aligns.append(style.removeprefix("text-align:"))
            i += 1
        frozen = tuple(tuple(row) for row in rows)
        self.units.append(TableUnit(frozen, tuple(aligns), GAP, self._indent(), self._quotes()))
        return i + 1


def plain_lines(lines: Sequence[str]) -> list[Unit]:
    """Source as it is, for what cannot be read as Markdown."""
    return [TextUnit((Run(line),) if line else (), 0 if n else GAP) for n, line in enumerate(lines)]


def inline_runs(token: Token) -> tuple[Run, ...]:
    """The runs of an `inline` token."""
    runs: list[Run] = []
    style, links = 0, [""]
    children = token.children or []
    for i, child in enumerate(children):
        kind = child.type
        if kind == "text":
            _add(runs, child.content, style, links[-1])
        elif kind == "code_inline":
            _add(runs, child.content, style | CODE, links[-1])
        elif kind == "softbreak":
            _add(runs, _soft_break(children, i), style, links[-1])
        elif kind == "hardbreak":
            _add(runs, LINE_SEPARATOR, style, links[-1])
        elif kind == "link_open":
            links.append(str(child.attrGet("href") or ""))
        elif kind == "link_close":
            links.pop()
        elif kind == "image":
            _add(runs, _image_text(child), style, links[-1])
        elif kind.endswith("_open"):
            style |= _STYLES.get(kind.removesuffix("_open"), 0)
        elif kind.endswith("_close"):
            style &= ~_STYLES.get(kind.removesuffix("_close"), 0)
    return tuple(runs)


def _add(runs: list[Run], text: str, style: int, link: str) -> None:
    if not text:
        return
    if runs and runs[-1].style == style and runs[-1].link == link:
        runs[-1] = Run(runs[-1].text + text, style, link)
    else:
        runs.append(Run(text, style, link))


def _image_text(token: Token) -> str:
    address = str(token.attrGet("src") or "")
    return f"{token.content} ({address})" if token.content else address


def _soft_break(children: Sequence[Token], i: int) -> str:
    """A line end in the source: a space, but nothing between Chinese or Japanese characters."""
    before = children[i - 1].content[-1:] if i else ""
    after = children[i + 1].content[:1] if i + 1 < len(children) else ""
    wide = all(c and unicodedata.east_asian_width(c) in "WF" for c in (before, after))
    return "" if wide else " "


def _is_loose(tokens: Sequence[Token], i: int) -> bool:
    """Does the list that opens at `i` have space between its items?"""
    level = tokens[i].level + 2
    for token in tokens[i + 1 :]:
        if token.level < level - 1:
            return False
        if token.type == "paragraph_open" and token.level == level:
            return not token.hidden
    return False
