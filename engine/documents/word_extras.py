"""What stands beside the text of a Word document: notes, comments, page headers and footers.

All of it is told at the end, each kind under its own heading: the text itself stays whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.documents.word_numbering import roman

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from engine.documents.builder import DocumentBuilder

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MAX_QUOTE_CHARACTERS = 80
_COMMENT_TAGS = ("commentRangeStart", "commentRangeEnd", "commentReference", "t", "p")
_NOBODY = ("", "unknown author")

TextOf = Callable[[Any], str]


class _NoteKind(NamedTuple):
    part: str
    tag: str
    heading: str
    label: Callable[[int], str]


# As Word numbers them where nobody chose otherwise.
_NOTE_KINDS = (
    _NoteKind("footnotes", "footnote", "Footnotes", str),
    _NoteKind("endnotes", "endnote", "Endnotes", roman),
)


def number_notes(body: Any) -> None:
    """Give each reference the number that a reader sees: notes count in order, not by their id."""
    for kind in _NOTE_KINDS:
        labels: dict[str, str] = {}
        for reference in body.iter(_W + kind.tag + "Reference"):
            note = reference.get(_W + "id", "")
            reference.set("label", labels.setdefault(note, kind.label(len(labels) + 1)))


def add_notes(builder: DocumentBuilder, word: WordDocument, body: Any, text_of: TextOf) -> None:
    for kind in _NOTE_KINDS:
        labels = {
            reference.get(_W + "id", ""): reference.get("label", "")
            for reference in body.iter(_W + kind.tag + "Reference")
        }
        notes = {one.get(_W + "id", ""): one for one in related(word, kind.part, kind.tag)}
        lines = [
            f"[{label}] {text}"
            for note, label in labels.items()
            if note in notes and (text := text_of(notes[note]))
        ]
        _add_under_heading(builder, kind.heading, lines)


def add_comments(builder: DocumentBuilder, word: WordDocument, body: Any, text_of: TextOf) -> None:
    """Who said what about which words."""
    comments = related(word, "comments", "comment")
    quotes = _commented_words(body) if comments else {}
    lines = []
    for comment in comments:
        author = comment.get(_W + "author", "").strip()
        by = "" if author.lower() in _NOBODY else f" by {author}"
        quote = quotes.get(comment.get(_W + "id", ""), "")
        about = f" on “{quote}”" if quote else ""
        if text := text_of(comment):
            lines.append(f"Comment{by}{about}: {text}")
    _add_under_heading(builder, "Comments", lines)


def add_page_headers(
    builder: DocumentBuilder, word: WordDocument, body: Any, text_of: TextOf
) -> None:
    """The words above and below the pages, each once; a page's number alone is left out."""
    lines: dict[str, None] = {}
    for tag in ("headerReference", "footerReference"):
        for reference in body.iter(_W + tag):
            for line in _part_lines(word, reference.get(_R + "id", ""), text_of):
                if any(character.isalpha() for character in line):
                    lines[line] = None
    _add_under_heading(builder, "Page headers and footers", list(lines))


def related(word: WordDocument, part: str, tag: str) -> list[Any]:
    """The elements of a part beside the body; none if it is missing or broken."""
    from engine.documents.packages import parsed
    from engine.errors import DocumentDamagedError

    try:
        root = parsed(word.part.part_related_by(_RELATION + part).blob, part)
    except (KeyError, ValueError, DocumentDamagedError):
        return []
    return [one for one in root.iter(_W + tag) if one.get(_W + "type", "normal") == "normal"]


def _add_under_heading(builder: DocumentBuilder, heading: str, lines: list[str]) -> None:
    if lines:
        builder.add_heading(heading, 1)
    for line in lines:
        builder.add(line)


def _commented_words(body: Any) -> dict[str, str]:
    """The words that each comment is about, by its id; those before it where it marks none."""
    pieces: dict[str, list[str]] = {}
    before: dict[str, str] = {}
    opened: set[str] = set()
    line: list[str] = []
    for element in body.iter(*(_W + tag for tag in _COMMENT_TAGS)):
        tag, comment = element.tag, element.get(_W + "id", "")
        if tag == _W + "commentRangeStart":
            opened.add(comment)
        elif tag == _W + "commentRangeEnd":
            opened.discard(comment)
        elif tag == _W + "commentReference":
            words = " ".join("".join(line).split())
            before[comment] = words if len(words) < _MAX_QUOTE_CHARACTERS else _ending(words)
        else:
            if tag == _W + "p":
                line.clear()
            else:
                line.append(element.text or "")
            for other in opened:
                pieces.setdefault(other, []).append(" " if tag == _W + "p" else element.text or "")
    found = {comment: " ".join("".join(one).split()) for comment, one in pieces.items()}
    return before | {comment: _shortened(words) for comment, words in found.items() if words}


def _ending(words: str) -> str:
    return "…" + words[-_MAX_QUOTE_CHARACTERS:].partition(" ")[2]


def _shortened(quote: str) -> str:
    if len(quote) <= _MAX_QUOTE_CHARACTERS:
        return quote
    return quote[: _MAX_QUOTE_CHARACTERS - 1].rstrip() + "…"


def _part_lines(word: WordDocument, relation: str, text_of: TextOf) -> Iterator[str]:
    try:
        root: Any = word.part.related_parts[relation].element
    except (KeyError, AttributeError):
        return
    for paragraph in root.iter(_W + "p"):
        yield text_of(paragraph)
