"""What the commands of the command line share: documents by name, standard input, lines of JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from engine.call import Job
from engine.documents.encodings import decode
from engine.documents.txt import plain_document
from engine.protocol import ReadDocument, new_request_id
from engine.types import Document


def named_document(name: str) -> Job[Document]:
    """Read by the worker; - is standard input."""
    if name == "-":
        text, remark = standard_input()
        return plain_document(text, "standard input", "paste", remark=remark)
    # The worker's folder is its own: it gets the whole path, the user reads the one they typed.
    request = ReadDocument(new_request_id(), str(Path(os.path.expanduser(name)).absolute()))
    return msgspec.convert((yield request).result, Document)


def standard_input() -> tuple[str, str]:
    """All of it, in whatever encoding it is, with a remark if that was guessed."""
    return decode(sys.stdin.buffer.read())


def json_line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)
