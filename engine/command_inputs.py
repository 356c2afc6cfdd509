"""What the commands of the command line share: documents by name, standard input, lines of JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from engine.call import Caller, Job
from engine.documents.encodings import decode
from engine.documents.folders import ARCHIVE_SUFFIXES
from engine.documents.txt import plain_document
from engine.protocol import FindDocuments, FoundDocuments, ReadDocument, new_request_id
from engine.types import Document


def named_document(name: str) -> Job[Document]:
    """Read by the worker; - is standard input."""
    if name == "-":
        text, remark = standard_input()
        return plain_document(text, "standard input", "paste", remark=remark)
    # The worker's folder is its own: it gets the whole path, the user reads the one they typed.
    request = ReadDocument(new_request_id(), str(Path(os.path.expanduser(name)).absolute()))
    return msgspec.convert((yield request).result, Document)


def is_collection(name: str) -> bool:
    """A folder, or an archive of documents."""
    path = Path(os.path.expanduser(name))
    return name != "-" and (path.is_dir() or path.suffix.lower() in ARCHIVE_SUFFIXES)


def documents_in(names: Sequence[str], caller: Caller) -> tuple[list[str], int]:
    """The names with the documents in folders and archives in their place, and how many of these
    could not be looked into, which is told on standard error."""
    found: list[str] = []
    failed = 0
    for name in names:
        if not is_collection(name):
            found.append(name)
            continue
        path = str(Path(os.path.expanduser(name)).absolute())
        ended = caller.call(FindDocuments(new_request_id(), (path,)), lambda event: None)
        inside = msgspec.convert(ended.result, FoundDocuments)
        found += inside.paths
        for refused in inside.refused:
            failed += 1
            print(f"carrel: {refused.error.one_line()}", file=sys.stderr)
    return found, failed


def standard_input() -> tuple[str, str]:
    """All of it, in whatever encoding it is, with a remark if that was guessed."""
    return decode(sys.stdin.buffer.read())


def json_line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)
