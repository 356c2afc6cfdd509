"""What openpyxl does not tell of a sheet that it reads row by row: comments, and missing results."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from engine.documents.packages import member, parsed
from engine.errors import DocumentDamagedError

# A formula that is followed by the end of its cell, or by an empty value.
_NO_RESULT = re.compile(
    rb"<f\b[^>]{0,500}(?:/>|>[^<]{0,9000}</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_COPIED = "[Threaded comment]"  # what Excel leaves for its older versions


def formulas_without_result(package: zipfile.ZipFile, sheet: str) -> int:
    """A program other than Excel may write formulas and never compute them."""
    content = member(package, sheet) or b""
    return len(_NO_RESULT.findall(content)) if b"<f" in content else 0


def comment_lines(package: zipfile.ZipFile, sheet: str) -> Iterator[str]:
    """ "Comment by Anna on B2: …", old notes and new threads."""
    authors = {one.get("id", ""): one.get("displayName", "") for one in _persons(package)}
    for part in _related(package, sheet, ("/comments", "/threadedComment")):
        root = _root(package, part)
        names = [] if root is None else [one.text or "" for one in root.iter("{*}author")]
        for comment in () if root is None else root.iter("{*}comment", "{*}threadedComment"):
            text = " ".join(" ".join(_words(comment)).split())
            place = comment.get("authorId", "")
            author = authors.get(comment.get("personId", ""), "")
            if place.isascii() and place.isdigit() and int(place[:6]) < len(names):
                author = names[int(place[:6])]
            by = f" by {author.strip()}" if author.strip() and not author.startswith("tc=") else ""
            if text and not text.startswith(_COPIED):
                yield f"Comment{by} on {comment.get('ref', '?')}: {text}"


def _words(comment: Any) -> Iterator[str]:
    for text in comment.iter("{*}text", "{*}t"):
        yield text.text or ""


def _persons(package: zipfile.ZipFile) -> Iterator[Any]:
    for name in package.namelist():
        if name.startswith("xl/persons/") and (root := _root(package, name)) is not None:
            yield from root.iter("{*}person")


def _related(package: zipfile.ZipFile, sheet: str, kinds: tuple[str, ...]) -> Iterator[str]:
    """The paths of the parts that a sheet names as these."""
    folder, name = posixpath.split(sheet.lstrip("/"))
    root = _root(package, f"{folder}/_rels/{name}.rels")
    for relation in () if root is None else root.iter("{*}Relationship"):
        if relation.get("Type", "").endswith(kinds):
            yield posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", "")))


def _root(package: zipfile.ZipFile, part: str) -> Any:
    try:
        return parsed(member(package, part) or b"", part)
    except DocumentDamagedError:
        return None
