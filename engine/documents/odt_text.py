"""The text inside an OpenDocument paragraph: characters, notes, comments; what is hidden left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.documents.odt_styles import TEXT, OpenDocumentStyles
from engine.documents.word_numbering import roman

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_CHARACTERS = {TEXT + "s": " ", TEXT + "tab": "\t", TEXT + "line-break": "\v"}
_SKIPPED = frozenset(
    {TEXT + tag for tag in ("tracked-changes", "ruby-text")}
    | {DRAW + "frame", OFFICE + "annotation-end"}
)
_MAX_DEPTH = 200
_MAX_QUOTE_CHARACTERS = 80


class ParagraphReader:
    """Ask for paragraphs in order: it numbers the notes and keeps them, and the comments."""

    def __init__(self, styles: OpenDocumentStyles, body: Any) -> None:
        self._styles = styles
        self._quotes = _commented_words(body)
        self.notes: dict[str, list[str]] = {"Footnotes": [], "Endnotes": []}
        self.comments: list[str] = []
        self.hid_something = False

    def line(self, element: Any) -> str:
        """ "\\n" only where a line break stands."""
        if self.leaves_out(element):
            return ""
        lines = "".join(self._pieces(element, 0)).split("\v")
        return "\n".join(_spaced(line) for line in lines).strip()

    def leaves_out(self, element: Any) -> bool:
        """Whether it is hidden; a paragraph also by a field inside it."""
        hidden = self._styles.is_hidden(element) or any(
            field.get(TEXT + "is-hidden") == "true"
            for field in element.iter(TEXT + "hidden-paragraph")
        )
        self.hid_something |= hidden
        return hidden

    def _pieces(self, element: Any, depth: int) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            tag = child.tag
            if tag in _CHARACTERS:
                yield _CHARACTERS[tag]
            elif tag == TEXT + "note":
                yield self._note(child)
            elif tag == OFFICE + "annotation":
                self._comment(child)
            elif not isinstance(tag, str) or tag in _SKIPPED or depth > _MAX_DEPTH:
                pass
            elif self._styles.is_hidden(child):
                self.hid_something = True
            else:
                yield from self._pieces(child, depth + 1)
            yield child.tail or ""

    def _note(self, note: Any) -> str:
        is_endnote = note.get(TEXT + "note-class") == "endnote"
        found = self.notes["Endnotes" if is_endnote else "Footnotes"]
        number = len(found) + 1
        label = f"[{roman(number) if is_endnote else number}]"
        found.append(label)  # keeps its place should a note hold notes
        body = next(note.iter(TEXT + "note-body"), ())
        found[number - 1] = f"{label} {self._flat(body)}".rstrip()
        return label

    def _comment(self, comment: Any) -> None:
        author = " ".join((comment.findtext(_CREATOR) or "").split())
        quote = self._quotes.get(comment.get(OFFICE + "name", ""), "")
        by, about = f" by {author}" if author else "", f" on “{quote}”" if quote else ""
        if said := self._flat(comment):
            self.comments.append(f"Comment{by}{about}: {said}")

    def _flat(self, container: Any) -> str:
        found = (one for part in container for one in part.iter(TEXT + "p", TEXT + "h"))
        return " ".join(" ".join(self.line(one) for one in found).split())


def _spaced(line: str) -> str:
    """White space as it shows: one space for each stretch, tabs kept."""
    return "\t".join(" ".join(part.split()) for part in line.split("\t")).strip()


def _commented_words(body: Any) -> dict[str, str]:
    """The words between the marks of each comment, by its name."""
    from lxml import etree

    found: dict[str, list[str]] = {
        end.get(OFFICE + "name", ""): [] for end in body.iter(OFFICE + "annotation-end")
    }
    opened: set[str] = set()
    if not found:
        return {}
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        name = element.get(OFFICE + "name", "")
        if event == "start" and element.tag == OFFICE + "annotation":
            opened |= {name} & found.keys()
            walk.skip_subtree()
            continue
        if event == "start" and element.tag == OFFICE + "annotation-end":
            opened.discard(name)
        words = element.text if event == "start" else element.tail
        for one in opened:
            found[one].append(words or "")
    quotes = {name: " ".join("".join(pieces).split()) for name, pieces in found.items()}
    return {
        name: words if len(words) <= _MAX_QUOTE_CHARACTERS else words[:_MAX_QUOTE_CHARACTERS] + "…"
        for name, words in quotes.items()
    }
