"""Markdown. The source is kept as it is: offsets are those of what the user sees in the file."""

from __future__ import annotations

import re
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from engine.contracts import AbortFlag
from engine.documents.base import DocumentFormat
from engine.documents.builder import heading_sections
from engine.documents.encodings import decode
from engine.documents.txt import plain_document
from engine.text import clean_text
from engine.types import Document, Section

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

# The CommonMark parser reads about 1 MB a second; above this size only "#" lines are looked for.
_MAX_PARSED_CHARACTERS = 2_000_000
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*\S)")


class MarkdownFormat(DocumentFormat):
    format_id = "md"
    title = "Markdown"
    suffixes = (".md", ".markdown", ".mdown", ".mkd")

    def read(self, path: Path, abort: AbortFlag) -> Document:
        text, guess_remark = decode(path.read_bytes())
        name = clean_text(path.name)[0]
        return plain_document(
            text,
            name,
            self.format_id,
            path=path,
            remark=guess_remark,
            sections=markdown_sections(clean_text(text)[0]),
        )


def markdown_sections(text: str) -> tuple[Section, ...]:
    """One section per heading of a clean text; labels without their Markdown marks."""
    source = _without_front_matter(text)
    found = _parsed(source) if len(text) <= _MAX_PARSED_CHARACTERS else _scanned(source)
    starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
    headings = [(starts[line], label, level) for line, label, level in found if label]
    return tuple(heading_sections(headings, len(text)))


def _without_front_matter(text: str) -> str:
    """Blank out YAML front matter, whose closing dashes would make its last line a heading."""
    if not text.startswith("---\n"):
        return text
    end = text.find("\n---\n", 3)
    if end < 0:
        return text
    return "\n" * text.count("\n", 0, end + 5) + text[end + 5 :]


def _parsed(source: str) -> list[tuple[int, str, int]]:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    inline = MarkdownIt("commonmark")
    parser.core.ruler.disable(["inline", "text_join"])  # only headings need their inline marks read
    tokens = parser.parse(source)
    return [
        (token.map[0], _plain_label(inline, tokens[index + 1].content), int(token.tag[1]))
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.map
    ]


def _plain_label(inline: MarkdownIt, content: str) -> str:
    children = inline.parseInline(content[:500])[0].children or []
    return " ".join("".join(child.content or " " for child in children).split())


def _scanned(source: str) -> list[tuple[int, str, int]]:
    found: list[tuple[int, str, int]] = []
    fence = ""
    for number, line in enumerate(source.split("\n")):
        mark = _FENCE.match(line)
        if mark:
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence):
                fence = ""
        elif not fence and line.lstrip().startswith("#") and (heading := _ATX_HEADING.match(line)):
            found.append((number, heading[2].rstrip("# ")[:500], len(heading[1])))
    return found
